# docker build -t amts . && docker run --rm -v "$PWD:/books" -w /books/config amts sync

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY bot bot
RUN python -m venv /opt/amts && /opt/amts/bin/pip install --no-cache-dir ".[all]"

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends git openssh-client \
    && rm -rf /var/lib/apt/lists/* \
    # Mounted repositories belong to the host's user, whom git would not trust.
    && git config --system --add safe.directory '*' \
    && useradd --uid 1000 --create-home amts
COPY --from=build /opt/amts /opt/amts
ENV PATH="/opt/amts/bin:$PATH" PYTHONUNBUFFERED=1
USER amts
WORKDIR /books
ENTRYPOINT ["amts"]
CMD ["--help"]

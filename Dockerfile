# A single run:  docker build -t amts . && docker run --rm -v "$PWD:/books" -w /books/config amts sync
# The service:   docker compose up -d (compose.yaml)

# The newest digest: docker buildx imagetools inspect python:3.13-slim
ARG PYTHON=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${PYTHON} AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY bot bot
COPY locks locks
RUN ["locks/install", "image", "/opt/amts"]
# What is in it: docker run --rm --entrypoint cat amts /opt/amts/sbom.cdx.json
RUN ["locks/sbom", "/opt/amts"]

FROM ${PYTHON}
COPY docker/system.sh /
RUN ["/system.sh", "/cache"]
COPY --from=build /opt/amts /opt/amts
COPY docker/entrypoint.sh docker/healthcheck.py /
ENV PATH="/opt/amts/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/cache
USER amts
WORKDIR /books
VOLUME /cache
EXPOSE 8080
# Of a container that serves; one that ends after a single run is gone before it is asked.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "/healthcheck.py"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/entrypoint.sh"]
CMD ["--help"]

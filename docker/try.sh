#!/bin/sh
# Builds the image, starts the service in it as compose.yaml does, and waits until it says that it is healthy.
# usage: docker/try.sh SBOM    (the image's list of what it holds is written there)
set -eu
sbom=$1
cd "$(dirname "$0")/.."
for folder in books secrets; do
    [ ! -e "$folder" ] || { echo "$folder: is in the way; move it away, this check makes its own" >&2; exit 2; }
done
export COMPOSE_PROJECT_NAME=amts-try

in_books() { docker run --rm --volume "$PWD/books:/books" --entrypoint "$1" amts "$2" "$3" "$4"; }
clean() {
    docker compose down --volumes >/dev/null 2>&1 || true
    in_books find /books -mindepth 1 -delete || true # they are those of the image's user
    rm -rf books secrets
}

docker compose build
docker run --rm --entrypoint cat amts /opt/amts/sbom.cdx.json > "$sbom"
grep -q '"name": "amts"' "$sbom"

# A book of its own, in whose repositories the service may write.
mkdir books secrets
trap clean EXIT
chmod 0777 books
in_books amts demo --dir /books/sample >/dev/null
in_books sh -c 'mv /books/sample/* /books/' ''
printf 'not asked for' > secrets/github_token
printf '%s' 'a secret of the trial that is long enough' > secrets/webhook_secret
chmod 0644 secrets/*

docker compose up --detach --wait --wait-timeout 120
docker compose exec --no-TTY amts python /healthcheck.py

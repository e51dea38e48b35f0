#!/bin/sh
# Runs `amts`. A secret may also be in a file, as Docker and Kubernetes mount them: GITHUB_TOKEN_FILE names that of
# GITHUB_TOKEN. (AMTS_GITHUB_APP_KEY_FILE and AWS_SHARED_CREDENTIALS_FILE are read by amts and by boto3.)
set -eu

read_secret() {
    eval "file=\${$1_FILE:-}"
    [ -n "$file" ] || return 0
    if [ ! -r "$file" ]; then
        echo "entrypoint: $1_FILE: $file can't be read; mount the secret, or leave out the variable" >&2
        exit 3
    fi
    eval "$1=\$(cat \"\$file\")"
    export "$1"
    unset "$1_FILE"
}

for name in GITHUB_TOKEN AMTS_WEBHOOK_SECRET AMTS_WEBHOOK_SECRET_PREVIOUS; do
    read_secret "$name"
done

exec amts "$@"

#!/bin/sh
# What the image needs besides Python: git, and a user who owns nothing but the cache.
# usage: system.sh CACHE
set -eu
cache=$1

apt-get update
apt-get install --yes --no-install-recommends git openssh-client
rm -rf /var/lib/apt/lists/*
# Mounted repositories belong to the host's user, whom git would not trust.
git config --system --add safe.directory '*'
useradd --uid 1000 --create-home amts
install --directory --owner=amts --group=amts --mode=0700 "$cache"

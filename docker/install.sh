#!/bin/sh
# Installs AMTS with all that its users may need into a virtual environment of its own.
# usage: install.sh SOURCE PREFIX
set -eu
source=$1
prefix=$2

# Without pip in it: a running container must not be able to install more.
python3 -m venv --without-pip "$prefix"
python3 -m pip --python "$prefix/bin/python" install --no-cache-dir --disable-pip-version-check "$source[all]"
"$prefix/bin/amts" --version

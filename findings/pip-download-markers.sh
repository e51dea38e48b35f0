#!/usr/bin/env bash
# Guess: `pip download --python-version X` reads a requirements file as Python X would: with a lock file for many Pythons,
#        whose lines bear markers such as `; python_version >= "X"`, it fetches the lines of X.
# Seen:  the option chooses the wheels alone. The markers are those of the Python that runs pip, so the lines of X are left
#        out, those of the running Python are fetched instead, and the exit code is 0. `pip install --target` does the same.
# Package: pip 26.3. Date: 2026-11-30.
# AMTS's lock files hold for many Pythons: what is locked must be fetched by the Python that will use it (locks/install).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q pip==26.3
pip() { "$folder/venv/bin/python" -m pip "$@"; }
pip --version | cut -d' ' -f1,2

running=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
other=$(python3 -c 'import sys; print("%d.%d" % (sys.version_info[0], sys.version_info[1] + 1))')
cat > "$folder/lock.txt" <<LOCK
six==1.17.0 ; python_version >= "$other"
idna==3.10 ; python_version < "$other"
LOCK
pip download -q --python-version "$other" --only-binary :all: --no-deps --dest "$folder/wheels" -r "$folder/lock.txt"
fetched=$(ls "$folder/wheels")
echo "asked for Python $other by Python $running: $fetched"
[[ $fetched == idna-3.10-* ]] || { echo "pip behaves differently now" >&2; exit 1; }

#!/usr/bin/env bash
# Guess: DeepL's client reads the time of a glossary (`creation_time`) as RFC 3339 writes it, with or without fractions of a
#        second.
# Seen:  a time without fractions ("2026-11-02T09:14:07Z") raises a ValueError of `strptime`, no DeepLException; with one to
#        seven digits it is read. So a list of glossaries can't be read if one of them was made at a full second.
# Package: deepl 1.32.0. Date: 2026-11-30.
# AMTS therefore turns every error of the client's reading into its own sentence (bot/engines/deepl/client.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q deepl==1.32.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from deepl.api_data import MultilingualGlossaryInfo

print("deepl", version("deepl"))
seen = {}
for fraction in ("", ".3", ".329", ".3291234"):
    glossary = {"glossary_id": "1", "name": "Terms", "dictionaries": [], "creation_time": f"2026-11-02T09:14:07{fraction}Z"}
    try:
        seen[fraction] = MultilingualGlossaryInfo.from_json(glossary).creation_time.year
    except ValueError as error:
        seen[fraction] = type(error).__name__
    print(f"with the fraction {fraction!r}: {seen[fraction]}")
assert seen == {"": "ValueError", ".3": 2026, ".329": 2026, ".3291234": 2026}, "deepl behaves differently now"
PYTHON

#!/usr/bin/env bash
# Guess: a rule-based splitter with lists of abbreviations for each language joins sentences only behind abbreviations; a
#        plain full stop between two ordinary sentences is a boundary in every language that it knows.
# Seen:  the lists hold everyday words. Spanish sentences that end in "no" or "bien" and Italian ones that end in "mai"
#        run on, while English, French, German and Portuguese ones of the same form are cut. In Polish it is the other
#        way round: "dr" and "por" are not in the list, so a title or a reference is cut from its name.
# Package: sentencex 1.0.32. Date: 2026-11-30.
# AMTS therefore finds the marks itself and asks the library for its lists alone, less the words in config/sentences.yaml.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q sentencex==1.0.32
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import sentencex

print("sentencex", version("sentencex"))
RUN_ON = {
    "es": ["La puerta dijo que no. Luego se abrió.", "El pan salió bien. Ahora se enfría."],
    "it": ["Il treno non arriva mai. La stazione resta vuota."],
}
CUT = {
    "en": ["The door said no. Then it opened."],
    "fr": ["La porte a dit non. Puis elle s'ouvrit."],
    "de": ["Die Tür sagte nein. Dann ging sie auf."],
    "pt": ["A porta disse que não. Depois abriu."],
    "pl": ["To dr. Nowak z apteki.", "Por. Rozdział drugi o chlebie."],
}
for expected, texts in ((1, RUN_ON), (2, CUT)):
    for language, sentences in texts.items():
        for text in sentences:
            found = list(sentencex.segment(language, text))
            print(f"{language}: {found}")
            assert len(found) == expected, "sentencex behaves differently now"
PYTHON

"""A Spanish book is synced with a real machine, Debian's Apertium: a new page, then changed sentences."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.support.apertium import apertium_command
from tests.support.cli_run import CUPS, ENGLISH, Book, command
from tests.support.gitrepo import git

PAGE = """\
# Brewing

:label:`sec_brewing`

The water must be very hot: at least $90$ degrees, see :numref:`sec_tea` and [the red book](https://tea.example/book).
Use `boil(water)` before you *open the small box*.

* Two spoons for every person
* **Never** use old leaves, about ~5 days are enough[^1].

| Tea | Time |
| --- | --- |
| green | two minutes |

```python
boil(water)  # slowly
```

[^1]: The seller knows the day.
"""
SPANISH = {
    "tea.md": "# Té\n\nEl té es una bebida caliente de China.\n\nVierte el agua despacio sobre las hojas.\n",
    "tea_origin.md": ENGLISH,
    "cups.md": "# Tazas\n\nUna taza contiene el té caliente.\n",
    "cups_origin.md": CUPS,
}
MARKS = (
    "\n:label:`sec_brewing`\n", "$90$", ":numref:`sec_tea`", "](https://tea.example/book)", "`boil(water)`", " *abr",
    "* **", "~5", "[^1].\n", "\n| --- | --- |\n", "\n```python\nboil(water)  # slowly\n```\n", "\n[^1]: ",
)  # fmt: skip


def synced(book: Book) -> None:
    # A language of the system that knows ASCII alone must not matter.
    environment = {**os.environ, "LC_ALL": "C"}
    ran = subprocess.run(command("sync", "--config", book.config), env=environment, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_page_is_drafted_and_changed_sentences_are_brought_up_to_date(tmp_path: Path) -> None:
    settings = {"kind": "command", "command": list(apertium_command("eng-spa")), "protocol": "apertium"}
    book = Book(tmp_path, {"es": SPANISH})
    book.configure({}, languages={"es": {"repo": "es", "engine": "mt"}}, engines={"mt": settings})
    book.english({"brewing.md": PAGE})

    synced(book)
    draft = book.text("brewing.md", "es")
    assert [mark for mark in MARKS if mark not in draft] == []
    for words in ("agua", "muy caliente", "[el libro rojo](", "la caja pequeña*", "Dos cucharas para cada persona"):
        assert words in draft
    assert "new translation by the engine `command (apertium)`" in book.body(1, "es")

    git(tmp_path / "es", "update-ref", "refs/heads/main", "refs/heads/amts/es")  # people merge it
    book.english(
        {
            "brewing.md": PAGE.replace("$90$", "$80$").replace("`boil(water)`", "`heat(water)`"),
            "tea.md": ENGLISH.replace("a hot drink", "a cheap drink"),
        }
    )
    synced(book)
    assert book.text("brewing.md", "es") == draft.replace("$90$", "$80$").replace("`boil(water)`", "`heat(water)`")
    # Apertium's word for the new adjective, in the gender of the noun before it, in people's sentence.
    assert book.text("tea.md", "es") == SPANISH["tea.md"].replace("caliente", "barata")
    assert "a phrase by the machine" in book.body(2, "es")

"""A file that is removed because its English went to other files: what the translators added to it goes along, or is
named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli_run import Book, Cli
from tests.support.gitrepo import Content

WATER = (
    "# Water\n\nFill the kettle with `2` litres of fresh water.\n\n```python\nboil(95)  # hot\n```\n\n"
    "Never use the water of the `kettle` twice, see [rules](rules.md).\n"
)
LEAVES = "# Leaves\n\n" + "".join(f"Leaf number {n} of the bush has a taste of its own.\n\n" for n in range(1, 9))
ANHANG = "```bash\nkessel an\n```"
NOTIZ = "(Anmerkung der Übersetzer.)"
WASSER = (
    "# Wasser\n\nFüllen Sie den Kessel mit `2` Litern frischem Wasser.\n\n```python\nboil(95)  # heiß\n```\n\n"
    f"{ANHANG}\n\nBenutzen Sie das Wasser im `kettle` nie zweimal, siehe [Regeln](rules.md).\n\n{NOTIZ}\n"
)
BLATT = "# Blätter\n\n" + "".join(f"Blatt Nummer {n} des Strauches schmeckt auf eigene Art.\n\n" for n in range(1, 9))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    german: dict[str, Content] = {
        "water.md": WASSER,
        "water_origin.md": WATER,
        "leaves.md": BLATT.rstrip() + "\n",
        "leaves_origin.md": LEAVES.rstrip() + "\n",
    }
    return Book(tmp_path, {"de": german}, {"water.md": WATER, "leaves.md": LEAVES.rstrip() + "\n"})


def test_notes_and_localised_code_follow_the_english_into_another_file(book: Book, cli: Cli) -> None:
    moved = WATER.replace("# Water\n\n", "## Water first\n\n")
    book.english({"water.md": None, "leaves.md": LEAVES + moved})
    assert cli("sync", "-c", book.config).code == 0
    merged = book.text("leaves.md", "de")
    for own in ("boil(95)  # heiß", ANHANG, NOTIZ):
        assert merged.count(own) == 1
    assert merged.index("# heiß") < merged.index(ANHANG) < merged.index("nie zweimal") < merged.index(NOTIZ)
    assert "Removed with its file" not in book.body(language="de")
    # What is merged already is not put there again.
    assert cli("sync", "-c", book.config).code == 0
    assert book.text("leaves.md", "de") == merged


def test_a_split_file_takes_its_notes_to_each_part(book: Book, cli: Cli) -> None:
    head, tail = WATER.split("\n\nNever", 1)
    book.english(
        {"water.md": None, "leaves.md": LEAVES + head.partition("\n\n")[2] + "\n", "never.md": f"# No\n\nNever{tail}"}
    )
    assert cli("sync", "-c", book.config).code == 0
    assert ANHANG in book.text("leaves.md", "de")
    assert book.text("never.md", "de").endswith(
        f"Benutzen Sie das Wasser im `kettle` nie zweimal, siehe [Regeln](rules.md).\n\n{NOTIZ}\n"
    )
    assert NOTIZ not in book.text("leaves.md", "de")


def test_what_finds_no_place_is_named_in_the_pull_request(book: Book, cli: Cli) -> None:
    book.english({"water.md": None})
    assert cli("sync", "-c", book.config).code == 0
    body = book.body(language="de")
    assert "2 passages of removed files without a place" in body
    section = body.partition("## Removed with its file")[2].partition("\n## ")[0]
    assert "**`water.md`**" in section
    assert "kessel an" in section
    assert NOTIZ in section
    # What was localised goes with its English.
    assert "heiß" not in section


def test_a_localised_cell_whose_english_changed_on_the_way_is_named(book: Book, cli: Cli) -> None:
    moved = WATER.replace("# Water\n\n", "## Water first\n\n").replace("boil(95)", "boil(96)")
    book.english({"water.md": None, "leaves.md": LEAVES + moved})
    assert cli("sync", "-c", book.config).code == 0
    section = book.body(language="de").partition("## Removed with its file")[2].partition("\n## ")[0]
    assert "boil(95)  # heiß".replace("  ", " ") in section
    assert NOTIZ not in section

"""Files that correspond by their contents."""

from __future__ import annotations

from pathlib import Path

from bot.book.package_data import known_language
from bot.book.workers import Runner
from bot.model import Direction
from bot.onboarding.layout import Layout
from bot.onboarding.matching import match_contents
from tests.support.init_run import open_books

ENGLISH = known_language("en")


_BODY = "# {}\n\n{} has {} parts, see :numref:`fig_{}`.\n\n```\nrun({})\n```\n\n$${} = x_{}$$\n\n{} [here](https://example.org/{}).\n"


def _chapter(title: str, words: tuple[str, str], number: int) -> str:
    return _BODY.format(title, words[0], number, number, number, number, number, words[1], number)


def test_files_of_other_names_are_found_by_what_they_hold(tmp_path: Path) -> None:
    english = {f"{name}.md": _chapter(name, ("The tea", "Read more"), number) for number, name in enumerate("abcd")}
    chinese = {
        "eins.md": _chapter("甲", ("茶", "更多"), 1),
        "drei.md": _chapter("丙", ("茶", "更多"), 3),
        "own.md": "# 我们\n\n谢谢。\n",
    }
    source, _, target = open_books(tmp_path, [english], chinese)
    languages = Direction(ENGLISH, known_language("zh"))
    found = match_contents(source, target, sorted(english), sorted(chinese), languages, Runner(1))
    assert {match.path: match.source_path for match in found} == {"eins.md": "b.md", "drei.md": "d.md"}
    # Which of two equal chapters it translates is anybody's guess.
    twins = {**english, "f.md": english["b.md"]}
    source, _, target = open_books(tmp_path / "twins", [twins], chinese)
    found = match_contents(source, target, sorted(twins), sorted(chinese), languages, Runner(1))
    assert {match.path: match.source_path for match in found} == {"drei.md": "d.md"}
    layout = Layout({}, (), {}, {}, (), ())
    assert layout.with_renamed({"eins.md": "b.md"}).paths == {"b.md": "eins.md"}

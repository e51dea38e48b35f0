"""The sample book is consistent in itself: three languages, two English revisions, a machine's memory and a story."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.book.package_data import known_language
from bot.book.project import read_config
from bot.cli.demo import BUCKET
from bot.cli.sample_notebook import notebook
from bot.engines.amazon.settings import AmazonSettings
from bot.glossary import read_glossary, unfollowed
from bot.model import Direction

SAMPLE = Path(__file__).parents[2] / "bot" / "cli" / "sample"
LANGUAGES = ("zh", "es")

DELETED = {"abacus.md"}
NEW = {"outliers.md"}
RENAMED = {"lines.md": "fitting.md"}

# What the translators added to or left out of en-1, in blocks: code cells and everything else.
ADDED_CELLS = {("zh", "measuring.md"): 1, ("es", "averages.md"): 1}
ADDED_BLOCKS = {
    ("zh", "index.md"): -1,
    ("zh", "averages.md"): 1,
    ("zh", "lines.md"): -1,
    ("es", "measuring.md"): -1,
    ("es", "pictures.md"): -1,
    ("es", "lines.md"): 1,
}

ROWS = {
    "nothing",
    "whitespace",
    "placeables",
    "moved",
    "deleted",
    "memory",
    "stale",
    "engine",
    "joined",
    "translation only",
    "left out",
    "fails its checks",
    "code lines",
}

# New sentences that the machine does not know by heart.
ABSENT = ("$R^2$", "housekeeping")

PLACEABLE = re.compile(r":\w+:`[^`]+`|\{\w+\}`[^`]+`|`[^`]+`|\$[^$]+\$|\]\([^)]+\)|\[\^\w+\]|\d+(?:\.\d+)?")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LABEL = re.compile(r"^:(?:eq)?label:`(\w+)`$|^\((\S+)\)=$", re.MULTILINE)
REFERENCE = re.compile(r":(?:numref|eqref):`(\w+)`|\{ref\}`(\S+)`")
STRUCTURE = re.compile(r"^(#{1,6}) |^(:label:\S+|:eqlabel:\S+|:width:\S+|\(\S+\)=|\$\$.*\$\$)$", re.MULTILINE)


def texts(folder: str) -> dict[str, str]:
    root = SAMPLE / folder
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.md"))}


def fold(text: str) -> str:
    return " ".join(text.split())


def without_code(text: str) -> str:
    """Directives keep their prose: only cells, code blocks and the table of contents go."""
    return FENCE.sub(lambda fence: fence[0] if fence[0].startswith("```{note}") else "", text)


def blocks(text: str) -> list[str]:
    return [block for block in re.split(r"\n\s*\n", without_code(text)) if block.strip()]


def placeables(sentence: str) -> Counter[str]:
    return Counter(PLACEABLE.findall(sentence))


def story() -> list[dict[str, Any]]:
    moves: list[dict[str, Any]] = yaml.safe_load((SAMPLE / "story.yaml").read_text("utf-8"))
    return moves


def recorded(language: str) -> list[tuple[str, str]]:
    """What the machine knows by heart: English and translation."""
    with (SAMPLE / f"machine.{language}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["en", language]
    return [(english, target) for english, target in rows]


EN_1 = texts("en-1")
EN_2 = texts("en-2")
TRANSLATIONS = {language: texts(language) for language in LANGUAGES}
PAIRS = [(language, path) for language in LANGUAGES for path in EN_1]
RECORDED = [(language, *pair) for language in LANGUAGES for pair in recorded(language)]


def test_the_notebook_is_always_the_same_and_says_nothing_twice() -> None:
    made, again = notebook(), notebook.__wrapped__()
    assert made == again
    for language in LANGUAGES:
        assert made.chapters[language].keys() == made.chapters["en"].keys()
        drafts = made.drafts[language]
        assert len(drafts) == 1200
        texts = {side: b"".join(made.chapters[side].values()).decode() for side in ("en", language)}
        assert all(english in texts["en"] for english in drafts)
        # A draft of a machine is no copy of people's translation.
        assert not any(draft in texts[language] for draft in drafts.values())
        assert not any(mark in text for text in texts.values() for mark in ("{", ",,", " ."))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_of_the_old_english_is_translated_and_nothing_else(language: str) -> None:
    assert TRANSLATIONS[language].keys() == EN_1.keys()


def test_the_chapters_differ_by_one_deleted_one_new_and_one_renamed() -> None:
    assert EN_2.keys() == (EN_1.keys() - DELETED - RENAMED.keys()) | NEW | set(RENAMED.values())


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_renamed_chapter_stays_similar_enough_for_git_to_see_the_rename(old: str, new: str) -> None:
    before, after = set(EN_1[old].splitlines()), set(EN_2[new].splitlines())
    assert len(before & after) > 0.8 * len(before)


@pytest.mark.parametrize("folder", ["en-1", "en-2", *LANGUAGES])
def test_every_file_has_balanced_fences_tabs_and_maths_and_one_final_newline(folder: str) -> None:
    for path, text in texts(folder).items():
        assert re.search(r"^```", FENCE.sub("", text), re.MULTILINE) is None, path
        assert text.count("\n:begin_tab:") == text.count("\n:end_tab:\n"), path
        assert text.count("$$") % 2 == 0, path
        assert all(paragraph.replace("$$", "").count("$") % 2 == 0 for paragraph in blocks(text)), path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert "\r" not in text, path
        assert re.search(r"[ \t]$", text, re.MULTILINE) is None, path


@pytest.mark.parametrize("folder", ["en-1", "en-2", *LANGUAGES])
def test_labels_are_unique_and_every_reference_is_resolved(folder: str) -> None:
    book = "\n".join(texts(folder).values())
    labels = [first or second for first, second in LABEL.findall(book)]
    references = {first or second for first, second in REFERENCE.findall(book)}
    assert max(Counter(labels).values()) == 1
    assert references <= set(labels)


@pytest.mark.parametrize("folder", ["en-1", "en-2", *LANGUAGES])
def test_the_table_of_contents_lists_exactly_the_chapters(folder: str) -> None:
    book = texts(folder)
    contents = re.search(r"^```toc\n:maxdepth: 2\n\n(.*?)\n```$", book["index.md"], re.MULTILINE | re.DOTALL)
    assert contents is not None
    assert {f"{name}.md" for name in contents[1].splitlines()} | {"index.md"} == book.keys()


@pytest.mark.parametrize(("language", "path"), PAIRS)
def test_a_translation_has_the_structure_of_the_old_english(language: str, path: str) -> None:
    translated, english = (STRUCTURE.findall(without_code(book[path])) for book in (TRANSLATIONS[language], EN_1))
    assert translated == english


@pytest.mark.parametrize(("language", "path"), PAIRS)
def test_a_translation_has_the_cells_of_the_old_english_and_the_declared_additions(language: str, path: str) -> None:
    found = len(FENCE.findall(TRANSLATIONS[language][path])) - len(FENCE.findall(EN_1[path]))
    assert found == ADDED_CELLS.get((language, path), 0)


@pytest.mark.parametrize(("language", "path"), PAIRS)
def test_a_translation_has_the_blocks_of_the_old_english_but_for_declared_differences(language: str, path: str) -> None:
    found = len(blocks(TRANSLATIONS[language][path])) - len(blocks(EN_1[path]))
    assert found == ADDED_BLOCKS.get((language, path), 0)


@pytest.mark.parametrize(("language", "path"), PAIRS)
def test_a_translation_refers_to_what_the_old_english_refers_to(language: str, path: str) -> None:
    assert Counter(REFERENCE.findall(TRANSLATIONS[language][path])) == Counter(REFERENCE.findall(EN_1[path]))


def test_the_code_of_the_book_compiles_in_every_edition() -> None:
    for folder in ("en-1", "en-2", *LANGUAGES):
        for path, text in texts(folder).items():
            for cell in re.findall(r"^```\{(?:\.python \.input|code-block)\}[^\n]*\n(.*?)^```$", text, re.M | re.S):
                compile(cell, f"{folder}/{path}", "exec")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_exercises_every_row_of_the_decision_table(language: str) -> None:
    rows = [row for move in story() if language in move.get("languages", LANGUAGES) for row in move["rows"]]
    assert set(rows) == ROWS


@pytest.mark.parametrize("move", story(), ids=lambda move: str(move["title"]))
def test_a_move_of_the_story_is_what_the_files_show(move: dict[str, Any]) -> None:
    assert move.keys() & {"old", "new", "translation"}
    for key, book in (("old", EN_1), ("new", EN_2)):
        if key in move:
            assert move[key]["text"] in fold(book[move[key]["file"]])
    for language, text in move.get("translation", {}).items():
        assert text in fold("\n".join(TRANSLATIONS[language].values()))
    if "deleted" in move["rows"]:
        assert move["old"]["text"] not in fold("\n".join(EN_2.values()))


@pytest.mark.parametrize(("language", "english", "target"), RECORDED)
def test_what_the_machine_knows_stands_in_the_new_english_and_not_in_the_old(
    language: str, english: str, target: str
) -> None:
    assert english in fold("\n".join(EN_2.values())), language
    assert english not in fold("\n".join(EN_1.values()))
    assert english == fold(english)
    assert target == target.strip()


@pytest.mark.parametrize(("language", "english", "target"), RECORDED)
def test_what_the_machine_knows_has_all_placeables(language: str, english: str, target: str) -> None:
    assert not placeables(english) - placeables(target), language


def test_two_new_sentences_are_not_known_to_the_machine() -> None:
    for words in ABSENT:
        assert words in fold("\n".join(EN_2.values()))
        assert not [english for _, english, _ in RECORDED if words in english]


def test_what_moved_or_is_reused_is_not_known_to_the_machine() -> None:
    """Otherwise the demo would look right although the human wording was lost."""
    known = {english for _, english, _ in RECORDED}
    wanted = [move["new"]["text"] for move in story() if {"moved", "memory"} & set(move["rows"])]
    assert len(wanted) > 1
    assert known.isdisjoint(wanted)


def test_the_configuration_sends_both_languages_the_production_way() -> None:
    config = read_config((SAMPLE / "amts.yaml").read_text("utf-8"))
    assert config.languages.keys() == set(LANGUAGES)
    assert {language.baseline for language in config.languages.values()} == {"origin-file", "lock-file"}
    engines = [config.engine_of(language) for language in LANGUAGES]
    assert [(engine.kind, engine.mode, engine.bucket) for engine in engines if isinstance(engine, AmazonSettings)] == [
        ("amazon", "batch", BUCKET)
    ] * 2


def test_the_machine_follows_every_term_of_the_glossary_but_one() -> None:
    languages = Direction(known_language("en"), known_language("es"))
    terms = read_glossary((SAMPLE / "terms.es.md").read_bytes(), languages, "terms.es.md").terms
    pairs = recorded("es")
    broken = [term.source for pair in pairs for term in unfollowed(terms, *pair, languages)]
    assert broken == ["outlier"]
    assert all(any(term.source in english for english, _ in pairs) for term in terms)

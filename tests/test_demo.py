"""The demo, end to end: what its story tells has happened in the branches that it proposes."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.model import Action
from tests.cli_run import Cli, command
from tests.gitrepo import tree

SAMPLE = Path(__file__).parents[1] / "bot" / "app" / "sample"
STORY: list[dict[str, Any]] = yaml.safe_load((SAMPLE / "story.yaml").read_text("utf-8"))
PHRASES: dict[str, dict[str, str]] = yaml.safe_load((SAMPLE / "phrasebook.yaml").read_text("utf-8"))
LANGUAGES = ("zh", "es")
GOAL_SECONDS = 20.0
# A quoted translation survives these; whatever else happens to a sentence replaces it.
SURVIVED = {"moved", "translation only", "code lines"}


@dataclass(frozen=True)
class Demo:
    """A demo that ran: its JSON, its seconds, and the text of each proposed file, without white space."""

    folder: Path
    languages: Mapping[str, dict[str, Any]]
    seconds: float
    texts: Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "book"
    started = time.monotonic()
    ran = subprocess.run(command("demo", "--dir", folder, "--json"), capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    assert (ran.returncode, ran.stderr) == (0, "")
    languages = {one["language"]: one for one in json.loads(ran.stdout)["languages"]}
    texts = {
        name: {path: squeezed(data.decode()) for path, data in tree(folder / name, f"amts/{name}").items()}
        for name in LANGUAGES
    }
    return Demo(folder, languages, seconds, texts)


def squeezed(text: str) -> str:
    return "".join(text.split())


def quotes() -> Iterator[Any]:
    """Each translation that the story quotes: language, quote, file (all where empty), and whether it survives."""
    for move in STORY:
        for language, quote in move.get("translation", {}).items():
            survives = bool(SURVIVED & set(move["rows"])) and "fails its checks" not in move["rows"]
            where = move.get("new", {}).get("file", "")
            yield pytest.param(language, quote, where, survives, id=f"{language}: {move['title']}")


def test_both_pull_requests_are_there_in_time(demo: Demo) -> None:
    assert demo.seconds < GOAL_SECONDS
    for name in LANGUAGES:
        assert demo.languages[name]["outcome"] == "created"
        place = Path(demo.languages[name]["pull_request"]["location"])
        assert {path.name for path in place.iterdir()} == {"body.md", "changes.patch", "pull-request.yaml"}


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_story_has_every_action(demo: Demo, name: str) -> None:
    counts = Counter(demo.languages[name]["counts"])
    assert {action.value for action in Action} == {action for action, number in counts.items() if number}
    changes = {file["change"] for file in demo.languages[name]["files"]}
    assert changes == {"updated", "added", "removed", "renamed"}


@pytest.mark.parametrize(("language", "quote", "where", "survives"), list(quotes()))
def test_what_the_story_quotes_survives_or_gives_way(
    demo: Demo, language: str, quote: str, where: str, survives: bool
) -> None:
    texts = demo.texts[language]
    found = [path for path, text in texts.items() if squeezed(quote) in text and path == (where or path)]
    assert bool(found) is survives


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_phrase_of_the_phrasebook_is_used_but_for_those_that_lose_a_reference(demo: Demo, name: str) -> None:
    proposed = "".join(demo.texts[name].values())
    unused = {source for source, phrase in PHRASES[name].items() if squeezed(phrase) not in proposed}
    left = {one["source"] for file in demo.languages[name]["files"] for one in file.get("merge", {}).get("left", ())}
    assert unused == {source for source in left if source in PHRASES[name]}
    assert len(unused) == 1


@pytest.mark.parametrize("name", LANGUAGES)
def test_sentences_that_moved_between_files_keep_the_words_of_people(demo: Demo, name: str) -> None:
    wanting = {one["source"] for file in demo.languages[name]["files"] for one in file.get("merge", {}).get("left", ())}
    for move in STORY:
        if "moved" in move["rows"] and name in move.get("languages", LANGUAGES):
            assert not [source for source in wanting if source in move["new"]["text"]], move["title"]


def test_the_demo_says_where_to_look_and_what_the_phrasebook_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(monkeypatch, capsys)
    ran = cli("demo", "--dir", tmp_path / "book")
    assert ran.code == 0
    assert "A small phrasebook stands in for a machine translation service" in ran.out
    assert f"git -C {tmp_path}/book/zh diff main amts/zh" in ran.out
    assert "The es pull request: Spanish: in step with the English of" in ran.out
    again = cli("demo", "--dir", tmp_path / "book")
    assert (again.code, again.err) == (2, f"amts: {tmp_path}/book: is not empty; name a new folder with --dir\n")

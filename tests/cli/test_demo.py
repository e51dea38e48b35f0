"""The demo, end to end: what its story tells has happened in the branches that it proposes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from bot.cli.demo import run
from bot.cli.output import Output
from bot.model import Action
from tests.support.apertium import apertium_command
from tests.support.cli_run import Cli, command
from tests.support.gitrepo import add_commits, git, tree

SAMPLE = Path(__file__).parents[2] / "bot" / "cli" / "sample"
STORY: list[dict[str, Any]] = yaml.safe_load((SAMPLE / "story.yaml").read_text("utf-8"))
LANGUAGES = ("zh", "es")
DAMAGED = "The readings of :numref:`tab_teapot` hold no such surprise."
UNKNOWN = ("$R^2$, àńď ťĥéý ńéṽéŕ ťîŕé", "îť îš ĥöûšéķééṕîńĝ.")
# What a user may have set, of which the demo follows nothing.
ELSEWHERE = {
    "AWS_PROFILE": "work",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
    "AWS_REGION": "eu-central-1",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
}
# A quoted translation survives these; whatever else happens to a sentence replaces it.
SURVIVED = {"moved", "translation only", "code lines", "stale"}


@dataclass(frozen=True)
class Demo:
    """A demo that ran: its JSON, and the text of each proposed file, without white space."""

    folder: Path
    languages: Mapping[str, dict[str, Any]]
    texts: Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "book"
    environment = {**os.environ, **ELSEWHERE}
    arguments = command("demo", "--dir", folder, "--no-apertium", "--json")
    ran = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    languages = {one["language"]: one for one in json.loads(ran.stdout)["languages"]}
    texts = {
        name: {path: squeezed(data.decode()) for path, data in tree(folder / name, f"amts/{name}").items()}
        for name in LANGUAGES
    }
    return Demo(folder, languages, texts)


@dataclass(frozen=True)
class Shown:
    """A demo in this process: what a person sees, and this process's way to AWS before and after."""

    folder: Path
    text: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("shown") / "book"
    screen = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ELSEWHERE.items():
            patch.setenv(name, value)
        before = access()
        run(folder, Output(out=Console(file=screen, highlight=False, emoji=False)), apertium=False)
        return Shown(folder, screen.getvalue(), before, access())


def squeezed(text: str) -> str:
    return "".join(text.split())


def parts(demo: Demo, name: str, what: str) -> list[dict[str, Any]]:
    """Of all files' merges."""
    return [one for file in demo.languages[name]["files"] for one in file.get("merge", {}).get(what, ())]


def access() -> dict[str, str]:
    """What this process's way to AWS follows from."""
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_") or "PROXY" in name.upper()}


def quotes() -> Iterator[Any]:
    """Each translation that the story quotes: language, quote, file (all where empty), and whether it survives."""
    for move in STORY:
        for language, quote in move.get("translation", {}).items():
            survives = bool(SURVIVED & set(move["rows"])) and "fails its checks" not in move["rows"]
            where = move.get("new", {}).get("file", "")
            yield pytest.param(language, quote, where, survives, id=f"{language}: {move['title']}")


def test_both_pull_requests_are_there(demo: Demo) -> None:
    for name in LANGUAGES:
        assert demo.languages[name]["outcome"] == "created"
        place = Path(demo.languages[name]["pull_request"]["location"])
        assert {path.name for path in place.iterdir()} == {"body.md", "changes.patch", "notes.md", "pull-request.yaml"}


@pytest.mark.parametrize("name", LANGUAGES)
def test_what_is_left_agrees_with_the_table_of_sentences(demo: Demo, name: str) -> None:
    body = (Path(demo.languages[name]["pull_request"]["location"]) / "body.md").read_text("utf-8")
    assert "3 places left for you (2 in prose, 1 in code and the like)." in body
    assert "| left | see “Left for you” | **decide** | 2 |" in body


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
def test_all_that_the_machine_knows_is_proposed_but_for_what_lost_its_reference(demo: Demo, name: str) -> None:
    with (SAMPLE / f"machine.{name}.csv").open(encoding="utf-8", newline="") as file:
        recorded = list(csv.reader(file))[1:]
    proposed = "".join(demo.texts[name].values())
    assert [english for english, target in recorded if squeezed(target) not in proposed] == [DAMAGED]


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_sentence_that_lost_its_reference_twice_is_left_with_the_machines_words(demo: Demo, name: str) -> None:
    (left,) = [one for one in parts(demo, name, "left") if one["source"] == DAMAGED]
    assert left["reason"] == "the machine lost :numref:`tab_teapot`, also when asked again"
    assert left["rejected"]
    assert squeezed(left["rejected"]) not in "".join(demo.texts[name].values())


@pytest.mark.parametrize("name", LANGUAGES)
def test_what_the_machine_does_not_know_is_seen_to_be_a_stand_in(demo: Demo, name: str) -> None:
    proposed = "".join(demo.texts[name].values())
    assert proposed.count("⟦") == proposed.count("⟧") == len(UNKNOWN)
    assert all(squeezed(words) in proposed for words in UNKNOWN)
    assert not [left for left in parts(demo, name, "left") if "$R^2$" in left["source"]]


def test_what_is_worth_a_second_look(demo: Demo) -> None:
    told = {
        name: [(one["source"], warning) for one in parts(demo, name, "doubts") for warning in one["warnings"]]
        for name in LANGUAGES
    }
    outlier = "The eye finds an *outlier* quickly, but it also finds faces in the clouds."
    assert told["es"] == [(outlier, "the glossary has “dato atípico” for “outlier”")]
    assert [warning.partition(" of words")[0] for source, warning in told["zh"] if "$R^2$" in source] == [
        "187 characters"
    ]
    assert len(told["zh"]) == 3


def test_every_word_is_said_to_be_the_emulators(demo: Demo) -> None:
    for name in LANGUAGES:
        body = (Path(demo.languages[name]["pull_request"]["location"]) / "body.md").read_text("utf-8")
        assert "new translation by the engine `amazon (emulator at 127.0.0.1:" in body


@pytest.mark.parametrize("name", LANGUAGES)
def test_sentences_that_moved_between_files_keep_the_words_of_people(demo: Demo, name: str) -> None:
    wanting = {one["source"] for file in demo.languages[name]["files"] for one in file.get("merge", {}).get("left", ())}
    for move in STORY:
        if "moved" in move["rows"] and name in move.get("languages", LANGUAGES):
            assert not [source for source in wanting if source in move["new"]["text"]], move["title"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_engine_is_measured_and_the_figure_is_called_the_emulators(demo: Demo, name: str) -> None:
    body = (Path(demo.languages[name]["pull_request"]["location"]) / "body.md").read_text("utf-8")
    found = re.search(
        r"\*\*BLEU (\S+) ± \S+ with parallel data, \S+ ± \S+ without\*\* \(of 100\) on (\d+) held-out", body
    )
    assert found is not None
    assert 40 < float(found[1]) < 90
    assert int(found[2]) >= 100
    assert "this says nothing about the quality of any translation" in body
    places = [body.index(words) for words in ("**BLEU ", "<details><summary>How this was", "Signature: `nrefs:1|")]
    assert places == sorted(places)


def test_what_a_user_has_set_for_aws_is_as_before(shown: Shown) -> None:
    assert ELSEWHERE.items() <= shown.before.items()
    assert shown.after == shown.before


def test_the_demo_says_what_stands_in_for_what_and_where_to_look(shown: Shown) -> None:
    text, place = shown.text, shown.folder
    assert not re.search(r"\\$", text, re.MULTILINE)
    assert "- **Line 6**: All you need is Python {+3.11 or later, +}and a little patience." in text
    assert not re.search("</?(code|del|b)>", text)
    assert "A local emulator of Amazon Translate and S3 runs at" in text
    assert re.search(r"^zh: [\d,]+ sentence pairs as parallel data, and a job of 7 documents", text, re.MULTILINE)
    assert re.search(
        r"^es: [\d,]+ sentence pairs .*, a glossary as terminology, and a job of 7 doc", text, re.MULTILINE
    )
    for name in LANGUAGES:
        # The other jobs are those of the measurement.
        quoted, *_ = re.findall(rf"^{name}: \d+ sentences, ([\d,]+) characters, \$0\.", text, re.MULTILINE)
        assert f"a job of 7 documents with {quoted} characters" in text
    assert f"git -C {place}/zh diff main amts/zh" in text
    assert "The pull request for es: “Spanish: in step with the English of" in text


def test_the_way_on_that_the_demo_shows_works(shown: Shown) -> None:
    program, *arguments = shlex.split(shown.text.splitlines()[-1])
    assert program == "amts"
    add_commits(shown.folder / "en", {"more.md": "# More\n\nThis sentence is new.\n"})
    with subprocess.Popen(command(*arguments, "--json"), stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        endpoint = json.loads(served.stdout.readline())["endpoint_url"]
        keys = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "emulator", "AWS_SECRET_ACCESS_KEY": "emulator"}
        sync = command("sync", "--config", shown.folder / "amts.yaml", "--language", "es")
        ran = subprocess.run(sync, env={**os.environ, **keys}, check=False, capture_output=True, text=True)
        served.terminate()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "⟦" in git(shown.folder / "es", "show", "amts/es:more.md")


def test_a_folder_that_holds_something_is_refused(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = Cli(monkeypatch, capsys)("demo", "--dir", demo.folder)
    assert (ran.code, ran.err) == (2, f"amts: {demo.folder}: is not empty; name a new folder with --dir\n")


def test_without_the_emulators_extra_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.emulator.storage.find_spec", lambda _: None)
    ran = Cli(monkeypatch, capsys)("demo", "--dir", tmp_path / "book")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'amts: the emulator needs moto: pip install ".[emulator]" in a checkout of AMTS\n'
    assert not (tmp_path / "book").exists()


@pytest.mark.sweep
def test_where_apertium_is_installed_it_translates_into_spanish_and_is_named(tmp_path: Path) -> None:
    apertium_command("eng-spa")
    folder = tmp_path / "book"
    ran = subprocess.run(command("demo", "--dir", folder), capture_output=True, text=True, check=True)
    assert "Spanish is translated by Apertium, a real machine on this computer; the emulator serves" in ran.stdout
    assert "new translation by the engine `command (apertium)`" in ran.stdout
    assert "new translation by the engine `amazon (emulator at 127.0.0.1:" in ran.stdout
    assert not re.search(r"^es: .* sentence pairs", ran.stdout, re.MULTILINE)
    proposed = "".join(data.decode() for path, data in tree(folder / "es", "amts/es").items() if path.endswith(".md"))
    assert "⟦" not in proposed
    for words in ("| 6 | 72 |", "cuchara de leche", "$R^2$", "Las lecturas de :numref:`tab_teapot`"):
        assert words in proposed


def test_apertium_where_it_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.cli.demo.which", lambda _: None)
    ran = Cli(monkeypatch, capsys)("demo", "--apertium", "--dir", tmp_path / "book")
    assert (ran.code, ran.out) == (2, "")
    assert "Apertium with eng-spa is not installed: apt-get install apertium apertium-eng-spa" in ran.err
    assert not (tmp_path / "book").exists()

"""Records that are damaged, or made to harm: each is a sentence, and the other languages go on."""

from __future__ import annotations

import json
import time
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.baselines import Base
from bot.book.lock_file import LOCK_PATH, parse_lock, serialize_lock
from bot.book.stale_record import parse_stale, serialize_stale, stale_path
from bot.changes import StaleSentence
from bot.config.records import MAX_BYTES, MAX_NAME
from bot.drafts.announcements import read_comment
from bot.errors import AmtsError
from bot.forge.github.marker import read_memo
from bot.report.clashes import hidden_clashes
from bot.report.hidden import hide
from bot.report.scores import read_scores
from bot.report.tally import read_tally
from bot.report.terms import read_offers
from bot.sync.decisions import Decisions, parse_state, serialize_state, state_path
from bot.sync.recorded_terms import join_terms, terms_path
from tests.support.cli_run import BOOK_ZH, CHINESE, CUPS, ENGLISH, HABITS, HABITS_ZH, WAIT, Book, Cli
from tests.support.damaged_records import SCALARS, TEXTS, damaged
from tests.support.gitrepo import add_commits, git

pytest_plugins = ["tests.support.cli_fixtures"]

Attacked = Callable[[str, int], None]
SWEEP, CAMPAIGN = pytest.mark.sweep, pytest.mark.campaign

SENTENCE = "将水慢慢倒在茶叶上。"
STALE = serialize_stale(
    {"tea.md": frozenset({StaleSentence((SENTENCE,), ("Pour it.",), ("Pour the water slowly over the leaves.",))})}
)
STATE = serialize_state(Decisions(files=frozenset({"cups.md"}), sentences={"tea.md": frozenset({SENTENCE})}))
LOCK = serialize_lock({"tea.md": Base("1" * 40, "tea.md", "2" * 40), "cups.md": Base("3" * 40, "cups.md", "4" * 40)})
TERMS = b"en,zh\ntea,\xe8\x8c\xb6\nleaf,\xe5\x8f\xb6\n"
assert STALE
assert STATE

PARSERS: Mapping[str, tuple[bytes, Callable[[bytes], object]]] = {
    "a lock file": (LOCK, parse_lock),
    "a stale record": (STALE, lambda data: parse_stale(data, "stale.yaml")),
    "decisions": (STATE, lambda data: parse_state(data, "state.yaml")),
    "terms": (TERMS, lambda data: join_terms("", data.decode("utf-8", "replace"), TERMS.decode())),
}


@pytest.mark.parametrize("what", PARSERS)
def test_a_damaged_record_is_read_or_is_an_error_in_one_sentence(what: str, attacked: Attacked) -> None:
    record, parse = PARSERS[what]
    began = time.process_time()
    shown = [*TEXTS, *(b"version: 1\nfiles: " + scalar.encode() for scalar in SCALARS)]
    cases = [*shown, *(damaged(record, number) for number in range(1000))]
    for data in cases:
        try:
            parse(data)
        except AmtsError as error:
            told = str(error)
            assert len(told) < 400, told[:500]
            assert "\n" not in told
            assert what == "terms" or told.endswith(
                ("; correct it, or restore the file from git", "without the marks, or undo the merge")
            ), told
    assert time.process_time() - began < 20
    attacked("damaged records", len(cases))


@pytest.mark.parametrize("what", ["a lock file", "a stale record", "decisions"])
def test_a_record_beyond_all_bounds_is_refused_at_once(what: str) -> None:
    _, parse = PARSERS[what]
    began = time.process_time()
    for data, told in (
        (b"version: 1\nfiles:\n  a: b\n" + b"#" * MAX_BYTES, f"a record at most {MAX_BYTES:,}"),
        (b"version: 1\nfiles:\n  ? " + b"x" * (MAX_NAME + 1) + b"\n  : []\n", f"and a name at most {MAX_NAME:,}"),
        (b"version: 1\nfiles: " + b"[" * 17 + b"]" * 17, "is nested too deeply"),
        (b"version: 1\nfiles: &a {}\n", "the anchor &a has no place here"),
        (b"version: 1\nfiles: *a\n", "the alias *a has no place here"),
        (b"version: 1\nfiles: !!float {}\n", "the tag tag:yaml.org,2002:float has no place here"),
    ):
        with pytest.raises(AmtsError) as caught:
            parse(data)
        # Decisions have a list of files, not a mapping.
        assert told in str(caught.value) or "must be a list" in str(caught.value)
    assert time.process_time() - began < 5


class Shelf:
    """A book in many languages, of which the first is sound; the others have one record each that is damaged."""

    LANGUAGES = ("zh", "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay")

    def __init__(self, folder: Path) -> None:
        self.book = Book(folder, {name: {**BOOK_ZH, **HABITS_ZH} for name in self.LANGUAGES}, HABITS)
        settings = {
            name: {"repo": name, "language": "zh", "baseline": "lock-file" if number % 2 else "origin-file"}
            for number, name in enumerate(self.LANGUAGES)
        }
        self.book.configure({}, languages=settings)
        english = folder / "en"
        commit = git(english, "rev-parse", "main")
        blobs = {path: git(english, "rev-parse", f"main:{path}") for path in ("tea.md", "cups.md", "habits.md")}
        self.lock = serialize_lock({path: Base(blob, path, commit) for path, blob in blobs.items()})
        self.book.english({"tea.md": ENGLISH + "\n" + WAIT})

    def records(self, name: str) -> dict[str, bytes]:
        return {
            LOCK_PATH: self.lock,
            stale_path(name): STALE or b"",
            state_path(name): STATE or b"",
            terms_path(name): TERMS,
            "tea_origin.md": ENGLISH.encode(),
        }

    def damage(self, number: int) -> None:
        """Damages one record of each language but the first: the next numbers."""
        for place, name in enumerate(self.LANGUAGES[1:], number):
            records = self.records(name)
            cards = list((self.book.pulls / name).glob("*/pull-request.yaml"))
            which = place % (len(records) + 1)
            if which < len(records):
                path = [*records][which]
                records[path] = damaged(records[path], place)
            elif cards:
                cards[0].write_bytes(damaged(cards[0].read_bytes(), place))
            add_commits(self.book.folder / name, records)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def _attack(cli: Cli, shelf: Shelf, first: int, rounds: int, attacked: Attacked, *commands: str) -> None:
    book, tried = shelf.book, len(Shelf.LANGUAGES) - 1
    for number in range(first, first + rounds * tried, tried):
        shelf.damage(number)
        add_commits(book.folder / "zh", {"note.md": f"{number}\n"})
        before = {name: git(book.folder / name, "rev-parse", "main") for name in Shelf.LANGUAGES}
        for command in commands:
            ran = cli(command, "--config", book.config, "--json", "--jobs", "1")
            errors = json.loads(ran.out)["errors"]
            failed = dict(errors) if command == "status" else {entry["language"]: entry["error"] for entry in errors}
            assert "zh" not in failed, ran.err
            assert "bug of amts" not in ran.err, ran.err
            assert (ran.code == 0) is (not failed) or command == "sync"
            assert all(f"{name}: " in ran.err for name in failed), ran.err
        assert book.text("tea.md") == CHINESE + "\n喝之前等四分钟。\n"
        assert {name: git(book.folder / name, "rev-parse", "main") for name in Shelf.LANGUAGES} == before
        for card in book.pulls.glob("*/1/pull-request.yaml"):
            card.unlink() if card.parts[-3] != "zh" else None
    attacked("damaged records", rounds * tried)


def test_damaged_records_stop_no_other_language(cli: Cli, shelf: Shelf, attacked: Attacked) -> None:
    _attack(cli, shelf, 0, 2, attacked, "sync", "status")


@pytest.mark.parametrize("part", [pytest.param(0, marks=SWEEP), *(pytest.param(n, marks=CAMPAIGN) for n in (1, 2, 3))])
def test_a_thousand_damaged_records_stop_no_other_language(
    cli: Cli, shelf: Shelf, part: int, attacked: Attacked
) -> None:
    _attack(cli, shelf, 100 + part * 253, 23, attacked, "sync")


def test_the_smallest_cases_are_told_with_file_and_line(cli: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {name: {**BOOK_ZH, **HABITS_ZH} for name in ("aa", "zh")}, HABITS)
    book.configure({}, languages={name: {"repo": name, "language": "zh"} for name in ("aa", "zh")})
    for number, (text, told) in enumerate(
        [
            ("version: 1\nfiles: " + "[" * 5000, ".amts/state.aa.yaml"),
            ("version: 1\npaused: 2026-02-30\n", ".amts/state.aa.yaml:2: paused must be true or false"),
            ("version: 1\npaused: " + "9" * 5000 + "\n", ".amts/state.aa.yaml:2: paused must be true or false"),
            ("version: 1\nfiles: [!!float x]\n", ".amts/state.aa.yaml:2: the tag tag:yaml.org,2002:float has no place"),
            ("version: 1\nfiles: &a [*a]\n", ".amts/state.aa.yaml:2: the anchor &a has no place here"),
        ]
    ):
        book.english({"tea.md": ENGLISH + "\n" * number + WAIT, "cups.md": CUPS})
        add_commits(book.folder / "aa", {".amts/state.aa.yaml": text})
        ran = cli("sync", "--config", book.config)
        assert ran.code == 4
        assert ran.err.startswith(f"amts: 1 of 2 languages could not be synced\naa: {told}")
        assert book.tip("zh")
        assert not book.tip("aa")
        for command in ("status", "check"):
            assert told in cli(command, "--config", book.config).err or command == "check"


# What a JSON text can hold beside plain texts; `_SHAPES` are the rows that the readers of memos expect, or nearly.
_ATOMS = st.sampled_from([None, True, -1, 0, 999_999_999_999_999, 0.5, 1e300, "", "a.md", "\ud800", "updated", "zh"])
_SHAPES = st.recursive(
    _ATOMS,
    lambda inner: (
        st.lists(inner, max_size=9)
        | st.dictionaries(st.sampled_from(["number", "fates", "drafted", "key", "best", "accepted"]), inner, max_size=4)
    ),
    max_leaves=25,
)
_READERS: Mapping[str, Callable[[str], object]] = {
    "tally": read_tally,
    "clashes": hidden_clashes,
    "scores": read_scores,
    "terms": read_offers,
    "corrections": read_comment,
}


@given(_SHAPES, st.sampled_from([*_READERS]))
def test_a_memo_that_people_changed_is_read_or_counts_as_none(data: object, name: str) -> None:
    for shape in (data, [data], [data, [data], [data]], {"number": data, "fates": {"accepted": data}}):
        _READERS[name](f"Body.\n\n{hide(name, shape, 100_000)}\n")


@given(st.binary(max_size=200), st.sampled_from([*_READERS]))
def test_a_memo_of_any_bytes_is_read_or_counts_as_none(data: bytes, name: str) -> None:
    packed = urlsafe_b64encode(zlib.compress(data)).decode()
    _READERS[name](f"<!-- amts:{name} {packed} -->")
    _READERS[name](f"<!-- amts:{name} {urlsafe_b64encode(data).decode()} -->")
    read_memo(f"Body.\n\n<!-- amts:pull-request {{{data.decode('utf-8', 'replace')}}} -->\n")

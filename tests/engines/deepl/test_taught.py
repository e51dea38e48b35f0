"""What DeepL keeps for a language: its glossary, and people's pairs as a translation memory."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

pytest.importorskip("deepl", reason="needs the extra `deepl`")

from bot.engines.teaching import ParallelDataContent
from bot.glossary import Term
from bot.memory.formats import to_csv
from bot.model import Direction, TranslationUnit
from tests.support.deepl_double import DeepL
from tests.support.deepl_run import CHINESE, DIRECTION, ENGLISH, make, refusal
from tests.support.service_double import Reply

TERMS = [Term("kettle", ("tetera", "pava")), Term("cup", ("taza",))]
ZH = Direction(ENGLISH, CHINESE)


@pytest.fixture
def server() -> Iterator[DeepL]:
    with DeepL() as double:
        yield double


def pairs(*sides: tuple[str, str], target: str = "es") -> ParallelDataContent:
    units = [TranslationUnit(source, translation, "a.md") for source, translation in sides]
    return ParallelDataContent(to_csv(units, "en", target).encode(), "csv", "sentence", len(units))


TEA = pairs(("The tea is hot & <sweet>.", "El té está caliente."), ("A cup fell.", "Se cayó una taza, la «roja»."))


def changes(server: DeepL) -> list[tuple[str, str]]:
    return [(call.method, call.path.split("/")[2]) for call in server.calls if call.method != "GET"]


def test_terms_are_imported_when_they_changed_and_only_then(server: DeepL) -> None:
    glossary = make(server).terminology
    assert glossary.find() is None
    first = glossary.import_terms(TERMS, DIRECTION)
    assert first is not None
    assert first.changed
    assert (first.state.name, first.state.terms, first.state.targets) == ("amts-es", 2, ("es",))
    assert glossary.is_current(first.state, TERMS, DIRECTION)
    again = glossary.import_terms(TERMS, DIRECTION)
    assert again is not None
    assert not again.changed
    known = glossary.id()
    more = glossary.import_terms([*TERMS, Term("mat", ("estera",))], DIRECTION)
    assert more is not None
    assert (more.changed, more.state.terms) == (True, 3)
    assert glossary.id() == known
    assert [method for method, _ in changes(server)] == ["POST", "PUT", "PATCH"]
    assert server.glossaries[known]["dictionaries"]["EN", "ES"] == {"kettle": "tetera", "cup": "taza", "mat": "estera"}


def test_a_glossary_whose_import_was_cut_off_is_imported_again(server: DeepL) -> None:
    glossary = make(server, max_attempts=1).terminology
    glossary.import_terms(TERMS, DIRECTION)
    server.misbehave(Reply(500), at="/v3/glossaries/00000000-0000-4000-8000-000000000001")  # the dictionary
    more = [*TERMS, Term("mat", ("estera",))]
    refusal(lambda: glossary.import_terms(more, DIRECTION))
    imported = glossary.import_terms(more, DIRECTION)
    assert imported is not None
    assert imported.changed
    assert len(server.glossaries) == 1


def test_terms_that_deepl_does_not_take_are_named(server: DeepL) -> None:
    terms = [*TERMS, Term("long", ("x" * 1025,)), Term("a\x07b", ("b",)), Term(" ", ("c",)), Term("cup ", ("vaso",))]
    imported = make(server).terminology.import_terms(terms, DIRECTION)
    assert imported is not None
    assert [(term.source, reason) for term, reason in imported.dropped] == [
        ("long", "a side has more than 1024 bytes"),
        ("a\x07b", "a side has a control character"),
        (" ", "a side is empty"),
        ("cup ", "the term is there already"),
    ]
    assert make(server).terminology.import_terms([Term("", ("",))], DIRECTION) is None


def test_glossaries_are_for_languages_without_their_variants(server: DeepL) -> None:
    glossary = make(server).terminology
    imported = glossary.import_terms([Term("kettle", ("水壶",))], ZH)
    assert imported is not None
    assert glossary.is_current(imported.state, [Term("kettle", ("水壶",))], ZH)
    assert next(iter(server.glossaries.values()))["dictionaries"] == {("EN", "ZH"): {"kettle": "水壶"}}


def test_glossaries_of_others_are_listed_and_never_touched(server: DeepL) -> None:
    server.glossaries["theirs"] = {"name": "Marketing", "dictionaries": {("EN", "DE"): {"a": "b"}}}
    glossary = make(server).terminology
    glossary.import_terms(TERMS, DIRECTION)
    assert {state.name: state.hash != "" for state in glossary.list_all()} == {"Marketing": False, "amts-es": True}
    assert glossary.delete()
    assert not glossary.delete()
    assert list(server.glossaries) == ["theirs"]


def test_pairs_become_a_memory_and_the_one_before_is_deleted(server: DeepL) -> None:
    memory = make(server, parallel_data="sentence").parallel_data
    assert memory.find() is None
    pushed = memory.push(TEA)
    assert (pushed.changed, pushed.state.name, pushed.state.hash) == (True, "amts-es", TEA.hash)
    assert (pushed.state.active_hash, pushed.state.imported, pushed.state.pairs) == (TEA.hash, 2, 2)
    (stored,) = server.memories.values()
    assert stored["segments"] == {
        "The tea is hot & <sweet>.": "El té está caliente.",
        "A cup fell.": "Se cayó una taza, la «roja».",
    }
    assert (stored["source"], stored["target"]) == ("en", "es")
    assert not memory.push(TEA).changed
    assert memory.push(pairs(("A mat.", "Una estera."))).state.imported == 1
    assert len(server.memories) == 1
    assert memory.push(TEA, force=True).changed


def test_the_key_stays_away_from_the_storage_address(server: DeepL) -> None:
    make(server, parallel_data="sentence").parallel_data.push(TEA)
    uploads = [call for call in server.calls if call.path.startswith("/storage/")]
    assert len(uploads) == 1
    assert "authorization" not in uploads[0].headers


def test_what_a_killed_push_left_behind_is_used_or_deleted(server: DeepL) -> None:
    memory = make(server, parallel_data="sentence").parallel_data
    memory.push(TEA)
    server.memories["twin"] = {**next(iter(server.memories.values()))}
    server.memories["theirs"] = {"name": "Legal", "segments": {}, "source": "de", "target": "fr"}
    assert not memory.push(TEA).changed
    assert len(server.memories) == 2
    assert "theirs" in server.memories


def test_a_memory_is_exported_and_deleted(server: DeepL) -> None:
    memory = make(server, parallel_data="sentence").parallel_data
    assert memory.download() is None
    memory.push(TEA)
    downloaded = memory.download()
    assert downloaded is not None
    state, data = downloaded
    assert state.hash == TEA.hash
    assert [seg.text for seg in ElementTree.fromstring(data).iter("seg")][:2] == [
        "The tea is hot & <sweet>.",
        "El té está caliente.",
    ]
    assert memory.delete()
    assert not memory.delete()


def test_a_memory_that_deepl_does_not_take_is_told_with_its_reason(server: DeepL) -> None:
    memory = make(server, parallel_data="sentence").parallel_data
    job = {"job_id": "j", "operation": "import", "results": [{"status": "failed", "error": {"message": "Bad\nTMX"}}]}
    server.misbehave(Reply(200, job), at="/jobs/")
    said = refusal(lambda: memory.push(TEA))
    assert "importing the translation memory amts-es: DeepL did not take it: Bad TMX; look at the pairs" in said


def test_an_import_without_end_is_given_up(server: DeepL) -> None:
    memory = make(server, parallel_data="sentence", timeout_minutes=0.0001, poll_seconds=0.004).parallel_data
    server._polls = 1_000
    assert "is not done after 0.0001 minutes; run again later" in refusal(lambda: memory.push(TEA))


def test_an_account_without_the_feature_is_told_which_setting_asks_for_it(server: DeepL) -> None:
    server.misbehave(Reply(404, {"message": "Not found"}), at="/v3/translation_memories")
    said = refusal(lambda: make(server, parallel_data="sentence").parallel_data.push(TEA))
    assert "this account has no such feature; look at the settings that name it" in said


def test_many_memories_are_found_on_several_pages_and_a_list_without_end_is_an_error(server: DeepL) -> None:
    memory = make(server, parallel_data="sentence").parallel_data
    for number in range(60):
        server.memories[f"theirs-{number}"] = {"name": "Legal", "segments": {}, "source": "de", "target": "fr"}
    memory.push(TEA)
    assert memory.find() is not None
    assert len(list(memory.list_all())) == 61
    for number in range(60, 600):
        server.memories[f"theirs-{number}"] = {"name": "Legal", "segments": {}, "source": "de", "target": "fr"}
    assert "the list has no end" in refusal(memory.find)


@pytest.mark.parametrize("content", [b"1", b"{}", b'{"glossaries": [1]}', b'{"glossaries": [{"name": 1}]}', b"<html>"])
def test_lists_that_are_none_are_an_error(server: DeepL, content: bytes) -> None:
    server.misbehave(Reply(200, content), at="/v3/glossaries")
    said = refusal(make(server).terminology.find) if content != b"{}" else "listing the glossaries: DeepL answered"
    assert said.startswith("listing the glossaries: DeepL answered")

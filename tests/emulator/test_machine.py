"""What the emulator's machine says: recorded translations, parallel data, terms, and else a visible stand-in."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator import EmulatorSettings, Fallback
from bot.emulator.languages import primary_code
from bot.emulator.machine import Machine, Resources
from bot.emulator.pieces import Piece, Placeable, Tag, Words
from bot.emulator.recorded import Recorded, fit
from bot.emulator.server import Emulator
from bot.errors import InputError
from bot.memory.formats import to_tmx
from bot.model import TranslationUnit
from tests.support.emulator_fixture import BUCKET, Clock, Cloud, StartCloud, error_of

FORMULA = '<span translate="no">$x$</span>'


def said(cloud: Cloud, text: str, **members: Any) -> str:
    request = {"SourceLanguageCode": "en", "TargetLanguageCode": "zh", "Text": text, **members}
    return cloud.translate.translate_text(**request)["TranslatedText"]


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    pairs = {
        "Let $x$ be **hot** tea.": "令$x$为**热**茶。",
        "See [the cup](https://example.org/cup) & `pot`.": "参见[杯子](https://example.org/cup)和`pot`。",
        "Pour 2 cups.": "倒 2 杯。",
    }
    path = tmp_path / "drafts.tmx"
    units = [TranslationUnit(source, target, "tea.md") for source, target in pairs.items()]
    path.write_text(to_tmx(units, "en-US", "zh-CN", version="1"), "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Let $x$ be **hot** tea.", "令$x$为**热**茶。"),
        (" Let  $x$ be\t**hot** tea. ", " 令$x$为**热**茶。 "),
        (f"Let {FORMULA} be <b>hot</b> tea.", f"令{FORMULA} 为<b>热</b>茶。"),
        ('Let <i translate="no">$y$</i> be <b>hot</b> tea.', '令<i translate="no">$y$</i> 为<b>热</b>茶。'),
        (
            'See <a id="1">the cup</a> &amp; <code translate="no">`pot`</code>.',
            '参见<a id="1">杯子</a> 和<code translate="no">`pot`</code>。',
        ),
        ('Pour <i translate="no">2</i> cups.', '倒 <i translate="no">2</i> 杯。'),
        (f"Let {FORMULA} be hot tea.", f"令{FORMULA} 为热茶。"),
        ("Let it be.", "⟦Ĺéť îť ƀé. ~~~⟧"),
    ],
)
def test_a_recorded_translation_is_found_however_it_is_marked_up(
    start_cloud: StartCloud, memory: Path, text: str, translation: str
) -> None:
    cloud = start_cloud(memory=(memory,))
    assert said(cloud, text) == translation
    assert said(cloud, text, TargetLanguageCode="zh-TW").strip().startswith("⟦")


def test_an_unknown_text_is_visibly_no_translation(cloud: Cloud) -> None:
    assert said(cloud, "Tea") == "⟦Ťéà ~⟧"
    assert said(cloud, f"Hot {FORMULA} &lt;tea&gt;") == f"⟦Ĥöť {FORMULA} &lt;ťéà&gt; ~~~~⟧"
    assert said(cloud, "1 < 2 & 3 > 2") == "⟦1 < 2 & 3 > 2 ~~~~⟧"
    assert said(cloud, "Tea", TargetLanguageCode="en") == "Tea"


def test_the_machine_copies_when_told_to(start_cloud: StartCloud) -> None:
    cloud = start_cloud(fallback=Fallback.COPY)
    assert said(cloud, "Hot tea") == "Hot tea"


def test_parallel_data_goes_before_memory_and_memory_before_a_close_example(
    start_cloud: StartCloud, memory: Path
) -> None:
    cloud = start_cloud(memory=(memory,), moves_spaces=False)
    rows = [
        "en,zh",
        "Pour 2 cups.,请倒2杯。",
        "Let $x$ be **hot** teas.,令$x$为热茶们。",
        "The pot is large and red.,壶又大又红。",
    ]
    cloud.create_parallel_data("\n".join(rows))
    assert cloud.parallel_data()["Status"] == "ACTIVE"
    sentences = [
        "Pour 2 cups.",
        f"Let {FORMULA} be <b>hot</b> tea.",
        "The pot is large and <b>reed</b>.",
        "The lake is wide.",
    ]
    cloud.put("in/tea.html", "<html>" + "".join(f"<p>{sentence}</p>" for sentence in sentences) + "</html>")

    def translated(**changes: Any) -> list[str]:
        folder = cloud.job(cloud.start_job(**changes))["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
        text = cloud.get(f"{folder}zh.tea.html")
        return text.removeprefix("<html><p>").removesuffix("</p></html>").split("</p><p>")

    memory_only = translated()
    assert memory_only[:2] == ["倒 2 杯。", f"令{FORMULA}为<b>热</b>茶。"]
    assert memory_only[2].startswith("⟦")
    steered = translated(ParallelDataNames=["pairs"])
    assert steered[:3] == ["请倒2杯。", f"令{FORMULA}为<b>热</b>茶。", "<b>壶又大又红。</b>"]
    assert steered[3].startswith("⟦")


def test_terms_are_replaced_in_what_it_says_and_told(cloud: Cloud) -> None:
    cloud.translate.import_terminology(
        Name="words",
        MergeStrategy="OVERWRITE",
        TerminologyData={"File": "en,zh\nTea,茶\nTea pot,茶壶\ntea,小茶\n".encode(), "Format": "CSV"},
    )
    answer = cloud.translate.translate_text(
        Text="Tea in a Tea pot, Teas",
        SourceLanguageCode="en",
        TargetLanguageCode="zh",
        TerminologyNames=["words"],
        Settings={"Formality": "FORMAL", "Profanity": "MASK"},
    )
    assert answer["TranslatedText"] == "⟦茶 îń à 茶壶, Ťéàš ~~~~~~~⟧"
    assert answer["AppliedTerminologies"] == [
        {
            "Name": "words",
            "Terms": [{"SourceText": "Tea", "TargetText": "茶"}, {"SourceText": "Tea pot", "TargetText": "茶壶"}],
        }
    ]
    assert answer["AppliedSettings"] == {"Profanity": "MASK"}
    cloud.put("in/tea.html", "<html><p>Tea</p></html>")
    job = cloud.job(cloud.start_job(TerminologyNames=["words"]))
    folder = job["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
    details = json.loads(cloud.get(f"{folder}details/zh.auxiliary-translation-details.json"))
    applied = [{"name": "words", "terms": [{"sourceText": "Tea", "targetText": "茶"}]}]
    assert details["details"][0]["auxiliaryData"] == {"appliedTerminologies": applied}
    assert error_of(cloud.start_job, TerminologyNames=["a", "b"]) == "InvalidParameterValueException"


def test_terminologies_are_created_overwritten_listed_and_deleted(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(clock=clock)
    translate = cloud.translate

    def imported(content: str, name: str = "words") -> Any:
        data: Any = {"File": content.encode(), "Format": "CSV"}
        return translate.import_terminology(Name=name, MergeStrategy="OVERWRITE", TerminologyData=data)

    first = imported("en,zh\nTea,茶\n" + "x" * 201 + ",y\n")
    assert first["TerminologyProperties"]["TermCount"] == 1
    assert first["TerminologyProperties"]["SkippedTermCount"] == 1
    assert "Directionality" not in first["TerminologyProperties"]
    assert "AuxiliaryDataLocation" in first
    arn = first["TerminologyProperties"]["Arn"]
    assert arn == "arn:aws:translate:us-east-1:123456789012:terminology/words/LATEST"
    clock.now += 60
    properties = imported("en,zh\nTea,茶\nCup,杯\n")["TerminologyProperties"]
    assert properties["LastUpdatedAt"] - properties["CreatedAt"] == timedelta(seconds=60)
    imported("en,tr\nTea,Çay\n", name="others")
    listed = translate.get_paginator("list_terminologies").paginate(PaginationConfig={"PageSize": 1})
    counts = {item["Name"]: item["TermCount"] for page in listed for item in page["TerminologyPropertiesList"]}
    assert counts == {"others": 1, "words": 2}
    found = translate.get_terminology(Name="words")
    assert found["TerminologyDataLocation"]["RepositoryType"] == "S3"
    translate.delete_terminology(Name="words")
    assert error_of(translate.get_terminology, Name="words") == "ResourceNotFoundException"
    with pytest.raises(translate.exceptions.InvalidParameterValueException, match="not formatted correctly"):
        imported("path/to/words.csv")


def test_documents_are_translated_at_once(cloud: Cloud) -> None:
    def translated(content: str, target: str = "zh", content_type: str = "text/html") -> str:
        answer = cloud.translate.translate_document(
            Document={"Content": content.encode(), "ContentType": content_type},
            SourceLanguageCode="en",
            TargetLanguageCode=target,
        )
        return answer["TranslatedDocument"]["Content"].decode()

    assert translated("<html><p>Tea</p></html>") == "<html><p>⟦Ťéà ~⟧</p></html>"
    assert translated("<p>Tea</p>", content_type="text/plain").startswith("⟦<ṕ>")
    with pytest.raises(cloud.translate.exceptions.InvalidRequestException):
        translated("Tea", content_type="application/pdf")


def test_a_text_has_at_most_ten_thousand_bytes(cloud: Cloud) -> None:
    assert said(cloud, "a " * 5000, TargetLanguageCode="en") == "a " * 5000
    for text in ("茶" * 3334, "a" * 10_001):
        with pytest.raises(cloud.translate.exceptions.TextSizeLimitExceededException, match="10000 bytes"):
            said(cloud, text)


def test_texts_are_billed_by_pair_of_languages(cloud: Cloud) -> None:
    said(cloud, "Tea")
    said(cloud, "<b>茶</b>")
    said(cloud, "Tea", TargetLanguageCode="en")
    assert cloud.emulator.state().billed == {"en-zh": 11}


def test_languages_are_listed(cloud: Cloud) -> None:
    codes = {item["LanguageCode"] for item in cloud.translate.list_languages()["Languages"]}
    assert {"en", "zh", "zh-TW", "pt-PT", "es-MX", "tr", "vi"} <= codes
    assert (
        error_of(cloud.translate.list_languages, DisplayLanguageCode="zh") == "UnsupportedDisplayLanguageCodeException"
    )


@pytest.mark.parametrize(
    ("code", "primary"),
    [("zh-CN", "zh"), ("zh_Hans", "zh"), ("ZH-tw", "zh-TW"), ("zh-Hant", "zh-TW"), ("en-GB", "en"), ("xx-YY", "xx-YY")],
)
def test_language_codes_of_files_become_the_services(code: str, primary: str) -> None:
    assert primary_code(code) == primary


@pytest.mark.parametrize(
    ("name", "content"), [("a.tmx", "<tmx>"), ("a.tmx", None), ("a.txt", ""), ("a.csv", 'en,zh\n"a')]
)
def test_a_memory_that_can_not_be_read_is_told_at_the_start(tmp_path: Path, name: str, content: str | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=name):
        Emulator(EmulatorSettings(memory=(path,)))


def test_memory_of_several_languages_answers_for_each_pair(tmp_path: Path) -> None:
    path = tmp_path / "memory.csv"
    path.write_text("en,zh,tr\nTea,茶,Çay\n", "utf-8")
    machine = Machine([path], Fallback.COPY)
    for source, target, text, expected in (
        ("en", "zh", "Tea", "茶"),
        ("en", "tr", "Tea", "Çay"),
        ("tr", "zh", "Çay", "茶"),
    ):
        assert machine.translator(source, target, Resources())([Words(text)]) == [Words(expected)]


PLACE, OTHER = Placeable("<i>$x$</i>", "$x$"), Placeable("<i>$y$</i>", "$y$")
OPEN, CLOSE = Tag("<b>", 0, True), Tag("</b>", 0, False)


@pytest.mark.parametrize(
    ("recorded", "request_pieces", "fitted"),
    [
        ("甲$y$乙$x$", [PLACE, Words("a"), OTHER], [Words("甲"), OTHER, Words("乙"), PLACE]),
        ("甲$a$乙$b$", [PLACE, Words("a"), OTHER], [Words("甲"), PLACE, Words("乙"), OTHER]),
        ("甲", [Words("a"), PLACE], [Words("甲"), Words(" "), PLACE]),
        ("**甲**乙", [OPEN, Words("a"), CLOSE], [OPEN, Words("甲"), CLOSE, Words("乙")]),
        ("甲", [OPEN, Words("a"), CLOSE], [OPEN, Words("甲"), CLOSE]),
        ("甲 7 乙", [Placeable("<i>7</i>", "7")], [Words("甲 "), Placeable("<i>7</i>", "7"), Words(" 乙")]),
    ],
)
def test_a_recorded_text_takes_each_placeable_and_tag_once(
    recorded: str, request_pieces: list[Piece], fitted: list[Piece]
) -> None:
    assert fit(recorded, request_pieces) == fitted


PIECES = st.sampled_from(
    [OPEN, Words("tea "), Words(" 7"), PLACE, OTHER, Placeable("<i>7</i>", "7"), Placeable("<br>", "")]
)


@given(
    st.lists(
        st.sampled_from(["甲", " ", "$x$", "$y$", "7", "**乙**", "[丙](http://d.e)", "`f`", "*", "\n", "- "]),
        max_size=8,
    ),
    st.lists(PIECES, min_size=1, max_size=6),
)
def test_no_recorded_text_loses_or_doubles_what_the_request_has(recorded: list[str], pieces: list[Piece]) -> None:
    asked = [end for number, piece in enumerate(pieces) for end in _pair(piece, number)]
    fitted = fit("".join(recorded), asked)
    marks = [piece for piece in asked if not isinstance(piece, Words)]
    assert Counter(piece for piece in fitted if not isinstance(piece, Words)) == Counter(marks)


def _pair(piece: Piece, number: int) -> list[Piece]:
    """A tag becomes a pair of its own around a word."""
    if not isinstance(piece, Tag):
        return [piece]
    return [Tag("<b>", number, True), Words("hot"), Tag("</b>", number, False)]


def test_the_placeables_tell_two_recorded_sentences_apart() -> None:
    recorded = Recorded([("Let $x$ be.", "x"), ("Let $y$ be.", "y")])
    asked: list[Piece] = [Words("Let "), OTHER, Words(" be.")]
    assert recorded.exact(asked) == "y"
    assert recorded.exact([Words("Let "), Placeable("<i/>", ""), Words(" be.")]) == "x"
    assert recorded.exact([Words("Let be.")]) is None

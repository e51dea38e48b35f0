"""The emulator's machine: recorded translations, parallel data, and else a text that is visibly no translation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.emulator import EmulatorSettings, Fallback
from bot.emulator.machine import Machine, Resources
from bot.emulator.pieces import MarkupWords
from bot.emulator.server import Emulator
from bot.errors import InputError
from bot.memory.formats import to_tmx
from bot.model import TranslationUnit
from tests.support.emulator_fixture import BUCKET, Cloud, StartCloud

FORMULA = '<span translate="no">$x$</span>'


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
    assert cloud.translated(text) == translation
    assert cloud.translated(text, TargetLanguageCode="zh-TW").strip().startswith("⟦")


def test_an_unknown_text_is_visibly_no_translation(cloud: Cloud) -> None:
    assert cloud.translated("Tea") == "⟦Ťéà ~⟧"
    assert cloud.translated(f"Hot {FORMULA} &lt;tea&gt;") == f"⟦Ĥöť {FORMULA} &lt;ťéà&gt; ~~~~⟧"
    assert cloud.translated("1 < 2 & 3 > 2") == "⟦1 < 2 & 3 > 2 ~~~~⟧"
    assert cloud.translated("Tea", TargetLanguageCode="en") == "Tea"


def test_the_machine_copies_when_told_to(start_cloud: StartCloud) -> None:
    cloud = start_cloud(fallback=Fallback.COPY)
    assert cloud.translated("Hot tea") == "Hot tea"


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
        assert machine.translator(source, target, Resources())([MarkupWords(text)]) == [MarkupWords(expected)]

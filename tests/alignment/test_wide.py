"""Beads as wide as the text asks: a translation that runs many sentences together, or takes a long one apart."""

from __future__ import annotations

import pytest

from bot.alignment import align, rounds
from bot.documents import parse
from bot.model import Direction, Language

EN = Language("en", "English")
LANGUAGES = {
    "de": Language("de", "German", length_ratio=1.15, splitter="de"),
    "tr": Language("tr", "Turkish", length_ratio=1.0, splitter="tr"),
    "zh": Language("zh", "Chinese", joiner="", enders="。？！", length_ratio=0.37, splitter="zh"),
}
TEXTS = {
    "en": """The ferry leaves the harbour at dawn.
Most passengers sleep on the upper deck.
A boy with a red cap sells tea and bread.
The captain knows every rock along the coast.
Near the lighthouse the water turns green.
Dolphins follow the boat for an hour.
The old engine stops twice before noon.
A mechanic climbs down with a lamp.
Nobody complains about the delay.
Some women begin to sing a slow song.
The island appears behind the clouds.
Goats stand on the white cliffs.
The village has only one shop.
In the evening the ferry returns empty.""",
    "de": """Die Fähre verlässt den Hafen im Morgengrauen.
Die meisten Passagiere schlafen auf dem oberen Deck.
Ein Junge mit roter Mütze verkauft Tee und Brot.
Der Kapitän kennt jeden Felsen an der Küste.
Beim Leuchtturm wird das Wasser grün.
Delfine folgen dem Boot eine Stunde lang.
Der alte Motor bleibt vor Mittag zweimal stehen.
Ein Mechaniker steigt mit einer Lampe hinunter.
Niemand beklagt sich über die Verspätung.
Einige Frauen stimmen ein langsames Lied an.
Die Insel erscheint hinter den Wolken.
Ziegen stehen auf den weißen Klippen.
Das Dorf hat nur einen Laden.
Am Abend kehrt die Fähre leer zurück.""",
    "tr": """Feribot şafakta limandan ayrılır.
Yolcuların çoğu üst güvertede uyur.
Kırmızı şapkalı bir çocuk çay ve ekmek satar.
Kaptan kıyı boyunca her kayayı bilir.
Deniz fenerinin yanında su yeşile döner.
Yunuslar bir saat boyunca tekneyi izler.
Eski motor öğleden önce iki kez durur.
Bir tamirci lambayla aşağı iner.
Gecikmeden kimse yakınmaz.
Bazı kadınlar ağır bir şarkıya başlar.
Ada bulutların arkasında belirir.
Keçiler beyaz kayalıklarda durur.
Köyün yalnızca bir dükkânı vardır.
Akşam feribot boş döner.""",
    "zh": """渡轮在黎明时离开港口。
大多数乘客睡在上层甲板上。
一个戴红帽子的男孩卖茶和面包。
船长熟悉沿岸的每一块礁石。
在灯塔附近海水变成绿色。
海豚跟着船游了一个小时。
旧发动机在中午之前停了两次。
一名修理工拿着灯爬了下去。
没有人抱怨延误。
几个女人开始唱一首慢歌。
岛屿出现在云层后面。
山羊站在白色的悬崖上。
村子里只有一家商店。
晚上渡轮空着返回。""",
}
SENTENCES = {code: text.split("\n") for code, text in TEXTS.items()}


def glued(code: str, first: int, count: int) -> str:
    """These sentences as one."""
    parts = [sentence.rstrip(".。") for sentence in SENTENCES[code][first : first + count]]
    if code == "zh":
        return "，".join(parts) + "。"
    return ", ".join([parts[0], *(part[:1].lower() + part[1:] for part in parts[1:])]) + "."


def paragraph(code: str, parts: list[str]) -> str:
    return ("" if code == "zh" else " ").join(parts) + "\n"


def beads(english: list[str], other: list[str], code: str) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    languages = Direction(EN, LANGUAGES[code])
    documents = parse(paragraph("en", english), EN), parse(paragraph(code, other), languages.target)
    assert [len(d.segments) for d in documents] == [len(english), len(other)]
    return [(bead.source, bead.target) for bead in align(*documents, languages)]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("count", range(5, 11))
def test_a_sentence_that_stands_for_many_is_linked_to_all_of_them(code: str, count: int) -> None:
    others = SENTENCES[code]
    joined = [*others[:2], glued(code, 2, count), *others[2 + count :]]
    assert (tuple(range(2, 2 + count)), (2,)) in beads(SENTENCES["en"], joined, code)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("count", range(5, 11))
def test_a_sentence_that_was_taken_apart_is_linked_to_all_its_parts(code: str, count: int) -> None:
    english = SENTENCES["en"]
    joined = [*english[:2], glued("en", 2, count), *english[2 + count :]]
    assert ((2,), tuple(range(2, 2 + count))) in beads(joined, SENTENCES[code], code)


@pytest.mark.parametrize("code", LANGUAGES)
def test_sentences_that_two_stand_for_are_linked_to_both_where_one_was_cut_between_them(code: str) -> None:
    others = SENTENCES[code]
    cut = glued(code, 2, 7)
    middle = len(glued(code, 2, 3)) + (4 if code == "zh" else others[5].index(" ") + 1)
    mark, gap = ("。", "") if code == "zh" else (".", " ")
    tail = cut[middle:].lstrip(" ,，")
    halves = [cut[:middle].rstrip(" ,，") + mark, tail[:1].upper() + tail[1:]]
    assert gap.join(halves).count(mark) == 2
    linked = beads(SENTENCES["en"], [*others[:2], *halves, *others[9:]], code)
    covered = [bead for bead in linked if set(bead[1]) & {2, 3}]
    assert sorted(i for bead in covered for i in bead[0]) == list(range(2, 9))
    assert not any(not bead[1] for bead in linked)


def test_sentences_that_were_left_out_stay_out() -> None:
    """Two sentences run together do not draw those after them, which have no translation, into their bead."""
    others = SENTENCES["de"]
    linked = beads(SENTENCES["en"], [*others[:2], glued("de", 2, 2), *others[9:]], "de")
    assert sum(not bead[1] for bead in linked) >= 4
    assert max(len(bead[0]) for bead in linked) <= 3


def test_a_stretch_that_is_walked_through_is_not_searched_for_wide_beads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A translation in another order seems to leave room for them everywhere, and a long page would take minutes."""
    joined = [*SENTENCES["de"][:2], glued("de", 2, 8), *SENTENCES["de"][10:]]
    monkeypatch.setattr(rounds, "_MAX_WALK", len(SENTENCES["en"]) - 1)
    linked = beads(SENTENCES["en"], joined, "de")
    assert max(len(bead[0]) for bead in linked) <= 4
    assert sorted(i for source, _ in linked for i in source) == list(range(len(SENTENCES["en"])))
    assert sorted(j for _, target in linked for j in target) == list(range(len(joined)))

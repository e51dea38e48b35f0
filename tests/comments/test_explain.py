"""`/amts explain` on the double of GitHub."""

from __future__ import annotations

import pytest

from tests.support.commented import NEW, REPO, Commented, Machine, said
from tests.support.engines import PhraseBook

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


MILKY = "Milk in a cup makes very hot tea less bitter for children."


def test_explain_tells_where_sentences_came_from(talk: Commented) -> None:
    machine = talk.command(f"/amts explain tea.md:{talk.line(said('pour'))}").answer
    tip = str(talk.tip())
    assert f"Written by: the machine, engine `machine` ([`{tip[:10]}`](" in machine
    assert f"/commit/{tip}))." in machine
    assert "Pour the water quickly over all leaves." in machine
    assert "Pour the water slowly over the leaves." in machine
    assert "And its translation:\n\n```\n将水慢慢倒在茶叶上。\n```" in machine
    human = talk.command(f"/amts explain tea.md:{talk.line('茶是来自中国的热饮。')}").answer
    assert "Written by: people, before this pull request." in human
    assert "engine" not in human


def test_explain_names_the_engine_that_wrote_a_sentence(talk: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the commits say, whatever the engine is by now."""
    Machine.round = 2
    monkeypatch.setattr(Machine, "label", "machine two")
    talk.command(f"/amts retranslate tea.md:{talk.line(said('steep'))}")
    monkeypatch.setattr(Machine, "label", "machine three")
    for words, engine in ((said("pour"), "machine"), (said("steep", 2), "machine two")):
        answer = talk.command(f"/amts explain tea.md:{talk.line(words)}").answer
        assert f"Written by: the machine, engine `{engine}` (" in answer


def test_the_words_that_a_person_replaced_are_told_as_those_before(talk: Commented) -> None:
    own = "把水很快地倒在所有的茶叶上面。"
    talk.edit(said("pour"), own)
    answer = talk.command(f"/amts explain tea.md:{talk.line(own)}").answer
    assert "Its translation before:\n\n```\n将水慢慢倒在茶叶上。\n```" in answer
    assert "And its translation" not in answer


def test_english_that_was_merged_is_nobodys_translation(talk: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where it stands, if the machine has no answer, nor, once its English changes again, as the translation
    before."""
    monkeypatch.setattr(Machine, "refuses", frozenset({MILKY}))
    english, chinese = f"# Mix\n\n## PyTorch\n\n{MILKY}\n", f"# 混合\n\n## PyTorch\n\n{MILKY}\n"
    talk.book.english({"mix.md": english})
    talk.double.as_user("maintainer").push(REPO, "main", {"mix.md": chinese, "mix_origin.md": english})
    talk.book.english({"tea.md": NEW.replace("cooler", "cold")})
    talk.sync()
    assert "nobody yet" in talk.command("/amts explain mix.md:5").answer
    assert "people, before this pull request" in talk.command("/amts explain mix.md:3").answer
    talk.book.english({"mix.md": english.replace("very", "rather")})
    talk.sync()
    answer = talk.command("/amts explain mix.md:5").answer
    assert "Written by: the machine, engine `machine`" in answer
    assert f"Before, the source was:\n\n```\n{MILKY}\n```" in answer
    assert "translation:" not in answer


def test_explain_says_that_a_sentence_is_stale_and_what_was_carried_over(talk: Commented) -> None:
    talk.book.english({"cups.md": "# Cups\n\nA cup holds the hot sea.\n"})
    talk.sync()
    answer = talk.command("/amts explain cups.md:3").answer
    assert "Before, the source was:\n\n```\nA cup holds the hot tea.\n```" in answer
    assert "<code>A cup holds the hot <del>tea</del> <b>sea</b>.</code>" in answer
    assert "The sync: stale, its English says something else now." in answer
    assert "It is stale until somebody edits or accepts it: `/amts accept cups.md:3`." in answer
    talk.command("/amts accept cups.md:3")
    assert "It is stale" not in talk.command("/amts explain cups.md:3").answer


def test_explain_says_that_the_machine_helped_with_people_s_sentence(
    talk: Commented, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Machine, "translate", PhraseBook({"hot tea": "热茶", "hot sea": "热海"}).translate)
    talk.book.english({"cups.md": "# Cups\n\nA cup holds the hot sea.\n"})
    talk.sync()
    assert "杯子盛着热海。" in talk.text("cups.md")
    answer = talk.command("/amts explain cups.md:3").answer
    assert "Written by: people; the bot carried it over to the new source" in answer
    assert "The sync: patched, the engine helped." in answer
    assert "stale" not in answer

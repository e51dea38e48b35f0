"""`/amts retranslate` on the double of GitHub."""

from __future__ import annotations

from bot.comments import CommentOutcome
from tests.support.commented import NEW, REPO, STEEP, Commented, Machine, said

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


MILKY = "Milk in a cup makes very hot tea less bitter for children."


def test_retranslate_replaces_what_the_machine_wrote_and_nothing_of_people(talk: Commented) -> None:
    own = "译者自己把绿茶的那句话重新写了一遍，水要凉一些。"
    talk.double.as_user("maintainer").push(REPO, "amts/zh", {"tea.md": talk.text().replace(said("green"), own) + "\n"})
    Machine.round = 2
    answer = talk.command("/amts retranslate tea.md").answer
    text = talk.text()
    assert said("steep", 2) in text
    assert said("pour", 2) in text
    assert own in text
    assert "茶是来自中国的热饮。" in text
    assert "2 sentences asked" in answer
    assert {request.text for request in Machine.asked} == {STEEP, "Pour the water quickly over all leaves."}


def test_a_person_s_sentence_is_replaced_where_it_is_named(talk: Commented) -> None:
    Machine.round = 2
    line = talk.line("茶是来自中国的热饮。")
    before = talk.text()
    assert talk.command(f"/amts retranslate tea.md:{line}").outcome is CommentOutcome.DONE
    assert talk.text() == before.replace("茶是来自中国的热饮。", said("tea", 2))


def test_an_answer_that_is_refused_leaves_the_translation(talk: Commented) -> None:
    Machine.refuses = frozenset({STEEP})
    tip = talk.tip()
    handled = talk.command(f"/amts retranslate tea.md:{talk.line(said('steep'))}")
    assert (handled.outcome, talk.tip()) == (CommentOutcome.REFUSED, tip)
    assert "The old translation stands: no answer" in handled.answer


def test_what_the_machine_had_no_answer_to_is_nobodys_yet(talk: Commented) -> None:
    Machine.refuses = frozenset({MILKY})
    talk.book.english({"tea.md": f"{NEW}\n{MILKY}\n"})
    talk.sync()
    line = talk.line(MILKY)
    told = talk.command(f"/amts explain tea.md:{line}").answer
    assert "Written by: nobody yet: the English stands, for a person to translate (" in told
    assert "machine" not in told
    assert "The machine wrote 3 sentences of it; 0 were changed" in talk.command("/amts bleu").answer
    again = talk.command(f"/amts retranslate tea.md:{line}").answer
    assert "It stays untranslated: no answer." in again
    assert "old translation" not in again
    Machine.round, Machine.refuses = 2, frozenset()
    again = talk.command("/amts retranslate tea.md").answer
    assert "4 sentences asked" in again
    assert f"+ {said('milk', 2)}" in again
    assert f"- {MILKY}" not in again
    assert "the machine, engine `machine`" in talk.command(f"/amts explain tea.md:{line}").answer


def test_another_engine_may_be_named(talk: Commented) -> None:
    line = talk.line(said("steep"))
    handled = talk.command(f"/amts retranslate tea.md:{line} --engine memori")
    assert handled.outcome is CommentOutcome.REFUSED
    assert 'did you mean "memory"' in handled.answer
    assert "not in the memory" in talk.command(f"/amts retranslate tea.md:{line} --engine memory").answer


def test_peoples_words_with_new_formulas_are_still_theirs(talk: Commented) -> None:
    english, chinese = "# Mix\n\nTake $a_1$ spoons of sugar for each cup.\n", "# 混合\n\n每个杯子放 $a_1$ 勺糖。\n"
    talk.book.english({"mix.md": english})
    talk.double.as_user("maintainer").push(REPO, "main", {"mix.md": chinese, "mix_origin.md": english})
    talk.book.english({"mix.md": english.replace("a_1", "b_2")})
    talk.sync()
    assert "每个杯子放 $b_2$ 勺糖。" in talk.text("mix.md")
    tip = talk.tip()
    handled = talk.command("/amts retranslate mix.md")
    assert (handled.outcome, talk.tip()) == (CommentOutcome.REFUSED, tip)
    assert "The machine wrote nothing there" in handled.answer
    assert "people; the bot carried it over" in talk.command("/amts explain mix.md:3").answer

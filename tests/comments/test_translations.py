"""Comments that ask for other translations or ask about them, on the double of GitHub."""

from __future__ import annotations

import pytest

from bot.comments import CommentOutcome
from bot.report.scores import BleuFigure, Scores, hide_scores
from tests.support.commented import NEW, REPO, STEEP, Commented, Machine, said

pytestmark = pytest.mark.sweep

MILKY = "Milk in a cup makes very hot tea less bitter for children."


pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def test_what_is_unknown_explains_itself(talk: Commented) -> None:
    comment = talk.comment("/amts synk now")
    assert talk.handle(comment).outcome is CommentOutcome.REFUSED
    assert talk.reactions(comment) == ["eyes", "confused"]
    assert "`/amts sync [language|path…]`" in talk.answers()[0]


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


def test_a_person_s_translation_of_what_was_left_is_not_scored(talk: Commented) -> None:
    Machine.refuses = frozenset({MILKY})
    talk.book.english({"tea.md": f"{NEW}\n{MILKY}\n"})
    talk.sync()
    line = talk.line(MILKY)
    talk.edit(MILKY, "牛奶喝起来和它的名字所说的不一样。")
    assert "people, in this pull request" in talk.command(f"/amts explain tea.md:{line}").answer
    assert "The machine wrote 3 sentences of it; 0 were changed" in talk.command("/amts bleu").answer


def test_english_that_was_merged_is_nobodys_translation(talk: Commented) -> None:
    """Neither where it stands, nor, once its English changes again, as the translation before."""
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


def test_the_words_that_a_person_replaced_are_told_as_those_before(talk: Commented) -> None:
    own = "把水很快地倒在所有的茶叶上面。"
    talk.edit(said("pour"), own)
    answer = talk.command(f"/amts explain tea.md:{talk.line(own)}").answer
    assert "Its translation before:\n\n```\n将水慢慢倒在茶叶上。\n```" in answer
    assert "And its translation" not in answer


def test_another_engine_may_be_named(talk: Commented) -> None:
    line = talk.line(said("steep"))
    handled = talk.command(f"/amts retranslate tea.md:{line} --engine memori")
    assert handled.outcome is CommentOutcome.REFUSED
    assert 'did you mean "memory"' in handled.answer
    assert "not in the memory" in talk.command(f"/amts retranslate tea.md:{line} --engine memory").answer


def test_explain_tells_where_sentences_came_from(talk: Commented) -> None:
    machine = talk.command(f"/amts explain tea.md:{talk.line(said('pour'))}").answer
    assert f"Written by: the machine, engine `machine` ({str(talk.tip())[:10]})." in machine
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


def test_align_tells_of_every_link(talk: Commented) -> None:
    assert "links" in talk.command("/amts align tea.md").answer


def test_bleu_scores_the_machine_against_reviewers(talk: Commented) -> None:
    assert "nothing to score them against" in talk.command("/amts bleu").answer
    own = "绿茶的叶子比红茶的叶子更喜欢凉一点的水。"
    talk.double.as_user("maintainer").push(REPO, "amts/zh", {"tea.md": talk.text().replace(said("green"), own) + "\n"})
    answer = talk.command("/amts bleu").answer
    assert "The machine wrote 3 sentences of it; 1 were changed" in answer
    assert "BLEU " in answer
    assert "tok:zh" in answer
    assert "The machine is not measured on held-out sentences" in answer


def test_bleu_shows_what_was_measured_on_held_out_sentences(talk: Commented) -> None:
    """As the pull request carries it along: nothing is measured anew."""
    measured = [
        Scores("a", "1" * 40, "amazon", 290, BleuFigure(50.0, 2.0), signature="nrefs:1"),
        Scores(
            "b", "2" * 40, "amazon", 300, BleuFigure(52.0, 2.0), BleuFigure(57.1, 1.8), 9, "sentence", 0.01, "nrefs:1"
        ),
    ]
    body = f"{talk.double.pulls(REPO)[0].body}\n{hide_scores(measured)}\n"
    talk.double.as_user("maintainer").edit(REPO, 1, body=body)
    answer = talk.command("/amts bleu").answer
    assert "**BLEU 57.1 ± 1.8 with parallel data, 52.0 ± 2.0 without**, 300 held-out sentences" in answer
    assert f"Measured last with the published translation of `{'2' * 40}`" in answer
    assert "Since earlier pull requests" in answer
    assert "The machine wrote 3 sentences of it; 0 were changed since." in answer


def test_bleu_says_that_nothing_was_measured(talk: Commented) -> None:
    talk.book.configure(
        {},
        languages={"zh": {"repo": talk.double.clone_url(REPO), "engine": "copy", "measure": True}},
        forge={"kind": "github", "url": talk.double.url, "api_url": talk.double.url, "report": "none"},
    )
    assert "was not measured on held-out sentences; the text of this pull" in talk.command("/amts bleu").answer


def test_cost_quotes_and_changes_nothing(talk: Commented) -> None:
    tip = talk.tip()
    assert "would cost nothing" in talk.command("/amts cost").answer
    assert talk.tip() == tip


def test_terms_are_recorded_and_reach_the_engine(talk: Commented) -> None:
    assert talk.command('/amts term add "green tea" = "绿茶"').outcome is CommentOutcome.DONE
    talk.command("/amts term add “black tea” = “红茶”")
    assert talk.text(".amts/glossary.zh.csv") == "en,zh\nblack tea,红茶\ngreen tea,绿茶"
    answer = talk.command("/amts term list").answer
    assert "| `green tea` | `绿茶` | comments |" in answer
    talk.book.english({"tea.md": NEW.replace("Green", "Fresh green")})
    talk.sync()
    assert "green tea,绿茶" in Machine.glossary


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

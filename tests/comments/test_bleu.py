"""`/amts bleu` on the double of GitHub."""

from __future__ import annotations

from bot.report.scores import BleuFigure, Scores, hide_scores
from tests.support.commented import NEW, REPO, Commented, Machine, said

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


MILKY = "Milk in a cup makes very hot tea less bitter for children."


def test_bleu_scores_the_machine_against_reviewers(talk: Commented) -> None:
    assert "nothing to score them against" in talk.command("/amts bleu").answer
    own = "绿茶的叶子比红茶的叶子更喜欢凉一点的水。"
    talk.double.as_user("maintainer").push(REPO, "amts/zh", {"tea.md": talk.text().replace(said("green"), own) + "\n"})
    answer = talk.command("/amts bleu").answer
    assert "The machine wrote 3 sentences of it; 1 were changed" in answer
    assert "BLEU " in answer
    assert "tok:zh" in answer
    assert "The machine was not measured on held-out sentences; the text of this pull request says why." in answer


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
    assert "**BLEU 57.1 ± 1.8 with parallel data, 52.0 ± 2.0 without** (of 100) on 300 held-out sentences" in answer
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


def test_a_person_s_translation_of_what_was_left_is_not_scored(talk: Commented) -> None:
    Machine.refuses = frozenset({MILKY})
    talk.book.english({"tea.md": f"{NEW}\n{MILKY}\n"})
    talk.sync()
    line = talk.line(MILKY)
    talk.edit(MILKY, "牛奶喝起来和它的名字所说的不一样。")
    assert "people, in this pull request" in talk.command(f"/amts explain tea.md:{line}").answer
    assert "The machine wrote 3 sentences of it; 0 were changed" in talk.command("/amts bleu").answer

"""Comments on the bot's pull request, on the double of GitHub: carried out, answered once, and by whom allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.app.commenting.handling import Outcome
from bot.errors import AmtsError, TransientError
from bot.forge.base import Outcome as SyncOutcome
from bot.forge.commit import write_commit
from bot.model import FileChange
from bot.report.scores import Bleu, Scores, hide_scores
from tests.commented import LEAVES, NEW, REPO, STEEP, Commented, Machine, said
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import Effect, bad_gateway, dropped, secondary_limit
from tests.test_forge_github_app import make_key

pytestmark = pytest.mark.sweep

pytest_plugins = ["tests.github_double.fixtures"]


@pytest.fixture
def world(github_double: GitHubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commented:
    made = Commented(github_double, tmp_path, monkeypatch)
    assert made.sync().outcome is SyncOutcome.CREATED
    return made


def test_a_command_is_acknowledged_and_answered_once_whatever_is_redelivered(world: Commented) -> None:
    comment = world.comment("/amts help\nand more below")
    assert world.handle(comment).outcome is Outcome.DONE
    assert world.handle(comment).outcome is Outcome.DONE
    assert world.reactions(comment) == ["eyes", "rocket"]
    (answer,) = world.answers()
    assert "`/amts retranslate <path>[:line] [--engine E]`" in answer
    assert not any(line.startswith("/amts") for line in answer.split("\n"))


@pytest.mark.parametrize("author", ["stranger", "triager", "amts-bot"])
def test_only_people_who_may_write_are_heard(world: Commented, author: str) -> None:
    if author == "stranger":
        world.double.set_role(REPO, author, "read")
    comment = world.comment("/amts pause", author)
    tip = world.tip()
    assert world.handle(comment).outcome is Outcome.IGNORED
    assert (world.reactions(comment), world.tip()) == ([], tip)
    assert world.answers() == (["/amts pause"] if author == "amts-bot" else [])


def test_a_maintainer_counts_as_one_who_may_write(world: Commented) -> None:
    assert world.command("/amts help", "boss").outcome is Outcome.DONE


def test_the_permission_is_that_of_now(world: Commented) -> None:
    comment = world.comment("/amts pause")
    world.double.set_role(REPO, "maintainer", "read")
    assert world.handle(comment).outcome is Outcome.IGNORED


def test_what_is_unknown_explains_itself(world: Commented) -> None:
    comment = world.comment("/amts synk now")
    assert world.handle(comment).outcome is Outcome.REFUSED
    assert world.reactions(comment) == ["eyes", "confused"]
    assert "`/amts sync [language|path…]`" in world.answers()[0]


def test_a_deleted_comment_is_not_carried_out(world: Commented) -> None:
    comment = world.comment("/amts pause")
    world.double.as_user("maintainer").delete_comment(REPO, comment.id)
    tip = world.tip()
    assert world.handle(comment).outcome is Outcome.IGNORED
    assert (world.tip(), world.answers()) == (tip, [])


def test_other_peoples_pull_requests_know_help_and_status_only(world: Commented) -> None:
    person = world.double.as_user("maintainer")
    person.push(REPO, "fix", {"other.md": "x\n"})
    number = person.open_pull(REPO, "fix", "main")
    assert world.command("/amts status", number=number).outcome is Outcome.DONE
    assert world.command("/amts keep tea.md", number=number).outcome is Outcome.REFUSED
    assert "not a pull request of mine" in world.answers(number)[1]


def test_a_forks_branch_of_the_same_name_is_not_the_bots(world: Commented) -> None:
    world.double.fork(REPO, "maintainer")
    person = world.double.as_user("maintainer")
    person.push("maintainer/tea-zh", "amts/zh", {"tea.md": "x\n"})
    number = person.open_pull(REPO, "maintainer:amts/zh", "main")
    tip = world.tip()
    assert world.command("/amts pause", number=number).outcome is Outcome.REFUSED
    assert world.tip() == tip


def test_a_closed_pull_request_is_left_alone(world: Commented) -> None:
    world.double.as_user("maintainer").close(REPO, 1)
    assert world.command("/amts pause").outcome is Outcome.REFUSED
    assert "closed" in world.answers()[0]


def test_a_foreign_marker_does_not_silence_the_bot(world: Commented) -> None:
    comment = world.comment("/amts help")
    world.double.as_user("stranger")
    world.double.set_role(REPO, "stranger", "read")
    world.comment(f"Ha!\n\n<!-- amts:answer {comment.id} rocket -->", "stranger")
    assert world.handle(comment).outcome is Outcome.DONE
    assert len(world.answers()) == 1


def test_status_tells_of_files_and_decisions(world: Commented) -> None:
    world.command("/amts keep cups.md")
    world.command("/amts pause")
    answer = world.command("/amts status").answer
    assert "1 current, 1 stale" in answer
    assert "#1 is open" in answer
    assert "Paused" in answer
    assert "Kept as it is: `cups.md`" in answer


def test_a_paused_language_waits_until_it_is_resumed(world: Commented) -> None:
    world.command("/amts pause")
    tip = world.tip()
    world.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    paused = world.sync()
    assert (paused.outcome, world.tip()) == (SyncOutcome.DEFERRED, tip)
    assert "paused" in world.command("/amts sync").answer
    world.command("/amts resume")
    assert ".amts/state.zh.yaml" not in world.double.repo(REPO).store.run("ls-tree", "-r", "--name-only", "amts/zh")
    assert world.sync().outcome is SyncOutcome.UPDATED
    assert said("every") in world.text("cups.md")


def test_a_kept_file_is_left_until_it_is_not_kept_any_more(world: Commented) -> None:
    before = world.text("cups.md")
    assert world.command("/amts keep cups.md").outcome is Outcome.DONE
    world.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    synced = world.sync()
    assert [result.change for result in synced.results] == [FileChange.SKIPPED]
    assert world.text("cups.md") == before
    world.command("/amts unkeep cups.md")
    assert world.sync().outcome is SyncOutcome.UPDATED
    assert said("every") in world.text("cups.md")


def test_a_kept_sentence_stays_when_its_source_changes(world: Commented) -> None:
    line = world.line(said("steep"))
    answer = world.command(f"/amts keep tea.md:{line}").answer
    assert said("steep") in answer
    world.book.english({"tea.md": NEW.replace("three minutes", "five whole minutes").replace("Green", "Fresh green")})
    synced = world.sync()
    (result,) = synced.results
    assert result.merge is not None
    assert [left.reason for left in result.merge.left] == ["kept by people; its English changed"]
    assert said("steep") in world.text()
    assert said("fresh") in world.text()
    world.command(f"/amts unkeep tea.md:{line}")
    world.book.english({"tea.md": NEW.replace("three minutes", "seven minutes")})
    Machine.round = 2
    world.sync()
    assert said("steep", 2) in world.text()


def test_decisions_are_merged_with_the_pull_request(world: Commented) -> None:
    world.command("/amts keep cups.md")
    world.double.as_user("maintainer").merge_pull(REPO, 1, "squash")
    world.double.as_user("maintainer").delete_branch(REPO, "amts/zh")
    world.book.english({"cups.md": "# Cups\n\nEvery cup holds some very hot tea.\n"})
    assert [result.change for result in world.sync().results] == [FileChange.SKIPPED]


def test_accept_makes_a_file_current_without_a_change(world: Commented) -> None:
    english = "# Cups\n\nA large cup holds the hot tea.\n"
    world.book.english({"cups.md": english})
    before = world.text("cups.md")
    assert world.command("/amts accept cups.md").outcome is Outcome.DONE
    assert (world.text("cups.md"), world.text("cups_origin.md") + "\n") == (before, english)
    assert world.sync().outcome is SyncOutcome.UNCHANGED


def test_sync_takes_paths_and_languages(world: Commented) -> None:
    cups = "# Cups\n\nEvery cup holds some very hot tea.\n"
    world.book.english({"cups.md": cups, "tea.md": NEW.replace("Green", "Fresh green")})
    assert world.command("/amts sync cups.md").outcome is Outcome.DONE
    assert said("every") in world.text("cups.md")
    assert said("fresh") not in world.text()
    assert "1 sentence translated" in world.command("/amts sync zh").answer
    assert said("fresh") in world.text()


@pytest.mark.parametrize(
    "name", ["../secrets.md", "/etc/passwd", "nothing.md", "de", "*.md", "tea_origin.md", "!tea.md"]
)
def test_sync_is_confined_to_the_book(world: Commented, name: str) -> None:
    tip = world.tip()
    world.book.english({"tea.md": NEW.replace("Green", "Fresh green")})
    assert world.command(f"/amts sync {name}").outcome is Outcome.REFUSED
    assert world.tip() == tip


def test_retranslate_replaces_what_the_machine_wrote_and_nothing_of_people(world: Commented) -> None:
    own = "译者自己把绿茶的那句话重新写了一遍，水要凉一些。"
    world.double.as_user("maintainer").push(
        REPO, "amts/zh", {"tea.md": world.text().replace(said("green"), own) + "\n"}
    )
    Machine.round = 2
    answer = world.command("/amts retranslate tea.md").answer
    text = world.text()
    assert said("steep", 2) in text
    assert said("pour", 2) in text
    assert own in text
    assert "茶是来自中国的热饮。" in text
    assert "2 sentences asked" in answer
    assert {request.text for request in Machine.asked} == {STEEP, "Pour the water quickly over all leaves."}


def test_a_person_s_sentence_is_replaced_where_it_is_named(world: Commented) -> None:
    Machine.round = 2
    line = world.line("茶是来自中国的热饮。")
    before = world.text()
    assert world.command(f"/amts retranslate tea.md:{line}").outcome is Outcome.DONE
    assert world.text() == before.replace("茶是来自中国的热饮。", said("tea", 2))


def test_an_answer_that_is_refused_leaves_the_translation(world: Commented) -> None:
    Machine.refuses = frozenset({STEEP})
    tip = world.tip()
    handled = world.command(f"/amts retranslate tea.md:{world.line(said('steep'))}")
    assert (handled.outcome, world.tip()) == (Outcome.REFUSED, tip)
    assert "The old translation stands: no answer" in handled.answer


def test_another_engine_may_be_named(world: Commented) -> None:
    line = world.line(said("steep"))
    handled = world.command(f"/amts retranslate tea.md:{line} --engine memori")
    assert handled.outcome is Outcome.REFUSED
    assert 'did you mean "memory"' in handled.answer
    assert "not in the memory" in world.command(f"/amts retranslate tea.md:{line} --engine memory").answer


def test_a_retranslation_cut_short_before_its_answer_is_answered_not_repeated(
    world: Commented, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = world.comment("/amts retranslate tea.md")
    Machine.round = 2
    with monkeypatch.context() as killed:
        killed.setattr("bot.app.commenting.conversation.Conversation.answer", _killed)
        with pytest.raises(KeyboardInterrupt):
            world.handle(comment)
    tip = world.tip()
    Machine.round = 3
    assert world.handle(comment).outcome is Outcome.DONE
    assert world.tip() == tip
    assert len(world.answers()) == 1
    assert tip is not None
    assert f"Done in {tip[:10]}" in world.answers()[0]


def test_a_branch_that_moved_meanwhile_is_not_overwritten(world: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed: list[str] = []

    def push_first(*arguments: Any) -> str:
        if not pushed:
            pushed.append(world.double.as_user("maintainer").push(REPO, "amts/zh", {"note.txt": "mine\n"}))
        return write_commit(*arguments)

    monkeypatch.setattr("bot.app.commenting.case.write_commit", push_first)
    assert world.command("/amts keep cups.md").outcome is Outcome.DONE
    assert world.text("note.txt") == "mine"
    assert "cups.md" in world.text(".amts/state.zh.yaml")


def test_explain_tells_where_sentences_came_from(world: Commented) -> None:
    machine = world.command(f"/amts explain tea.md:{world.line(said('pour'))}").answer
    assert f"Written by: the machine, engine `machine` ({str(world.tip())[:10]})." in machine
    assert "Pour the water quickly over all leaves." in machine
    assert "Pour the water slowly over the leaves." in machine
    assert "将水慢慢倒在茶叶上。" in machine
    human = world.command(f"/amts explain tea.md:{world.line('茶是来自中国的热饮。')}").answer
    assert "Written by: people, before this pull request." in human
    assert "engine" not in human


def test_explain_names_the_engine_that_wrote_a_sentence(world: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the commits say, whatever the engine is by now."""
    Machine.round = 2
    monkeypatch.setattr(Machine, "label", "machine two")
    world.command(f"/amts retranslate tea.md:{world.line(said('steep'))}")
    monkeypatch.setattr(Machine, "label", "machine three")
    for words, engine in ((said("pour"), "machine"), (said("steep", 2), "machine two")):
        answer = world.command(f"/amts explain tea.md:{world.line(words)}").answer
        assert f"Written by: the machine, engine `{engine}` (" in answer


def test_align_tells_of_every_link(world: Commented) -> None:
    assert "links" in world.command("/amts align tea.md").answer


def test_bleu_scores_the_machine_against_reviewers(world: Commented) -> None:
    assert "nothing to score them against" in world.command("/amts bleu").answer
    own = "绿茶的叶子比红茶的叶子更喜欢凉一点的水。"
    world.double.as_user("maintainer").push(
        REPO, "amts/zh", {"tea.md": world.text().replace(said("green"), own) + "\n"}
    )
    answer = world.command("/amts bleu").answer
    assert "The machine wrote 3 sentences of it; 1 were changed" in answer
    assert "BLEU " in answer
    assert "tok:zh" in answer
    assert "The machine is not measured on held-out sentences" in answer


def test_bleu_shows_what_was_measured_on_held_out_sentences(world: Commented) -> None:
    """As the pull request carries it along: nothing is measured anew."""
    measured = [
        Scores("a", "1" * 40, "amazon", 290, Bleu(50.0, 2.0), signature="nrefs:1"),
        Scores("b", "2" * 40, "amazon", 300, Bleu(52.0, 2.0), Bleu(57.1, 1.8), 9, "sentence", 0.01, "nrefs:1"),
    ]
    body = f"{world.double.pulls(REPO)[0].body}\n{hide_scores(measured)}\n"
    world.double.as_user("maintainer").edit(REPO, 1, body=body)
    answer = world.command("/amts bleu").answer
    assert "**BLEU 57.1 ± 1.8 with parallel data, 52.0 ± 2.0 without**, 300 held-out sentences" in answer
    assert f"Measured last with the published translation of `{'2' * 40}`" in answer
    assert "Since earlier pull requests" in answer
    assert "The machine wrote 3 sentences of it; 0 were changed since." in answer


def test_bleu_says_that_nothing_was_measured(world: Commented) -> None:
    world.book.configure(
        {},
        languages={"zh": {"repo": world.double.clone_url(REPO), "engine": "copy", "measure": True}},
        forge={"kind": "github", "url": world.double.url, "api_url": world.double.url, "report": "none"},
    )
    assert "was not measured on held-out sentences; the text of this pull" in world.command("/amts bleu").answer


def test_cost_quotes_and_changes_nothing(world: Commented) -> None:
    tip = world.tip()
    assert "would cost nothing" in world.command("/amts cost").answer
    assert world.tip() == tip


def test_terms_are_recorded_and_reach_the_engine(world: Commented) -> None:
    assert world.command('/amts term add "green tea" = "绿茶"').outcome is Outcome.DONE
    world.command("/amts term add “black tea” = “红茶”")
    assert world.text(".amts/glossary.zh.csv") == "en,zh\nblack tea,红茶\ngreen tea,绿茶"
    answer = world.command("/amts term list").answer
    assert "| `green tea` | `绿茶` | comments |" in answer
    world.book.english({"tea.md": NEW.replace("Green", "Fresh green")})
    world.sync()
    assert "green tea,绿茶" in Machine.glossary


def test_a_kept_sentence_can_be_anything_a_line_holds(world: Commented) -> None:
    assert LEAVES in NEW
    assert world.command("/amts keep tea.md:2").outcome is Outcome.REFUSED
    assert world.command("/amts keep tea.md:999").outcome is Outcome.REFUSED


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_answer_that_was_posted_though_github_failed_is_not_posted_again(world: Commented) -> None:
    comment = world.comment("/amts help")
    world.double.faults.on("POST", r"/issues/1/comments$", bad_gateway(after=True))
    assert world.handle(comment).outcome is Outcome.DONE
    assert len(world.answers()) == 1


@pytest.mark.parametrize("effect", [bad_gateway(), dropped(after=True)], ids=lambda effect: effect.name)
def test_whatever_fails_a_second_delivery_ends_with_one_commit_and_one_answer(world: Commented, effect: Effect) -> None:
    """Each request of a command fails once, of the API and of git; then the event is delivered again."""
    number = 0
    while True:
        number += 1
        comment = world.comment(f'/amts term add "word {number}" = "词"')
        answers = len(world.answers())
        world.double.faults.at_call(world.double.faults.calls + number, effect)
        try:
            world.handle(comment)
        except AmtsError:
            assert len(world.answers()) <= answers + 1
        struck = len(world.double.faults.struck) >= number
        world.double.faults.clear()
        handled = world.handle(comment)
        assert handled.outcome in (Outcome.DONE, Outcome.REFUSED)
        assert len(world.answers()) == answers + 1
        if handled.outcome is Outcome.DONE:
            assert world.text(".amts/glossary.zh.csv").count(f"word {number},") == 1
            log = world.double.repo(REPO).store.run("log", "--format=%(trailers:key=AMTS-Comment,valueonly)", "amts/zh")
            assert log.split().count(str(comment.id)) == 1
        if not struck:
            assert number > 10
            return


TROUBLE = [
    (r"/pulls/1$", bad_gateway()),
    (r"/pulls/1$", dropped()),
    (r"/pulls/1$", secondary_limit(retry_after=3600)),
    (r"git-upload-pack", bad_gateway()),
    (r"git-upload-pack", dropped()),
    (r"git-receive-pack", bad_gateway()),
    (r"git-receive-pack", dropped()),
]


@pytest.mark.parametrize(("path", "effect"), TROUBLE, ids=[f"{effect.name} {path}" for path, effect in TROUBLE])
def test_a_failure_that_may_pass_is_not_answered_but_the_command_is_done_later(
    world: Commented, path: str, effect: Effect
) -> None:
    comment = world.comment("/amts keep cups.md")
    tip = world.tip()
    world.double.faults.on("*", path, effect, times=100)
    with pytest.raises(TransientError):
        world.handle(comment)
    assert (world.answers(), world.reactions(comment), world.tip()) == ([], ["eyes"], tip)
    world.double.faults.clear()
    assert world.handle(comment).outcome is Outcome.DONE
    (answer,) = world.answers()
    assert "I leave `cups.md` as it is" in answer
    assert world.reactions(comment) == ["eyes", "rocket"]


def test_a_failure_that_lasts_is_answered_once(world: Commented) -> None:
    comment = world.comment("/amts keep cups.md")
    world.double.faults.on("*", r"/pulls/1$", bad_gateway(), times=100)
    assert world.handle(comment, lasting=True).outcome is Outcome.REFUSED
    world.double.faults.clear()
    assert world.handle(comment).outcome is Outcome.REFUSED
    (answer,) = world.answers()
    assert "is in trouble" in answer
    assert world.reactions(comment) == ["eyes", "confused"]


def test_a_mistake_of_the_programs_own_is_answered_in_the_end(
    world: Commented, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    comment = world.comment("/amts cost")
    monkeypatch.setattr("bot.app.commenting.handling.execute", mistaken)
    with pytest.raises(ZeroDivisionError):
        world.handle(comment)
    assert world.answers() == []
    assert world.handle(comment, lasting=True).outcome is Outcome.REFUSED
    assert "a mistake of mine, ZeroDivisionError" in world.answers()[0]
    assert "in mistaken" in caplog.text


def test_of_two_answers_at_the_same_moment_the_first_stays(world: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.app.commenting.conversation import Conversation

    comment = world.comment("/amts help")
    look = Conversation._answers
    first: list[str] = []

    def look_late(self: Conversation) -> list[tuple[int, str]]:
        if len(first) == 1:
            # Another process answers between this look and the post.
            first.append("posted")
            text = f"First.\n\n<!-- amts:answer {comment.id} rocket -->"
            world.double.as_user("amts-bot").comment(REPO, 1, text)
            return []
        first.append("looked")
        return look(self)

    monkeypatch.setattr(Conversation, "_answers", look_late)
    assert world.handle(comment).outcome is Outcome.DONE
    assert [answer.partition(".")[0] for answer in world.answers()] == ["First"]


def test_peoples_words_with_new_formulas_are_still_theirs(world: Commented) -> None:
    english, chinese = "# Mix\n\nTake $a_1$ spoons of sugar for each cup.\n", "# 混合\n\n每个杯子放 $a_1$ 勺糖。\n"
    world.book.english({"mix.md": english})
    world.double.as_user("maintainer").push(REPO, "main", {"mix.md": chinese, "mix_origin.md": english})
    world.book.english({"mix.md": english.replace("a_1", "b_2")})
    world.sync()
    assert "每个杯子放 $b_2$ 勺糖。" in world.text("mix.md")
    tip = world.tip()
    handled = world.command("/amts retranslate mix.md")
    assert (handled.outcome, world.tip()) == (Outcome.REFUSED, tip)
    assert "The machine wrote nothing there" in handled.answer
    assert "people; the bot carried it over" in world.command("/amts explain mix.md:3").answer


def test_an_app_answers_by_its_own_name_once(world: Commented, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = make_key()
    app = world.double.create_app("amts", public)
    world.double.install_app(app, "people")
    monkeypatch.setenv("AMTS_GITHUB_APP_KEY", private)
    world.configure(app_id=app.id)
    comment = world.comment("/amts keep cups.md")
    assert [world.handle(comment).outcome for _ in range(2)] == [Outcome.DONE, Outcome.DONE]
    (answer,) = [each for each in world.double.issue(REPO, 1).comments if each.author.login == "amts[bot]"]
    assert "I leave `cups.md` as it is" in answer.body
    assert world.reactions(comment) == ["eyes", "rocket"]

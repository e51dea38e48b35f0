"""`amts habits`: what the people of each language carry over when the English changes, learned from its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import Failures
from bot.cli.opened import OpenedProject, open_project
from bot.cli.options import given
from bot.cli.output import Output
from bot.errors import UsageError
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.book.edition import LanguageEdition
    from bot.quality.changed import ChangedComparison
    from bot.repair import Habits, Observation

_MAX_EXAMPLES = 3


@given(open_project)
def command(
    opened: OpenedProject,
    examples: Annotated[bool, typer.Option("--examples", help="Show sentences that it was learned from.")] = False,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed", help="Compare what the engine would have made of past changes: keep, repair, retranslate."
        ),
    ] = False,
) -> None:
    out = opened.out
    data: dict[str, object] = {}
    failures = Failures()
    for name in opened.names:
        with failures.of(name):
            with opened.edition(name) as edition:
                habits = edition.habits
                observations = _observations(edition) if examples else []
                compared = _compared(edition) if changed else None
            shown = _examples(observations)
            data[name] = _as_data(habits, shown) | (_changed_data(compared) if changed else {})
            _show(name, habits, edition.settings.baseline, out)
            if changed:
                _show_changed(compared, edition.settings.changed, out)
            _show_examples(shown, out)
    out.data({"languages": data, "errors": failures.reasons})
    failures.raise_all("learned from")


def _observations(edition: LanguageEdition) -> list[Observation]:
    from bot.repair import observe

    revisions = edition.past_revisions.read(edition.habits_cache, edition.runner)
    observed = (observe(revision, edition.direction) for revision in revisions)
    return [observation for observation in observed if observation is not None]


def _compared(edition: LanguageEdition) -> ChangedComparison | None:
    from bot.quality.changed import compare_changed

    engine = edition.project.engine(edition.name)
    if not engine.translates_anything:
        raise UsageError(f"{edition.name}: the engine {engine.name} translates nothing; name another for --changed")
    if engine.spends:
        raise UsageError(f"{edition.name}: the engine {engine.name} costs money; --changed asks only those that don't")
    revisions = edition.past_revisions.read(edition.habits_cache, edition.runner)
    return compare_changed(revisions, engine, edition.direction, edition.habits)


def _changed_data(compared: ChangedComparison | None) -> dict[str, object]:
    if compared is None:
        return {"changed": None}
    ways = {one.way: {"exact": one.exact, "chrf": round(one.score.value, 1)} for one in compared.figures}
    signature = compared.figures[0].score.signature
    return {"changed": {"sentences": compared.sentences, "ways": ways, "best": compared.best, "signature": signature}}


def _show_changed(compared: ChangedComparison | None, configured: str | None, out: Output) -> None:
    if compared is None:
        out.say("no past change gave a sentence other words, so there is nothing to compare")
        return
    out.say(f"of {counted(compared.sentences, 'sentence')} whose English got other words, this engine would have made:")
    rows = [[one.way, str(one.exact), f"{one.score.value:.1f}"] for one in compared.figures]
    out.table(["changed", "word for word as people", "chrF++"], rows)
    out.say(compared.figures[0].score.signature)
    if compared.best is None:
        out.say("these are too few to say which does best")
    elif compared.best == (configured or "repair"):
        out.say(f"{compared.best} does best, and is what is done")
    else:
        out.say(f"{compared.best} does best: set `changed: {compared.best}` for this language")


def _examples(observations: Sequence[Observation]) -> dict[str, dict[str, list[Observation]]]:
    """The newest few by kind of change and by what people did."""
    found: dict[str, dict[str, list[Observation]]] = {}
    for observation in observations:
        for kind, response in observation.responses.items():
            same = found.setdefault(kind, {}).setdefault(response.value, [])
            if len(same) < _MAX_EXAMPLES:
                same.append(observation)
    return found


def _as_data(habits: Habits, examples: dict[str, dict[str, list[Observation]]]) -> dict[str, object]:
    from bot.report.habits import explain_habits, habit_shown

    kinds = {
        kind: {"carried": carried, "left": left, "habit": habit_shown(kind, habits)}
        for kind, (carried, left) in habits.counts.items()
    }
    data: dict[str, object] = {
        "revisions": habits.revisions,
        "kinds": kinds,
        "sign_inside": habits.sign_inside,
        "retranslate_below": habits.retranslate_below,
        "kept": [share._asdict() for share in habits.kept],
        "meaning": list(explain_habits(habits)) if habits.revisions else [],
    }
    if examples:
        data["examples"] = {
            kind: {response: [seen.revision._asdict() for seen in some] for response, some in by_response.items()}
            for kind, by_response in examples.items()
        }
    return data


def _show(name: str, habits: Habits, baseline: str, out: Output) -> None:
    from bot.report.habits import explain_habits, habit_shown

    out.heading(name)
    if not habits.revisions:
        recorded = "its lock file records" if baseline == "infer" else "it records"
        out.say(
            f"nothing is learned, so the defaults apply: no one brought a translation in step with the English that "
            f"{recorded}"
        )
        return
    out.say(f"learned from {counted(habits.revisions, 'sentence')} that people brought in step with the English")
    rows = [
        [kind, str(carried), str(left), habit_shown(kind, habits)] for kind, (carried, left) in habits.counts.items()
    ]
    if rows:
        rows.sort(key=lambda row: -int(row[1]) - int(row[2]))
        out.table(["kind of change", "carried over", "left", "habit"], rows)
    for sentence in explain_habits(habits):
        out.say(sentence)


def _show_examples(examples: dict[str, dict[str, list[Observation]]], out: Output) -> None:
    for kind, by_response in examples.items():
        for response, observations in by_response.items():
            out.heading(f"{kind}: {response}")
            for observation in observations:
                revision = observation.revision
                out.say(f"{revision.path}")
                out.say(f"  English      {_line(revision.base)}")
                out.say(f"  became       {_line(revision.new)}")
                out.say(f"  translation  {_line(revision.before)}")
                out.say(f"  became       {_line(revision.after)}")


def _line(text: str) -> str:
    return " ".join(text.split())

"""`amts habits`: what the people of each language carry over when the English changes, learned from its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opened import OpenedProject, open_project
from bot.cli.options import given
from bot.cli.output import Output
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.book.edition import LanguageEdition
    from bot.repair import Habits, Observation

_MAX_EXAMPLES = 3


@given(open_project)
def command(
    opened: OpenedProject,
    examples: Annotated[bool, typer.Option("--examples", help="Show sentences that it was learned from.")] = False,
) -> None:
    out = opened.out
    data: dict[str, object] = {}
    for name in opened.names:
        with opened.edition(name) as edition:
            habits = edition.habits
            observations = _observations(edition) if examples else []
        shown = _examples(observations)
        data[name] = _as_data(habits, shown)
        _show(name, habits, edition.settings.baseline, out)
        _show_examples(shown, out)
    out.data({"languages": data})


def _observations(edition: LanguageEdition) -> list[Observation]:
    from bot.repair import observe

    revisions = edition.past_revisions.read(edition.habits_cache, edition.runner)
    observed = (observe(revision, edition.direction) for revision in revisions)
    return [observation for observation in observed if observation is not None]


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

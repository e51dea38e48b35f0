"""`amts engines`: the kinds of engines, built in or of installed packages, as they declare themselves."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from inspect import getdoc
from typing import TYPE_CHECKING

from bot.cli.options import given
from bot.cli.output import Output, make_output
from bot.errors import ConfigError, install_hint

if TYPE_CHECKING:
    from bot.engines import EngineSettings


@dataclass(frozen=True, slots=True)
class _Need:
    """What an engine needs, and whether it is there (None: nobody can say)."""

    what: str
    is_there: bool | None
    advice: str = ""

    def __str__(self) -> str:
        if self.is_there is None:
            return self.what
        return f"{self.what} ({'there' if self.is_there else self.advice or 'missing'})"


@given(make_output)
def command(out: Output) -> None:
    from bot.engines import ENGINES

    kinds: list[dict[str, object]] = []
    for kind in ENGINES:
        package = ENGINES.package(kind)
        name = f"{kind} ({package})" if package else kind
        try:
            settings = ENGINES[kind]
        except ConfigError as error:  # of a package: the others are listed all the same
            kinds.append({"kind": kind, "package": package, "problem": str(error)})
            out.say(f"{name}: {error}")
            continue
        about, needs = settings.about, list(_needs(settings))
        kinds.append(
            {
                "kind": kind,
                "package": package,
                "description": _description(settings),
                "taught": [lesson.name.lower() for lesson in about.lessons],
                "needs": [{"what": need.what, "is_there": need.is_there} for need in needs],
            }
        )
        taught = _and([lesson.value for lesson in about.lessons]) if about.lessons else "nothing"
        needed = _and(list(map(str, needs))) if needs else "nothing"
        out.say(f"{name}: {_description(settings)}. Is taught {taught}. Needs {needed}.")
    out.data(kinds)


def _needs(settings: type[EngineSettings]) -> list[_Need]:
    about = settings.about
    needs: list[_Need] = []
    if about.extra:
        needs.append(_Need(f"the extra {about.extra}", find_spec(about.module) is not None, install_hint(about.extra)))
    if about.credentials:
        needs.append(_Need(about.credentials, None))
    if about.variable:
        is_set = bool(os.environ.get(about.variable, "").strip())
        optional = ", if its server asks for one" if about.variable_optional else ""
        what = f"a key in the environment variable {about.variable}{optional}"
        needs.append(_Need(what, is_set if is_set or not about.variable_optional else None, "not set"))
    required = [name for name, field in settings.model_fields.items() if field.is_required() and name != "kind"]
    if required:
        needs.append(_Need(f"the settings {_and(required)}", None))
    return needs


def _description(settings: type[EngineSettings]) -> str:
    """The first sentence of what the settings say of themselves."""
    return " ".join((getdoc(settings) or "").split()).partition(". ")[0].rstrip(".")


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))

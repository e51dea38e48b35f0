"""`amts accept`: lists the stale sentences of a language, or accepts them as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opened import OpenedProject, open_languages
from bot.cli.options import DEFAULT_CONFIG, ConfigOption, Json, Quiet, given
from bot.cli.output import Output, pull_request_data
from bot.errors import RepositoryError, UsageError
from bot.report.markdown import counted

if TYPE_CHECKING:
    from bot.forge.base import Published
    from bot.sync.acceptance import StaleScope
    from bot.sync.stale import StandingSentence


def _open(config: ConfigOption = DEFAULT_CONFIG, as_json: Json = False, quiet: Quiet = False) -> OpenedProject:
    return open_languages(config, None, as_json, quiet)


@given(_open)
def command(
    opened: OpenedProject,
    language: Annotated[str, typer.Argument(help="A language of the configuration.")],
    path: Annotated[list[str] | None, typer.Argument(help="Accept what is stale in these files or folders.")] = None,
    line: Annotated[int | None, typer.Option(min=1, help="Accept only what is stale on this line of PATH.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Accept all stale sentences of the language.")] = False,
) -> None:
    """Accept translations that stand although their English changed, or list them.

    Without a path, each stale sentence is listed with the difference of its English and its translation. With paths, or
    with --all, a commit records that the translations are right for the English of today. It is added to the open pull
    request of the language; if none is open, one is opened.
    """
    from bot.sync.acceptance import is_recorded, propose_acceptance, read_stale_scopes

    paths = path or []
    if everything and paths:
        raise UsageError("--all means every file; leave the paths out, or --all")
    if line is not None and len(paths) != 1:
        raise UsageError("--line needs one path")
    opened.project.select([language])
    listing = f"`amts accept {language}` lists the stale sentences"
    with opened.edition(language) as edition:
        scopes = list(read_stale_scopes(edition))
        if not everything and not paths:
            _list(language, scopes, opened.out)
            return
        if line is not None and not any(one.path == paths[0] for scope in scopes for one in scope.sentences):
            raise UsageError(f"no file {paths[0]} has a stale sentence, and --line needs one; {listing}")
        chosen = [replace(scope, sentences=_chosen(scope, paths, line)) for scope in scopes]
        for wanted in paths:
            if not any(_is_in(one, [wanted]) for scope in chosen for one in scope.sentences):
                place = f"{wanted}:{line}" if line else wanted
                raise UsageError(f"nothing is stale in {place}; {listing}")
        proposed = [(scope, propose_acceptance(edition, scope)) for scope in chosen if scope.sentences]
    done = [(scope, published) for scope, published in proposed if is_recorded(published)]
    accepted = [one for scope, _ in done for one in scope.sentences]
    pulls = [published.pull_request for _, published in done if published.pull_request]
    opened.out.data({"accepted": _data(accepted), "pull_requests": [pull_request_data(pull) for pull in pulls]})
    if not proposed:
        opened.out.say(f"{language}: nothing is stale")
    elif accepted:
        opened.out.say(f"{language}: {counted(len(accepted), 'sentence')} accepted")
    for pull in pulls:
        opened.out.say(f"{language}: recorded in {pull.location or pull.branch}")
    for warning in (warning for _, published in done for warning in published.warnings):
        opened.out.say(f"{language}: {warning}")
    refused = [_refusal(scope, published) for scope, published in proposed if not is_recorded(published)]
    if refused:
        raise RepositoryError("\n".join(refused))


def _refusal(scope: StaleScope, published: Published) -> str:
    from bot.forge.base import Outcome

    number = f"{scope.scope.label}: {counted(len(scope.sentences), 'sentence')} not accepted"
    if published.outcome is Outcome.DECLINED and published.pull_request:
        return f"{number}: people closed the same pull request, {published.pull_request.location}; reopen it"
    return f"{number}: {published.reason or 'the branch has it already'}"


def _chosen(scope: StaleScope, paths: Sequence[str], line: int | None) -> list[StandingSentence]:
    chosen = [one for one in scope.sentences if not paths or _is_in(one, paths)]
    return [one for one in chosen if line is None or one.first <= line <= one.last]


def _is_in(one: StandingSentence, patterns: Sequence[str]) -> bool:
    from bot.config import matches

    return matches(one.path, tuple(patterns))


def _list(language: str, scopes: Sequence[StaleScope], out: Output) -> None:
    from bot.report.word_changes import word_diff

    sentences = [one for scope in scopes for one in scope.sentences]
    out.data({"stale": _data(sentences)})
    for one in sentences:
        english, now = " ".join(one.sentence.english), " ".join(one.sentence.now)
        out.say(f"{one.path}:{one.first}: {word_diff(english, now)}")
        out.say(f"    {' '.join(one.sentence.translation)}")
    out.say(f"{language}: {counted(len(sentences), 'stale sentence')}")


def _data(sentences: Sequence[StandingSentence]) -> list[dict[str, object]]:
    return [
        {
            "path": one.path,
            "line": one.first,
            "english": " ".join(one.sentence.english),
            "now": " ".join(one.sentence.now),
            "translation": " ".join(one.sentence.translation),
        }
        for one in sentences
    ]

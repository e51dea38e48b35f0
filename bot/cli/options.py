"""Options that several commands share. Imports nothing that is slow to load."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated

import typer

from bot.parallel_data.options import Format, Level

DEFAULT_CONFIG = Path("amts.yaml")

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
Languages = Annotated[
    list[str] | None, typer.Option("--language", "-l", help="Only this language of the configuration (repeatable).")
]
NamedLanguages = Annotated[
    list[str], typer.Option("--language", "-l", help="A language of the configuration (repeatable).")
]
LanguageCode = Annotated[str, typer.Option("--language", "-l", help="Language of the translation, such as zh.")]
SourceCode = Annotated[str, typer.Option("--source-language", help="Language of the source.")]
Paths = Annotated[
    list[str] | None, typer.Option("--path", help="Only files that match this .gitignore pattern (repeatable).")
]
OutputFile = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file to write (default: standard output).")
]
OutputFolder = Annotated[Path, typer.Option("--output", "-o", help="The folder to write to.")]
PairLevel = Annotated[Level, typer.Option("--level", help="What a pair is: two sentences or two paragraphs.")]
PairFormat = Annotated[Format, typer.Option("--format", help="The format of the pairs.")]
MinScore = Annotated[float, typer.Option(min=0, max=1, help="Leave out pairs whose alignment scores less.")]
Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Number of processes (default: one per processor).")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
QuietDocument = Annotated[bool, typer.Option("--quiet", "-q", help="Print the document and errors only.")]


def given(make: Callable[..., object]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorates a command whose first argument `make` makes from options that several commands share: the command takes
    the options of both functions, its own first."""
    shared = signature(make, eval_str=True).parameters

    def decorate(run: Callable[..., None]) -> Callable[..., None]:
        def command(**options: object) -> None:
            run(make(**{name: options.pop(name) for name in shared}), **options)

        own = list(signature(run, eval_str=True).parameters.values())[1:]
        parameters = [option.replace(kind=Parameter.KEYWORD_ONLY) for option in (*own, *shared.values())]
        command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {option.name: option.annotation for option in parameters}
        command.__doc__ = run.__doc__
        return command

    return decorate

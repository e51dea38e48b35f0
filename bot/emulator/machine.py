"""The emulator's machine: recorded translations, parallel data, terminology, and else a visible stand-in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from pathlib import Path

from bot.emulator.languages import primary_code
from bot.emulator.pieces import Piece, Words, plain
from bot.emulator.recorded import Recorded, fit, same_nesting
from bot.emulator.settings import Fallback
from bot.errors import InputError
from bot.memory.reading import FORMATS, MemoryFormat, read_memory

# Parallel data says how this text is to be translated, as far as a text is this much like its example.
CLOSE = 0.85
_ACCENTS = str.maketrans(
    "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz", "ÀàƁƀĆćĎďÉéƑƒĜĝĤĥÎîĴĵĶķĹĺṀṁŃńÖöṔṕɊɋŔŕŠšŤťÛûṼṽŴŵẊẋÝýŽž"
)
_EXPANSION = 0.3


@dataclass(frozen=True)
class Resources:
    """What a request names: examples from parallel data, and terms (source text to target text)."""

    examples: Recorded = field(default_factory=lambda: Recorded(()))
    terms: Mapping[str, str] = field(default_factory=dict)


class Machine:
    """Translates blocks. Reads each memory file once for each pair of languages that is asked for."""

    def __init__(self, memory: Sequence[Path], fallback: Fallback) -> None:
        self._files = [(path, _format(path), _read(path)) for path in memory]
        self._fallback = fallback
        self._recorded: dict[tuple[str, str], Recorded] = {}
        for path, form, data in self._files:
            # What can't be read shall be told now, not in the middle of a job.
            codes: list[str] = []
            read_memory(data, form, partial(_side, codes), str(path))

    def translator(self, source: str, target: str, resources: Resources) -> Callable[[Sequence[Piece]], list[Piece]]:
        """What translates blocks between these languages. Exact parallel data comes before recorded translations, and
        these before parallel data for a similar text."""
        recorded = self._memory(source, target)

        def translate(pieces: Sequence[Piece]) -> list[Piece]:
            if source == target:
                return list(pieces)
            for look_up in (resources.examples.exact, recorded.exact, partial(resources.examples.close, floor=CLOSE)):
                found = look_up(pieces)
                fitted = fit(found, pieces) if found is not None else []
                # A machine would not break up elements for the sake of an example.
                if fitted and same_nesting(fitted, pieces):
                    return _with_terms(fitted, resources.terms)
            if self._fallback is Fallback.COPY:
                return _with_terms(pieces, resources.terms)
            return _pseudo(pieces, resources.terms)

        return translate

    def _memory(self, source: str, target: str) -> Recorded:
        if (source, target) not in self._recorded:
            sides = {source: 0, target: 1}
            pairs = [
                (unit.source, unit.target)
                for path, form, data in self._files
                for unit in read_memory(data, form, lambda code: sides.get(primary_code(code)), str(path))
            ]
            self._recorded[(source, target)] = Recorded(pairs)
        return self._recorded[(source, target)]


def applied_terms(text: str, terms: Mapping[str, str]) -> list[tuple[str, str]]:
    """The terms that occur in the text, case and all, as whole words; at most 250, as the service tells them."""
    pattern = _terms_pattern(terms)
    found = dict.fromkeys(pattern.findall(text)) if pattern else {}
    return [(term, terms[term]) for term in found][:250]


def _with_terms(pieces: Sequence[Piece], terms: Mapping[str, str]) -> list[Piece]:
    """Terms that stand in the output in the source language, replaced."""
    pattern = _terms_pattern(terms)
    if pattern is None:
        return list(pieces)
    return [
        Words(pattern.sub(lambda match: terms[match[0]], piece.text)) if isinstance(piece, Words) else piece
        for piece in pieces
    ]


def _pseudo(pieces: Sequence[Piece], terms: Mapping[str, str]) -> list[Piece]:
    """The block accented, longer, and in brackets that no translation has; terms and placeables as they are."""
    pattern = _terms_pattern(terms)
    accented: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, Words):
            accented.append(piece)
            continue
        parts: list[str] = []
        at = 0
        for match in pattern.finditer(piece.text) if pattern else ():
            parts += [piece.text[at : match.start()].translate(_ACCENTS), terms[match[0]]]
            at = match.end()
        accented.append(Words("".join([*parts, piece.text[at:].translate(_ACCENTS)])))
    more = "~" * ceil(len(plain(pieces)) * _EXPANSION)
    return [Words("⟦"), *_trimmed(accented), Words(f" {more}⟧")]


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Without white space at the ends."""
    first, last = pieces[0], pieces[-1]
    if isinstance(first, Words):
        pieces[0] = first = Words(first.text.lstrip())
    if len(pieces) == 1:
        last = first
    if isinstance(last, Words):
        pieces[-1] = Words(last.text.rstrip())
    return pieces


def _terms_pattern(terms: Mapping[str, str]) -> re.Pattern[str] | None:
    if not terms:
        return None
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile("|".join(rf"(?<!\w){re.escape(term)}(?!\w)" for term in longest_first))


def _side(codes: list[str], code: str) -> int:
    """Any file has a pair of languages if its first is the source and any other the target."""
    codes.append(code)
    return int(code != codes[0])


def _format(path: Path) -> MemoryFormat:
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InputError(f"{path}: is no memory file; its name must end in {', '.join(FORMATS)}")
    return form


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None

"""The emulator's machine: parallel data, recorded translations, terms; else a text that is visibly no translation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from pathlib import Path

from bot.emulator.languages import primary_code
from bot.emulator.pieces import MarkupWords, Piece, Translate, plain
from bot.emulator.recorded import Recorded, fit, same_nesting
from bot.emulator.settings import Fallback
from bot.errors import InputError
from bot.memory.formats import FORMATS, MemoryFormat, read_memory

# Parallel data decides the translation of a text that is at least this similar to an example.
_MIN_SIMILARITY = 0.85
_ACCENTS = str.maketrans(
    "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz", "ÀàƁƀĆćĎďÉéƑƒĜĝĤĥÎîĴĵĶķĹĺṀṁŃńÖöṔṕɊɋŔŕŠšŤťÛûṼṽŴŵẊẋÝýŽž"
)
_EXPANSION_SHARE = 0.3


@dataclass(frozen=True)
class Resources:
    """The resources that a request names: examples from parallel data, and terms (source text to target text)."""

    examples: Recorded = field(default_factory=lambda: Recorded(()))
    terms: Mapping[str, str] = field(default_factory=dict)


class Machine:
    """Translates blocks. Reads each memory file once for each pair of languages."""

    def __init__(self, memory: Sequence[Path], fallback: Fallback) -> None:
        self._files = [(path, *_read(path)) for path in memory]
        self._fallback = fallback
        self._recorded: dict[tuple[str, str], Recorded] = {}
        for path, form, data in self._files:
            # A broken file is an error now, not in the middle of a job. The first language counts as the source.
            codes: list[str] = []
            read_memory(data, form, partial(_side, codes), str(path))

    def translator(self, source: str, target: str, resources: Resources) -> Translate:
        """The order of precedence: parallel data for the same text, recorded translations, parallel data for a similar
        text, the fallback."""
        recorded = self._memory(source, target)

        def translate(pieces: Sequence[Piece]) -> list[Piece]:
            if source == target:
                return list(pieces)
            close = partial(resources.examples.close, floor=_MIN_SIMILARITY)
            for look_up in (resources.examples.exact, recorded.exact, close):
                recorded_text = look_up(pieces)
                fitted = fit(recorded_text, pieces) if recorded_text is not None else []
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
    """The terms that occur in the text as whole words in the same case; at most 250, as in the service's answers."""
    occurring = dict.fromkeys(_terms_pattern(terms).findall(text))
    return [(term, terms[term]) for term in occurring][:250]


def _with_terms(pieces: Sequence[Piece], terms: Mapping[str, str], alter: Callable[[str], str] = str) -> list[Piece]:
    """The pieces with their terms translated, and the words between terms altered."""
    pattern = _terms_pattern(terms)
    replaced: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, MarkupWords):
            # Every second part is a term.
            parts = enumerate(pattern.split(piece.text))
            piece = MarkupWords("".join(terms[part] if i % 2 else alter(part) for i, part in parts))
        replaced.append(piece)
    return replaced


def _pseudo(pieces: Sequence[Piece], terms: Mapping[str, str]) -> list[Piece]:
    """The block with accents, longer, and in brackets that no translation has. Terms are translated."""
    accented = _with_terms(pieces, terms, lambda words: words.translate(_ACCENTS))
    for at, strip in ((0, str.lstrip), (-1, str.rstrip)):
        if isinstance(end := accented[at], MarkupWords):
            accented[at] = MarkupWords(strip(end.text))
    more = "~" * ceil(len(plain(pieces)) * _EXPANSION_SHARE)
    return [MarkupWords("⟦"), *accented, MarkupWords(f" {more}⟧")]


def _terms_pattern(terms: Mapping[str, str]) -> re.Pattern[str]:
    """Matches one of the terms as its only group; nothing if there are none."""
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)" if terms else "((?!))")


def _side(codes: list[str], code: str) -> int:
    codes.append(code)
    return int(code != codes[0])


def _read(path: Path) -> tuple[MemoryFormat, bytes]:
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InputError(f"{path}: is no memory file; its name must end in {', '.join(FORMATS)}")
    try:
        return form, path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None

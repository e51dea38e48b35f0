"""Faults on request. All are deterministic: they count calls, jobs, documents and sentences."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from bot.emulator.pieces import MarkupPlaceable, MarkupTag, Piece, Translate, plain


class FaultKind(StrEnum):
    """Calls are throttled, answered with a 500, or their connection breaks before or after they take effect. Jobs fail,
    take longer, or have a document fail. Sentences have their placeables lost, doubled, swapped or nested."""

    THROTTLE = "throttle"
    ERROR = "error"
    DROP = "drop"
    DROP_BEFORE = "drop-before"
    FAIL_JOB = "fail-job"
    SLOW_JOB = "slow-job"
    FAIL_DOCUMENT = "fail-document"
    LOSE = "lose"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    NEST = "nest"


CALL_FAULTS = (FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.DROP_BEFORE, FaultKind.DROP)
SENTENCE_FAULTS = (FaultKind.LOSE, FaultKind.DUPLICATE, FaultKind.REORDER, FaultKind.NEST)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that happens `times` times (None: until a reset).

    `match` is a shell pattern for the operation of a call (for moto's services `s3:GET`, `sts:POST` …), the name or id
    of a job, the path of a document below the input folder, or the text of a sentence and its placeables. `every` hits
    every k-th sentence that has a placeable, counted per job and language, and over all texts of TranslateText.
    `seconds` is how much longer a slow job takes.
    """

    kind: FaultKind
    match: str = "*"
    times: int | None = None
    every: int = 1
    seconds: float = 0.0


def read_fault(data: Mapping[str, Any]) -> Fault:
    """A fault from JSON with the keys of `Fault`. Raises ValueError."""
    known = {field.name for field in fields(Fault)}
    if unknown := set(data) - known:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; a fault has {', '.join(sorted(known))}")
    if data.get("kind") not in set(FaultKind):
        raise ValueError(f'unknown kind "{data.get("kind")}"; known are {", ".join(FaultKind)}')
    fault = Fault(**{**data, "kind": FaultKind(data["kind"])})
    if fault.every < 1 or fault.seconds < 0 or (fault.times is not None and fault.times < 1):
        raise ValueError("every and times start at 1, seconds at 0")
    return fault


class Faults:
    """The faults that are still to happen. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._pending.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._pending.clear()

    def take(self, kinds: tuple[FaultKind, ...], *names: str) -> Fault | None:
        """Uses up one occurrence of the oldest pending fault of these kinds that matches one of the names."""
        with self._lock:
            for number, fault in enumerate(self._pending):
                if fault.kind in kinds and any(fnmatchcase(name, fault.match) for name in names):
                    if fault.times == 1:
                        del self._pending[number]
                    elif fault.times is not None:
                        self._pending[number] = replace(fault, times=fault.times - 1)
                    return fault
        return None

    def pending(self) -> list[dict[str, object]]:
        with self._lock:
            return [asdict(fault) for fault in self._pending]

    def damaging(self, translate: Translate, number: Iterator[int]) -> Translate:
        """Numbers the sentences that have a placeable, and damages the sentences that match a fault."""

        def translate_and_damage(pieces: Sequence[Piece]) -> Sequence[Piece]:
            translated = translate(pieces)
            if not any(isinstance(piece, MarkupPlaceable) for piece in pieces):
                return translated
            sentence, text = next(number), plain(pieces)
            with self._lock:
                faults = [fault for fault in self._pending if fault.kind in SENTENCE_FAULTS]
            kinds = [it.kind for it in faults if sentence % it.every == 0 and fnmatchcase(text, it.match)]
            return damage(translated, kinds[0]) if kinds else translated

        return translate_and_damage


def damage(pieces: Sequence[Piece], kind: FaultKind) -> list[Piece]:
    """The block with damaged placeables; unchanged if it has too few of them."""
    places = [at for at, piece in enumerate(pieces) if isinstance(piece, MarkupPlaceable)]
    damaged = list(pieces)
    if not places:
        return damaged
    match kind:
        case FaultKind.LOSE:
            del damaged[places[-1]]
        case FaultKind.DUPLICATE:
            damaged.append(pieces[places[0]])
        case FaultKind.REORDER if len(places) > 1:
            first, last = places[0], places[-1]
            damaged[first], damaged[last] = damaged[last], damaged[first]
        case FaultKind.NEST:
            _nest(damaged, places)
        case _:
            pass
    return damaged


def _nest(pieces: list[Piece], places: Sequence[int]) -> None:
    """Moves the last placeable into the previous placeable; moves an only placeable to the end of the first tag
    pair."""
    if len(places) > 1:
        inner = pieces.pop(places[-1])
        outer = pieces[places[-2]]
        if isinstance(inner, MarkupPlaceable) and isinstance(outer, MarkupPlaceable):
            opening, slash, closing = outer.raw.rpartition("</")
            raw = f"{opening}{inner.raw}{slash}{closing}" if slash else outer.raw + inner.raw
            pieces[places[-2]] = MarkupPlaceable(raw, outer.content + inner.content)
        return
    closing_tags = [at for at, piece in enumerate(pieces) if isinstance(piece, MarkupTag) and not piece.opens]
    if closing_tags:
        pieces.insert(closing_tags[0], pieces.pop(places[0]))

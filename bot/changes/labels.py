"""Labels are the same by name, whatever stands around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.model import Bead, Document, Kind


def pair_labels(beads: Sequence[Bead], base: Document, new: Document, target: Document) -> list[Bead]:
    """The beads, with each label that both sides have once in a bead with itself. What an aligner had linked with it is
    without a counterpart; so is a label that translators took over from the new English already."""
    added = _by_name(new).keys() - _by_name(base).keys()
    ahead = {(i,) for name, i in _by_name(target).items() if name in added}
    beads = [
        part
        for bead in beads
        for part in ((Bead(bead.source, (), 1.0), Bead((), bead.target, 1.0)) if bead.target in ahead else (bead,))
        if part.source or part.target
    ]
    ours, theirs = _by_name(base), _by_name(target)
    pairs = {ours[name]: theirs[name] for name in ours.keys() & theirs.keys()}
    linked = {(bead.source, bead.target) for bead in beads}
    wrong = {(b,): (t,) for b, t in sorted(pairs.items()) if ((b,), (t,)) not in linked}
    if not wrong:
        return list(beads)
    targets = set(wrong.values())
    kept: list[Bead] = []
    for bead in beads:
        if bead.source in wrong:
            kept.append(Bead(bead.source, wrong[bead.source], 1.0))
            if bead.target and bead.target not in targets:
                kept.append(Bead((), bead.target, 1.0))
        elif bead.target not in targets:
            kept.append(bead)
        elif bead.source:
            kept.append(Bead(bead.source, (), 1.0))
    return kept


def _by_name(document: Document) -> dict[str, int]:
    """The labels that the document has once."""
    names = [(s.text.strip(), i) for i, s in enumerate(document.segments) if s.kind is Kind.LABEL]
    counts = Counter(name for name, _ in names)
    return {name: i for name, i in names if counts[name] == 1}

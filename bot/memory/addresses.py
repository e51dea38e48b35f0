"""Sentences that differ in nothing but the addresses of their links: their translations do, too."""

from __future__ import annotations

import re

# The address of a link, with its title, in a folded text; and an address that stands for itself.
_ADDRESS = re.compile(r"""(?<=\]\()(?:[^()\s]|\([^()\s]*\))+(?=(?:\s"[^"]*")?\))|(?<=<)[a-z][a-z+.-]+:[^\s<>]+(?=>)""")
_SLOT = "\0"
# Signs of code and formulas, which the two sides of a unit must have in common.
_OTHER_MARKUP = frozenset("`$")


def without_addresses(text: str) -> str:
    """The text with a slot in the place of each address; "" if it has none."""
    found = _ADDRESS.sub(_SLOT, text)
    return found if found != text else ""


def with_addresses(source: str, target: str, text: str, *, complete: bool) -> str | None:
    """The translation of `text`, which is `source` but for its addresses, by the translation `target` of `source`: the
    words of `target` and the addresses of `text`. None if it is uncertain which address goes where, or if `target` may
    lack something else (it is not `complete`)."""
    old, new, theirs = (_ADDRESS.findall(side) for side in (source, text, target))
    if len(old) != len(theirs):
        return None
    if len(old) == 1:
        # People may lead their readers to a page of their own.
        return _ADDRESS.sub(lambda _: new[0], target) if complete or _OTHER_MARKUP.isdisjoint(source + target) else None
    if not complete or len(set(old)) < len(old) or {*old} != {*theirs}:
        return None
    becomes = dict(zip(old, new, strict=True))
    return _ADDRESS.sub(lambda match: becomes[match[0]], target)

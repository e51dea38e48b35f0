"""A directive's closing line is linked where its opening line is: `:end_tab:` looks alike everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.alignment.tables import Link


def with_closed_directives(
    links: Iterable[Link], source: Sequence[tuple[int, int]], target: Sequence[tuple[int, int]]
) -> list[Link]:
    """The links with those of closing lines made anew. `source` and `target` are (opening, closing) segments."""
    left, right = dict(source), dict(target)
    closing_left, closing_right = set(left.values()), set(right.values())
    kept: list[Link] = []
    for link in links:
        on_left = link.shape[0] > 0 and link.source in closing_left
        on_right = link.shape[1] > 0 and link.target in closing_right
        if not on_left and not on_right:
            kept.append(link)
        elif link.shape[0] and not on_left:
            kept.append(Link(link.source, link.target, (1, 0), probability=link.probability))
        elif link.shape[1] and not on_right:
            kept.append(Link(link.source, link.target, (0, 1), probability=link.probability))
    pairs = [
        Link(left[link.source], right[link.target], (1, 1), probability=link.probability)
        for link in kept
        if link.shape == (1, 1) and link.source in left and link.target in right
    ]
    alone_left = closing_left - {pair.source for pair in pairs}
    alone_right = closing_right - {pair.target for pair in pairs}
    kept += pairs
    kept += [Link(index, 0, (1, 0)) for index in sorted(alone_left)]
    kept += [Link(0, index, (0, 1)) for index in sorted(alone_right)]
    return kept

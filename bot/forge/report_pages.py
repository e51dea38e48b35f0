"""The files of a full report, and the link to them in the body of a pull request."""

from __future__ import annotations

from collections.abc import Sequence


def report_files(pages: Sequence[str], first: str) -> dict[str, bytes]:
    """By name: the page `first`, which links to the others, then `report-2.md` and so on."""
    return {f"report-{number}.md" if number > 1 else first: page.encode() for number, page in enumerate(pages, 1)}


def without_report_link(body: str) -> str:
    """The body of a pull request whose report could not be published."""
    return body.replace("[full report][report]", "full report, which could not be published")


def with_report_link(body: str, address: str) -> str:
    """The body with the address that its `[report]` links lead to."""
    return f"{body.rstrip()}\n\n[report]: {address}\n"

"""Terms that people correct in the machine's drafts, proposed in the next pull request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.book.glossaries import terms_in_force
from bot.drafts.corrections import MergedDraft, read_drafts
from bot.errors import UsageError
from bot.glossary.mining import MiningSentence, TermProposal, mine
from bot.glossary.terms import check_side
from bot.parallel_data.term_sentences import mining_sentences
from bot.report.commands import term_command
from bot.report.terms import TermOffer, read_offers, terms_section

# Of the latest merged pull requests the drafts are read; what they offered in vain is not offered again.
_RECENT = 5
_MOST = 10
# As much as the body of a pull request has for it.
_ROOM = 3_000


def propose_terms(edition: LanguageEdition) -> str:
    """The section of a pull request, "" where there is nothing to propose. The machine's drafts are those of the latest
    merged pull requests, the human side is the published book. Left out is what the glossary has, the terms that people
    recorded included (see `with_recorded_terms`). Raises RepositoryError where the host can't be asked."""
    merged = edition.fetch_merged(_RECENT)
    cache = Cache(edition.project.cache / "corrections")
    drafted = [one for each in reversed(merged) for one in read_drafts(edition, each, cache)]
    if not any(one.draft != one.final for one in drafted):
        return ""
    sentences = _with_drafts(mining_sentences(edition, ()), drafted)
    offered = frozenset[tuple[str, str]]().union(*(read_offers(each.pull.body) for each in merged))
    by_comment = edition.project.host.profile.reads_commands
    offers = [
        TermOffer(one, _accepting(one, by_comment=by_comment))
        for one in _mine(edition, sentences, cache)
        if (one.source, one.target) not in offered and _can_be_accepted(one)
    ]
    return terms_section(offers[:_MOST], _ROOM, by_comment=by_comment)


def _with_drafts(book: Sequence[MiningSentence], drafted: Sequence[MergedDraft]) -> list[MiningSentence]:
    """Those of the book, with what the machine said last to the same source; and what was drafted and merged once, but
    is not in the book any more."""
    said = {one.source: one for one in drafted}
    sentences = [replace(one, draft=said[one.source].draft) if one.source in said else one for one in book]
    there = {one.source for one in book}
    return sentences + [
        MiningSentence(one.source, one.final, one.path, one.draft) for one in said.values() if one.source not in there
    ]


def _mine(edition: LanguageEdition, sentences: Sequence[MiningSentence], cache: Cache) -> list[TermProposal]:
    """It takes seconds for a large book, and every pull request of a language asks for the same."""
    known = terms_in_force(edition.project, edition.name)
    key = cache_key("mined", edition.direction, *known, *sentences)
    found: Any = cache.get(key)
    if found is not None:
        return [_proposal(row) for row in found]
    proposals = mine(sentences, edition.direction, known)
    cache.put(key, [asdict(one) for one in proposals])
    cache.trim()
    return proposals


def _proposal(row: dict[str, Any]) -> TermProposal:
    others = tuple((text, count) for text, count in row["others"])
    return TermProposal(
        **{**row, "others": others, "examples": tuple(MiningSentence(**one) for one in row["examples"])}
    )


def _accepting(proposal: TermProposal, *, by_comment: bool) -> str:
    return term_command(proposal.source, proposal.target) if by_comment else f"{proposal.source},{proposal.target}"


def _can_be_accepted(proposal: TermProposal) -> bool:
    """Whether the command or the line of a glossary that adds the term is read as this term, also when a person copies
    it out of a table, where a bar is escaped."""
    try:
        sides = check_side(proposal.source), check_side(proposal.target)
    except UsageError:
        return False
    text = proposal.source + proposal.target
    return sides == (proposal.source, proposal.target) and text.isprintable() and not set(text) & set('|,"“”')

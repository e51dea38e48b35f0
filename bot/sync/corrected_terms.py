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

# The latest merged pull requests, whose drafts are read. A term that one of them offered in vain is not offered again.
_RECENT_PULL_REQUESTS = 5
_MAX_TERMS = 10
_MAX_SECTION_CHARACTERS = 3_000


def propose_terms(edition: LanguageEdition) -> str:
    """The section of a pull request on terms, "" if there is nothing to propose. Compares the machine's drafts in the
    latest merged pull requests with the published book. Leaves out what the glossary of the engine has, recorded terms
    included (see `with_recorded_terms`). Raises RepositoryError if the host can't be asked."""
    merged = edition.fetch_merged(_RECENT_PULL_REQUESTS)
    cache = Cache(edition.project.cache / "corrections")
    drafts = [draft for pull in reversed(merged) for draft in read_drafts(edition, pull, cache)]
    if not any(draft.draft != draft.final for draft in drafts):
        return ""
    sentences = _with_drafts(mining_sentences(edition, ()), drafts)
    offered = frozenset[tuple[str, str]]().union(*(read_offers(pull.pull.body) for pull in merged))
    by_comment = edition.project.host.profile.reads_commands
    offers = [
        TermOffer(term, term_command(term.source, term.target) if by_comment else f"{term.source},{term.target}")
        for term in _mine(edition, sentences, cache)
        if (term.source, term.target) not in offered and _can_be_accepted(term)
    ]
    return terms_section(offers[:_MAX_TERMS], _MAX_SECTION_CHARACTERS, by_comment=by_comment)


def _with_drafts(book: Sequence[MiningSentence], drafts: Sequence[MergedDraft]) -> list[MiningSentence]:
    """The sentences of the book, each with the machine's last draft of the same source; and drafts that were merged
    once, but are not in the book any more."""
    last = {draft.source: draft for draft in drafts}
    known = {sentence.source for sentence in book}
    sentences = [
        replace(sentence, draft=last[sentence.source].draft) if sentence.source in last else sentence
        for sentence in book
    ]
    gone = [draft for source, draft in last.items() if source not in known]
    return sentences + [MiningSentence(draft.source, draft.final, draft.path, draft.draft) for draft in gone]


def _mine(edition: LanguageEdition, sentences: Sequence[MiningSentence], cache: Cache) -> list[TermProposal]:
    """Cached: mining a large book takes seconds, and every pull request of a language needs the same terms."""
    known = terms_in_force(edition.project, edition.name)
    key = cache_key("mined", edition.direction, *known, *sentences)
    rows: Any = cache.get(key)
    if rows is not None:
        return [_proposal(row) for row in rows]
    proposals = mine(sentences, edition.direction, known)
    cache.put(key, [asdict(proposal) for proposal in proposals])
    cache.trim()
    return proposals


def _proposal(row: dict[str, Any]) -> TermProposal:
    others = tuple((text, count) for text, count in row["others"])
    return TermProposal(
        **{**row, "others": others, "examples": tuple(MiningSentence(**one) for one in row["examples"])}
    )


def _can_be_accepted(proposal: TermProposal) -> bool:
    """Whether the command or the glossary line that adds the term is read as this very term, even if a person copies it
    from a table, which escapes a bar."""
    try:
        sides = check_side(proposal.source), check_side(proposal.target)
    except UsageError:
        return False
    text = proposal.source + proposal.target
    return sides == (proposal.source, proposal.target) and text.isprintable() and not set(text) & set('|,"“”')

"""Terms that people correct in the machine's drafts, proposed in the next pull request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from pydantic import TypeAdapter

from bot.book.cache import Cache, cache_key
from bot.book.edition import LanguageEdition
from bot.book.glossaries import terms_in_force
from bot.drafts.corrections import read_drafts
from bot.errors import UsageError
from bot.glossary.mining import MiningSentence, TermProposal, mine
from bot.glossary.terms import check_side
from bot.parallel_data.term_sentences import mining_sentences
from bot.report.commands import term_command
from bot.report.terms import TermOffer, read_offers, terms_section

# The latest merged pull requests, whose drafts are read. A term that was offered in one of them is not offered again.
_RECENT_PULL_REQUESTS = 5
_MAX_TERMS = 10
_MAX_SECTION_CHARACTERS = 3_000
_PROPOSALS = TypeAdapter(list[TermProposal])


def propose_terms(edition: LanguageEdition) -> str:
    """The section of a pull request on terms, "" if there is nothing to propose. Compares the machine's drafts in the
    latest merged pull requests with the published book, and leaves out terms in the engine's glossary, recorded ones
    included (see `with_recorded_terms`). Raises RepositoryError if the host can't be asked."""
    merged = edition.fetch_merged(_RECENT_PULL_REQUESTS)
    cache = Cache(edition.project.cache / "corrections")
    drafts = [draft for pull in reversed(merged) for draft in read_drafts(edition, pull, cache)]
    if not any(draft.draft != draft.final for draft in drafts):
        return ""
    last = {draft.source: draft for draft in drafts}
    sentences = [
        replace(sentence, draft=last[sentence.source].draft) if sentence.source in last else sentence
        for sentence in mining_sentences(edition, ())
    ]
    # Drafts that were merged, and whose source nobody translates in the book now: those that nobody touched, too, tell
    # what the machine does with a term.
    gone = last.keys() - {sentence.source for sentence in sentences}
    sentences += [
        MiningSentence(source, draft.final, draft.path, draft.draft) for source, draft in last.items() if source in gone
    ]
    offered = frozenset[tuple[str, str]]().union(*(read_offers(pull.pull.body) for pull in merged))
    by_comment = edition.project.host.profile.reads_commands
    offers = [
        TermOffer(term, term_command(term.source, term.target) if by_comment else f"{term.source},{term.target}")
        for term in _mine(edition, sentences, cache)
        if (term.source, term.target) not in offered and _can_be_accepted(term)
    ]
    return terms_section(offers[:_MAX_TERMS], _MAX_SECTION_CHARACTERS, by_comment=by_comment)


def _mine(edition: LanguageEdition, sentences: Sequence[MiningSentence], cache: Cache) -> list[TermProposal]:
    """Cached: mining a large book takes seconds, and every pull request of a language needs the same terms."""
    known = terms_in_force(edition.project, edition.name)
    key = cache_key("mined", edition.direction, *known, *sentences)
    proposed = cache.get(key, _PROPOSALS.validate_python)
    if proposed is not None:
        return proposed
    proposals = mine(sentences, edition.direction, known)
    cache.put(key, [asdict(proposal) for proposal in proposals])
    cache.trim()
    return proposals


def _can_be_accepted(proposal: TermProposal) -> bool:
    """Whether the command or the glossary line that adds the term is read as exactly this term, even if a person copies
    it from a table, which escapes a bar."""
    try:
        sides = check_side(proposal.source), check_side(proposal.target)
    except UsageError:
        return False
    text = proposal.source + proposal.target
    return sides == (proposal.source, proposal.target) and text.isprintable() and not set(text) & set('|,"“”')

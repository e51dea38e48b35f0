"""Candidate terms of the source: noun phrases with their C-value.

C-value: Frantzi, Ananiadou and Mima, "Automatic recognition of multi-word terms" (2000), with `1 + log2` of the length,
which counts single words too (Barrón-Cedeño et al., "An improved automatic term recognition method for Spanish", 2009).
Noun phrases are found without a tagger: function words end them (RAKE; Rose et al. 2010). Nouns often follow a
determiner, verbs an auxiliary.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from bot.glossary.mining.words import Runs, joined
from bot.model import Language

MAX_TERM_WORDS = 4
Words = tuple[str, ...]

_DETERMINER_WORDS = """
a an the this that these those each every some any no all both its our their his her my your such another other which
what same of
"""
_VERB_SIGNS = """
to we you i they he she it who can could will would shall should must may might cannot not don't doesn't didn't let's
let do does did please then also
"""
_OTHER_FUNCTION_WORDS = """
about above across after again against almost along already although always am among and are around as at be because
been before being below between but by during either else enough etc even ever few first following for from further
get gets given gives go goes had has have having hence here how however i.e e.g if in indeed instead into is isn't
aren't won't can't just last latter least less like likely made make makes making many me more most much namely nearly
need needs neither never next none nor now off often on once one only onto or otherwise out over own per perhaps quite
rather really recall regarding respectively said say second see seen set several since so something sometimes soon
still than thanks that's there therefore they're thing things third through throughout thus together too toward
towards two three four five typically under unless until up upon us use used uses using usually very via was way ways
we'll we're we've were when where whereas whether while whom whose why with within without yet you'll you're able
actually additional various different certain well simply new good better best same large small possible particular
specific important main recently currently finally moreover furthermore nonetheless nevertheless consequently
accordingly similarly specifically generally particularly especially consider suppose assume note show shown shows
let's lot lots kind bit fact sake it's there's here's doing done want wants called known based due according
"""
_DETERMINERS = frozenset(_DETERMINER_WORDS.split())
_BEFORE_VERBS = frozenset(_VERB_SIGNS.split())
_FUNCTION_WORDS = _DETERMINERS | _BEFORE_VERBS | frozenset(_OTHER_FUNCTION_WORDS.split())
_IDIOMS = frozenset({("for", "example"), ("for", "instance")})
# A noun ends a noun phrase with a determiner in at least this share of its occurrences…
_MIN_NOUN_SHARE = 0.08
# …and follows a pronoun, an auxiliary or "to" in at most this share; otherwise it is a verb.
_MAX_VERB_SHARE = 0.2
# In a language without a list, words in more than this share of the sentences are function words.
_FUNCTION_WORD_SHARE = 0.08
# A spelling is usual if it is this frequent beside the most frequent one.
_USUAL_SHARE = 0.15


@dataclass
class Candidate:
    """A term with the numbers of its sentences, its C-value, and its spellings with their counts."""

    words: Words
    sentences: list[int] = field(default_factory=list)
    occurrences: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    c_value: float = 0.0

    @property
    def text(self) -> str:
        """The shortest of the usual spellings: the singular unless it is rare."""
        usual = max(self.forms.values()) * _USUAL_SHARE
        return min((form for form, n in self.forms.items() if n >= usual), key=lambda form: (len(form), form))

    @property
    def folded(self) -> set[str]:
        """The spellings without regard to case."""
        return {form.casefold() for form in self.forms}

    def add(self, number: int, words: Words) -> None:
        """Adds an occurrence in a sentence; sentences come in ascending order."""
        if not self.sentences or self.sentences[-1] != number:
            self.sentences.append(number)
        self.occurrences += 1
        # A capital may be due to the position in a sentence or a title.
        self.forms[joined(tuple(word.lower() if word[1:].islower() else word for word in words))] += 1


def find_candidates(sentences: Sequence[Runs], language: Language, least: int) -> list[Candidate]:
    """Candidates in at least `least` sentences. English plurals in -s are counted with their singular."""
    english = language.code.partition("-")[0] == "en"
    lowered = [tuple(tuple(word.lower() for word in run) for run in runs) for runs in sentences]
    frequencies = Counter(word for runs in lowered for run in runs for word in run)
    function = function_words(sentences, language)
    nouns, verbs = _classes(lowered, function) if english else (frequencies, frozenset[str]())
    candidates: dict[Words, Candidate] = {}
    for number, (runs, cased) in enumerate(zip(lowered, sentences, strict=True)):
        for run, original in zip(runs, cased, strict=True):
            for start, stop in _spans(run, function):
                if run[stop - 1] not in nouns or any(word in verbs for word in run[start:stop]):
                    continue
                words = (*run[start : stop - 1], _singular(run[stop - 1], frequencies) if english else run[stop - 1])
                candidates.setdefault(words, Candidate(words)).add(number, original[start:stop])
    kept = {words: candidate for words, candidate in candidates.items() if len(candidate.sentences) >= least}
    _set_c_values(kept)
    return [candidate for candidate in kept.values() if candidate.c_value > 0]


def _spans(run: Words, function: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Every sequence of at most four content words."""
    for start in range(len(run)):
        for stop in range(start + 1, min(start + MAX_TERM_WORDS, len(run)) + 1):
            if run[stop - 1] in function or len(run[stop - 1]) < 2 or run[max(0, stop - 2) : stop] in _IDIOMS:
                break
            yield start, stop


def function_words(sentences: Sequence[Runs], language: Language) -> frozenset[str]:
    """Words without a meaning of their own, in lower case: a list for English, else the words of many sentences."""
    if language.code.partition("-")[0] == "en":
        return _FUNCTION_WORDS
    frequencies = Counter(word for runs in sentences for word in {word.lower() for run in runs for word in run})
    return frozenset(word for word, n in frequencies.items() if n > _FUNCTION_WORD_SHARE * len(sentences))


def _classes(sentences: Sequence[Runs], function: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The nouns and the verbs."""
    total, heads, verbs = Counter[str](), Counter[str](), Counter[str]()
    for run in (run for runs in sentences for run in runs):
        opened = False
        for place, word in enumerate(run):
            if word in function:
                opened = word in _DETERMINERS
                continue
            total[word] += 1
            before = run[place - 1] if place else ""
            verbs[word] += before in _BEFORE_VERBS
            heads[word] += opened and (place + 1 == len(run) or run[place + 1] in function)
    acting = frozenset(word for word, n in total.items() if verbs[word] > _MAX_VERB_SHARE * n)
    nouns = frozenset(
        word
        for word, n in total.items()
        if heads[word] > _MIN_NOUN_SHARE * n
        and not word.endswith(("ly", "ed"))
        and _singular(word, total) not in acting
    )
    return nouns, acting


def _singular(word: str, frequencies: Mapping[str, int]) -> str:
    """The word without its plural ending, if the book has that form too."""
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    forms = (word[:-3] + "y" if word.endswith("ies") else "", word[:-1], word[:-2] if word.endswith("es") else "")
    return next((form for form in forms if len(form) > 1 and frequencies.get(form, 0)), word)


def _set_c_values(candidates: Mapping[Words, Candidate]) -> None:
    """The C-value is the frequency minus the mean frequency of the longer candidates around, weighted by length."""
    longer: defaultdict[Words, list[int]] = defaultdict(list)
    for words, candidate in candidates.items():
        parts = {words[i:j] for i in range(len(words)) for j in range(i + 1, len(words) + 1)} - {words}
        for part in parts:
            longer[part].append(candidate.occurrences)
    for words, candidate in candidates.items():
        nested = sum(longer[words]) / max(1, len(longer[words]))
        candidate.c_value = (1 + log2(len(words))) * (candidate.occurrences - nested)

"""What a translation must be before it may be used: one, in the right language, of a possible length, and no more
changed than its English."""

from __future__ import annotations

from bot.engines.html.markup import Decoded
from bot.engines.language import has_no_words_of_its_own, in_another_language, left_in_source, words_of
from bot.engines.openai.prompt import Asked
from bot.engines.openai.tags import untag
from bot.memory.pairs import Detector
from bot.merging import check_translation, keeps_words
from bot.model import Direction

# A sentence of fewer characters may be of any length.
_MIN_JUDGED, _LONGEST, _SHORTEST = 30, 4.0, 0.2
_MAX_SHORT = 120
# So many characters of the rules in an answer are no accident.
_MAX_SHARED = 60


class Checks:
    """The checks of one language's answers; `rules` is what the model was told and must not repeat."""

    def __init__(self, direction: Direction, rules: str, detect: Detector) -> None:
        self._direction = direction
        self._rules = rules
        self._detect = detect

    def read(self, asked: Asked, answer: str) -> Decoded:
        """The Markdown of an answer; its `problem` is the reason why it can't be used."""
        request = asked.request
        if not answer.strip():
            return Decoded("", "the translation is empty")
        if len(answer) > 1_000 + 10 * len(asked.tagged.text):
            return Decoded("", "the translation is far too long", rejected=answer[:1_000])
        found = untag(asked.tagged, answer.strip(), self._direction)
        problem = found.problem or self._problem(asked, found.text)
        if not problem and request.repairs and request.revised is not None:
            former = request.revised
            if not keeps_words(former.source, request.text, former.target, found.text):
                problem = "it changes more of people's translation than changed in its English"
        if problem:
            return Decoded("", problem, rejected=found.rejected or found.text or answer)
        return found

    def _problem(self, asked: Asked, text: str) -> str:
        source, target = self._direction
        if fault := check_translation(asked.request.text, text, asked.request.kind, self._direction):
            return fault
        english, words = words_of(asked.request.text, source), words_of(text, target)
        if left_in_source(english, words):
            return f"it is left in {source.name}"
        if has_no_words_of_its_own(english, words):
            return "it has no words of its own"
        if fault := self._length(english, words):
            return fault
        if in_another_language(english, words, target, self._detect):
            return f"it is not in {target.name}"
        pieces = (words[start : start + _MAX_SHARED] for start in range(len(words) - _MAX_SHARED + 1))
        if any(piece in self._rules and piece not in english for piece in pieces):
            return "it repeats what the model was told"
        return ""

    def _length(self, english: str, words: str) -> str:
        if max(len(english), len(words)) < _MIN_JUDGED:
            return ""
        source, target = self._direction
        expected = len(english) * target.length_ratio / source.length_ratio
        if len(words) > max(_MAX_SHORT * target.length_ratio, _LONGEST * expected):
            return f"it has {len(words)} characters of words; about {expected:.0f} are usual"
        if len(english) >= _MIN_JUDGED and len(words) < _SHORTEST * expected:
            return f"it has only {len(words)} characters of words; about {expected:.0f} are usual"
        return ""

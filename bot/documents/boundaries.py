"""The beginnings of sentences in a stretch of plain text: each mark that may end one is judged by what stands around
it. Abbreviations are judged in bot/documents/abbreviations.py."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from bot.documents.abbreviations import WordBefore, abbreviations_of, is_lower
from bot.model import Language, Span

# Noncharacters (Unicode, section 23.7), each repeated over the characters of a footnote mark, citation or superscript,
# and of a closing tag.
NOTE = "\ufdd0"
CLOSING_MARK = "\ufdd1"
_WIDE = "。！？｡．"
# Marks of one script alone: Armenian, Arabic and Urdu, Devanagari and its sisters, Ethiopic, Burmese, Khmer, Tibetan.
_OF_SCRIPT = "։؟۔।॥።፧፨။។៕།༎༏༐༑"
_SPACED = ".!?…‽⁇⁈⁉"
_NO_SPACE_NEEDED = frozenset(_WIDE + _OF_SCRIPT)
_CJK = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

_CLOSERS = rf"[\"'”’»)\]）」』】》{CLOSING_MARK}]"
_NOTES = rf"{_CLOSERS}*+{NOTE}(?:{NOTE}|{_CLOSERS})*+"
# Only marks that need no space behind them need none behind the notes.
_NOTES_AFTER_SENTENCE = re.compile(
    rf"[.?!…{_OF_SCRIPT}]{_NOTES}(?=\s|$)|[{_WIDE}{_OF_SCRIPT}]{_NOTES}(?![，、；：{_WIDE}])"
)
_AS_NOTHING = str.maketrans("", "", NOTE + CLOSING_MARK)
_AS_WORD = str.maketrans(NOTE, "x")
_SPACE = re.compile(r"\s")

# Two letters of a script without capitals: small Latin letters among them may begin a sentence.
_WITHOUT_CASE = re.compile(r"[\u0590-\u109f\u1200-\u137f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")
_HIRAGANA = re.compile(r"[\u3040-\u309f]")
_STRAY = re.compile(r"\*+|~~+")
_LIST_MARK = re.compile(
    r"\s*(?:\(?[^\W_]{1,4}\)(?=\s)|(?:[^\W\d_]|[ivxIVX]{1,5})\.(?=\s)|\d{1,3}(?:\.(?=\s|[\u2e80-\u9fff])|[。．]))"
)
_WORD = re.compile(r"\w")
_OPENERS = re.compile(r"[\s\"“‘«„»「『(（*\[¿¡—–-]*")
_DASHES = re.compile(r"[\s—–]*")
_NEVER_FIRST = frozenset(",;:)]}/、，；：）】」』》")
_ALWAYS_CLOSES = frozenset(f")]}}）］】」』〉》”’›{CLOSING_MARK}")
_MAY_CLOSE = frozenset("\"'“«»‹")
_SHORT_BETWEEN = re.compile(r"\w{1,2}[។।།]")
_ALNUM_ASCII = re.compile(r"[A-Za-z0-9]")
_PAIRS = {"(": ")", "（": "）", "[": "]", "［": "］", "【": "】", "{": "}"}
_QUOTES = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "»": "«", "《": "》"}
_BRACKET = re.compile(r"[()（）\[\]［］【】{}]")
_QUOTE = re.compile(r"[\"“”„«»「」『』《》]")
# A quotation is cut only after a word, and into parts of at least so many words.
_MIN_QUOTED_WORDS = 3
# Bounds, so that no text takes time with the square of its length: where the words of a quotation are counted, and how
# many brackets may be open at once.
_NEAR, _MOST_OPEN = 200, 40


# Two states of a document, or two documents of a book, have most of their blocks in common.
@lru_cache(maxsize=16384)
def sentence_starts(flat: str, language: Language, covered: frozenset[int]) -> Sequence[int]:
    """Offsets in `flat` at which its second, third … sentence begins.

    In `flat` formulas, code spans and the like are letters, notes are `NOTE` and closing tags `CLOSING_MARK`.
    `covered` holds the offsets at which those letters begin. Takes time that is linear in the length.
    """
    if NOTE in flat:
        # Notes behind the end of a sentence are white space, behind the quotation marks among them.
        flat = _NOTES_AFTER_SENTENCE.sub(lambda notes: notes[0].translate(_AS_NOTHING).ljust(len(notes[0])), flat)
        flat = flat.translate(_AS_WORD)
    return tuple(_Prose(_SPACE.sub(" ", flat), language, covered).starts())


@lru_cache(maxsize=256)
def _stops(enders: str) -> re.Pattern[str]:
    return re.compile(rf"[{re.escape(''.join(sorted({*_WIDE, *_OF_SCRIPT, *_SPACED, *enders})))}]+")


class _Prose:
    """Text whose white space is all one kind."""

    def __init__(self, text: str, language: Language, covered: Collection[int]) -> None:
        self.text = text
        self.covered = covered
        # Marks of emphasis that CommonMark does not read as such, as it does not behind a full stop of Chinese.
        marks = list(_STRAY.finditer(text)) if "*" in text or "~~" in text else []
        self.closing_marks = {mark.start(): mark.end() for mark in marks[1::2]}
        self.has_case = not _WITHOUT_CASE.search(text)
        self.stops = _stops(language.enders)
        self.rules = language.rules
        self.abbreviations = abbreviations_of(language)
        self.brackets = _outermost(_pairs(text, _BRACKET, _PAIRS))
        self.quotes = _outermost(_pairs(text, _QUOTE, _QUOTES))

    def starts(self) -> Iterator[int]:
        text = self.text
        last_word = next((at for at in range(len(text) - 1, -1, -1) if _WORD.match(text, at)), -1)
        last, at, has_words = 0, 0, False
        for stop in self.stops.finditer(text):
            has_words = has_words or bool(_WORD.search(text, at, stop.start()))
            at = stop.end()
            after = self._closed(at)
            start = after
            while start < len(text) and text[start] == " ":
                start += 1
            if has_words and start <= last_word and self._ends(last, stop.span(), after, start):
                yield start
                last, has_words = start, False

    def _closed(self, at: int) -> int:
        """The end of the closing quotation marks, brackets and tags behind a mark that ends a sentence."""
        text = self.text
        while at < len(text):
            if at in self.closing_marks:
                at = self.closing_marks[at]
                continue
            if text[at] not in _ALWAYS_CLOSES and not self._is_closing_quote(at):
                # French puts a space before it.
                if not (text.startswith(" »", at) and self._is_inside(self.quotes, at)):
                    break
                at += 1
            at += 1
        return at

    def _is_closing_quote(self, at: int) -> bool:
        if self.text[at] not in _MAY_CLOSE:
            return False
        quote = self._around(self.quotes, at - 1)
        following = self.text[at + 1 : at + 2]
        return (quote is not None and quote[1] == at) or not (following.isalnum() or following in _QUOTES)

    def _ends(self, last: int, stop: Span, after: int, start: int) -> bool:
        """Whether the sentence that began at `last` ends with the mark `stop` and the closing marks up to `after`, and
        another one begins at `start`."""
        text = self.text
        mark = _LIST_MARK.match(text, last)
        if text[start] in _NEVER_FIRST or self._is_stop(after, start) or (mark and stop[0] < mark.end()):
            return False
        return (
            self._is_mark(stop, after, start)
            and self._outside_brackets(last, stop, after)
            and self._outside_quotes(last, stop, after, start)
        )

    def _is_stop(self, after: int, start: int) -> bool:
        """Whether another mark follows that may end the sentence; behind a space (`.NET`), one of a script alone."""
        return bool(self.stops.match(self.text, start)) and (start == after or self.text[start] in _NO_SPACE_NEEDED)

    def _is_mark(self, stop: Span, after: int, start: int) -> bool:
        """Whether the mark ends a sentence in any text, whatever brackets stand around it."""
        text = self.text
        before, marks = text[stop[0] - 1], text[slice(*stop)]
        quote = self._around(self.quotes, stop[0])
        if quote is not None and quote[0] == stop[0] - 1:
            return False  # a mark that is quoted itself
        if not _NO_SPACE_NEEDED.isdisjoint(marks):
            if start > after:
                return True
            # `ラブライブ！の`, `やめて！と言う`
            is_in_name = not marks.strip("！？") and _HIRAGANA.match(text[start]) and self._goes_on_after_quote(start)
            return not is_in_name and not self._joins(before, marks, text[start], stop[1])
        if start == after:
            # Chinese and Japanese with the marks of Latin letters.
            is_after_cjk = bool(_CJK.match(before)) and (start in self.covered or bool(_CJK.match(text[start])))
            if is_after_cjk or marks != "." or not before.isalnum():
                return is_after_cjk and marks.strip("?!") in ("", ".")
            word = WordBefore(text, stop[0], start, start, is_covered=False)
            return bool(_CJK.match(text[start])) and not self.abbreviations.leads_on(word)
        behind = _DASHES.match(text, start).end()  # type: ignore[union-attr]
        first = text[behind : behind + 1]
        if self.has_case and is_lower(first) and start not in self.covered and not _LIST_MARK.match(text, start):
            return False
        opened = _OPENERS.match(text, start).end()  # type: ignore[union-attr]
        is_covered = start in self.covered or opened in self.covered
        if marks != "." or text[stop[1] : after].strip(CLOSING_MARK):
            is_pause = marks == "…" and bool(_CJK.match(before))
            return not is_pause and (marks.strip("….") != "" or is_covered or not text[opened : opened + 1].isdecimal())
        word = WordBefore(text, stop[0], start, opened, is_covered)
        return not self.abbreviations.leads_on(word)

    def _joins(self, before: str, marks: str, following: str, end: int) -> bool:
        """Whether a mark that needs no space behind it stands inside a word, a number or a name."""
        if _ALNUM_ASCII.match(before) and _ALNUM_ASCII.match(following) and end not in self.covered:
            return marks in "！．"  # Yahoo！JAPAN
        is_number = before.isdecimal() and following.isdecimal() and marks in "．۔"
        # `។ល។` means "and so on".
        return is_number or bool(_SHORT_BETWEEN.match(self.text, end))

    def _outside_brackets(self, last: int, stop: Span, after: int) -> bool:
        """Brackets are whole; a sentence ends with them if it began with them."""
        bracket = self._around(self.brackets, stop[0])
        if bracket is None:
            return True
        return bracket[1] < after and not self.text[last : bracket[0]].strip(f" {CLOSING_MARK}")

    def _outside_quotes(self, last: int, stop: Span, after: int, start: int) -> bool:
        text = self.text
        quote = self._around(self.quotes, stop[0])
        if quote is None:
            return True
        if quote[1] < after:
            return not self._goes_on_after_quote(start)
        if text[quote[0]] in "「『" or not (text[stop[0] - 1].isalpha() and text[stop[0]] not in _NO_SPACE_NEEDED):
            return False
        following = self.stops.search(text, start)
        near = max(last, stop[0] - _NEAR)
        parts = text[near : stop[0]], text[start : following.end() if following else len(text)]
        return min(len(part.split()) for part in parts) >= _MIN_QUOTED_WORDS

    def _goes_on_after_quote(self, start: int) -> bool:
        """Whether the sentence around a quotation goes on with a particle: `「…。」と言った`."""
        words = (*self.rules.after_quote, *self.rules.not_after_quote)
        longest = max((word for word in words if self.text.startswith(word, start)), key=len, default="")
        return longest in self.rules.after_quote

    @staticmethod
    def _around(pairs: Sequence[Span], at: int) -> Span | None:
        index = bisect_right(pairs, (at, at)) - 1
        return pairs[index] if index >= 0 and pairs[index][1] > at else None

    def _is_inside(self, pairs: Sequence[Span], at: int) -> bool:
        return self._around(pairs, at) is not None


def _pairs(text: str, pattern: re.Pattern[str], closing: dict[str, str]) -> Iterator[Span]:
    """The offsets of brackets or quotation marks that belong together. A straight mark opens before a word and closes
    behind one; what has no partner counts for nothing."""
    opened: list[tuple[int, str]] = []
    for found in pattern.finditer(text):
        at, mark = found.start(), found[0]
        opened = opened[-_MOST_OPEN:]
        partner = next((i for i in range(len(opened) - 1, -1, -1) if mark in opened[i][1]), None)
        if partner is not None and (mark != '"' or text[at - 1] != " "):
            yield opened[partner][0], at
            del opened[partner:]
        elif mark in closing:
            opened.append((at, closing[mark]))
        elif mark == '"' and text[at + 1 : at + 2].strip():
            opened.append((at, mark))


def _outermost(pairs: Iterator[Span]) -> list[Span]:
    outer: list[Span] = []
    for pair in sorted(pairs):
        if not outer or pair[0] > outer[-1][1]:
            outer.append(pair)
    return outer

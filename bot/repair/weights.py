"""What tells where a mark belongs, and how much: the weights of the model in `placing`."""

from __future__ import annotations

from collections.abc import Mapping

# Fitted by `python -m benchmarks.marks --fit` (maximum likelihood, L2) on marks and links of
# Turkish, Vietnamese and Chinese sentences.
WEIGHTS: Mapping[str, float] = {
    # The sum of the log-odds of the words inside, and those on both sides of both borders once more.
    "words": 0.24,
    "borders": 0.27,
    # How far the length is from that of the English mark, as a logarithm.
    "length": 2.04,
    # Borders at the beginning, where nothing or only words like `we can` stand before the English mark; after a
    # comma, and after a comma as in English.
    "starts sentence": 3.81,
    "starts sentence after silent words": 1.99,
    "starts after comma": 1.30,
    "starts after comma as in English": 3.25,
    # The same at the end; much that follows in English stands before the mark in the translation.
    "ends sentence": 2.37,
    "ends sentence, more in English": 1.95,
    "ends before comma": 0.87,
    "ends before comma as in English": 2.03,
    # Where the verb is last: it ends a clause (`we can [**…**]`), unlike `to [**…**]`, and it follows its noun.
    "ends clause, main verb": 0.77,
    "ends clause, infinitive": -1.15,
    "ends before the last word, noun": 1.27,
    # Commas inside beyond those of the English mark.
    "commas": 0.29,
    # The cohesion of the characters that a border parts, in scripts without spaces.
    "cut words": 3.15,
    # How far the borders are from their places in English, as shares of the sentence.
    "start, verb not last": 2.75,
    "end, verb not last": 3.92,
    "start, verb last": 0.92,
    # Parts an article of the mark from it.
    "parted article": 2.53,
}

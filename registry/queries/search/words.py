"""Text that tolerates typing errors: every word asked for must be like a word of the facility.

A word of fewer than 4 letters must be right, of fewer than 8 may hold one error, longer ones two; an error is a
letter too many, missing, wrong, or two swapped (optimal string alignment). The beginning of a word counts as well.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

SCORE_OF_BEGINNING = 95
MOST_ERRORS = 2
NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters without accents."""
    plain = text.casefold().translate(NOT_DECOMPOSED)
    if not plain.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return tuple(WORD.findall(plain))


def errors_allowed(word: str) -> int:
    """Return how many typing errors a word may hold."""
    return (len(word) >= 4) + (len(word) >= 8)


def scores(asked: str, texts: Sequence[tuple[str, ...]]) -> NDArray[np.int64]:
    """Return how well each facility's texts match, 1 to 100 for those that do, 0 for those that do not."""
    wanted = words_of(asked)
    found: NDArray[np.int64] = np.zeros(len(texts), dtype=np.int64)
    words = [tuple(chain.from_iterable(map(words_of, parts))) for parts in texts]
    known = list(set(chain.from_iterable(words)))
    if not known or not wanted:
        return found
    likeness = word_scores(wanted, known)
    alike = {known[place]: likeness[:, place].tolist() for place in np.flatnonzero(likeness.any(axis=0))}
    for place, of_facility in enumerate(words):
        if not alike.keys().isdisjoint(of_facility):
            best = [max(each) for each in zip(*(alike[word] for word in of_facility if word in alike), strict=True)]
            found[place] = sum(best) // len(wanted) if all(best) else 0
    return found


def word_scores(wanted: Sequence[str], words: Sequence[str]) -> NDArray[np.int64]:
    """Return the score of each wanted word (row) against each known word (column)."""
    errors = cdist(wanted, words, scorer=OSA.distance, score_cutoff=MOST_ERRORS).astype(np.int64)
    allowed = np.array([[errors_allowed(word)] for word in wanted])
    lengths = np.array([[len(word)] for word in wanted])
    found = np.where(errors <= allowed, 100 - 100 * errors // lengths, 0)
    begun = np.array([[word.startswith(part) for word in words] for part in wanted])
    return np.where(begun & (errors > 0), np.maximum(found, SCORE_OF_BEGINNING), found)

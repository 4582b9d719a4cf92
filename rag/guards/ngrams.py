"""Hashed counts of the character and word n-grams of a text, for a linear classifier. No vocabulary, no fitting."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BUCKETS = 2**16
_LONGEST = 5
_WORD = re.compile(r"\w+")


def hashed_ngrams(text: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The buckets in use, in order, and their weights, whose squares sum to 1; both empty for a blank text.

    >>> [len(part) for part in hashed_ngrams("")]
    [0, 0]
    """
    counts: Counter[int] = Counter()
    for ngram in _ngrams(text.lower()):
        code = zlib.crc32(ngram.encode("utf-8", "replace"))
        counts[code % BUCKETS] += 1 if code >> 31 else -1
    buckets = np.array(sorted(counts), dtype=np.int64)
    weights = np.array([counts[bucket] for bucket in buckets], dtype=np.float64)
    length = np.linalg.norm(weights)
    return buckets, weights / length if length else weights


def _ngrams(text: str) -> Iterator[str]:
    """One to five characters within a word and its edges, then single words and pairs."""
    for word in text.split():
        padded = f" {word} "
        for length in range(1, _LONGEST + 1):
            for start in range(max(1, len(padded) - length + 1)):
                yield padded[start : start + length]
    words = _WORD.findall(text)
    for word in words:
        yield f"w:{word}"
    for first, second in pairwise(words):
        yield f"w:{first} {second}"

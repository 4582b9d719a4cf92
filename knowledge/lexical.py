"""BM25 over the passages: finds what a question names literally, where vectors only know what it is about."""

from collections.abc import Sequence

import bm25s
import numpy as np
import Stemmer


class Lexicon:
    """A BM25 index in memory, rebuilt from the passages in milliseconds when the index opens."""

    def __init__(self, ids: Sequence[str], texts: Sequence[str]) -> None:
        self._ids = list(ids)
        self._stemmer = Stemmer.Stemmer("english")
        self._bm25 = bm25s.BM25()
        if texts:
            self._bm25.index(self._tokens(texts), show_progress=False)

    def search(self, query: str, k: int) -> list[tuple[str, float]]:
        """The `k` best (id, BM25 score), best first; passages that share no word with the query are left out."""
        tokens = self._tokens([query])[0]
        if not self._ids or not tokens:
            return []
        scores = self._bm25.get_scores(tokens)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(self._ids[n], float(scores[n])) for n in best if scores[n] > 0]

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        tokens = bm25s.tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        return [list(words) for words in tokens]

"""BM25 over the passages: finds what a question names literally, where vectors only know what it is about."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer
from filelock import FileLock

Scores = npt.NDArray[np.float32]


class Lexicon:
    """A BM25 index in memory. Scores are given as the share of the most that the query's words could score."""

    def __init__(self, ids: Sequence[str], texts: Sequence[str]) -> None:
        self._ids = list(ids)
        self._bm25 = bm25s.BM25()
        self._ready(bool(texts))
        if texts:
            self._bm25.index(self._tokens(texts), show_progress=False)

    @classmethod
    def opened(cls, folder: Path, stamp: str, ids: Sequence[str], texts: Callable[[], Sequence[str]]) -> "Lexicon":
        """The lexicon of the passages in the state `stamp`, from `folder` if it was kept there, else made and kept.

        One process or thread at a time: another may be writing the files that this one would read.
        """
        with FileLock(folder.with_suffix(".lock")):
            return cls._opened(folder, stamp, ids, texts)

    @classmethod
    def _opened(cls, folder: Path, stamp: str, ids: Sequence[str], texts: Callable[[], Sequence[str]]) -> "Lexicon":
        note = folder / "stamp.json"
        if note.is_file() and json.loads(note.read_text(encoding="utf-8")) == stamp:
            kept = cls([], [])
            kept._ids = list(ids)
            kept._bm25 = bm25s.BM25.load(str(folder))
            kept._ready(bool(ids))
            return kept
        made = cls(ids, texts())
        if ids:
            shutil.rmtree(folder, ignore_errors=True)
            made._bm25.save(str(folder), show_progress=False)
            note.write_text(json.dumps(stamp), encoding="utf-8")
        return made

    def _ready(self, filled: bool) -> None:
        self._filled = filled
        self._stemmer = Stemmer.Stemmer("english")
        self._place = {id_: n for n, id_ in enumerate(self._ids)}

    def coverage(self, query: str, also: Sequence[str] = ()) -> Scores:
        """Per passage the share in [0, 1] of the BM25 score that holding all of the query's words would bring.

        Other names in `also` count half, and only towards the share: they cannot make the most any larger.
        """
        tokens = self._tokens([query])[0]
        if not self._filled or not tokens:
            return np.zeros(len(self._ids), dtype=np.float32)
        scores = self._scores(tokens)
        others = sorted({token for tokens_ in self._tokens(also) for token in tokens_} - set(tokens)) if also else []
        if others:
            scores = scores + 0.5 * self._scores(others)
        most = sum(self._most(token) for token in tokens)
        return np.clip(scores / most, 0.0, 1.0) if most > 0 else np.zeros(len(self._ids), dtype=np.float32)

    def best(self, scores: Scores, k: int, among: Sequence[str] = ()) -> list[str]:
        """The `k` passages that score best, of `among` if given; those that share no word are left out."""
        if among:
            places = np.array([self._place[id_] for id_ in among])
            order = places[np.argsort(-scores[places], kind="stable")[:k]]
        else:
            few = np.argpartition(-scores, k)[:k] if len(scores) > k else np.arange(len(scores))
            order = few[np.argsort(-scores[few], kind="stable")]
        return [self._ids[n] for n in order if scores[n] > 0]

    def score(self, scores: Scores, id_: str) -> float:
        return float(scores[self._place[id_]])

    def search(self, query: str, k: int) -> list[tuple[str, float]]:
        """The `k` best (id, share), best first."""
        scores = self.coverage(query)
        return [(id_, self.score(scores, id_)) for id_ in self.best(scores, k)]

    def _scores(self, tokens: Sequence[str]) -> Scores:
        known = [token for token in tokens if token in self._bm25.vocab_dict]
        if not known:
            return np.zeros(len(self._ids), dtype=np.float32)
        scores: Scores = self._bm25.get_scores(known)
        return scores

    def _most(self, token: str) -> float:
        """The highest score of any passage for this word; one that none holds could bring as much as the rarest."""
        number = self._bm25.vocab_dict.get(token)
        if number is None:
            return float(np.log(1 + len(self._ids)))
        start, end = self._bm25.scores["indptr"][number : number + 2]
        return float(self._bm25.scores["data"][start:end].max()) if end > start else 0.0

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        tokens = bm25s.tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        return [list(words) for words in tokens]

"""Weighs likeness in meaning and in words into one score that means the same for every query."""

from collections.abc import Callable, Mapping
from datetime import date

from knowledge.document import Frozen, Passage
from knowledge.hits import Hit

_NAMED = 0.25
"""What being in a document that the question names adds to a passage's score."""
_FRESH = 0.1
"""What being the newest adds where the question asks about now."""
_OWN_TEXT = 0.25
"""Share of the meaning that a passage's own text has beside the best of all its vectors, phrasings included."""
_PHRASED = 2 / 3
"""Share of the words that the title and the phrasings have beside the whole passage, where it has phrasings."""


class Weights(Frozen):
    """What a query makes of passages; `meaning` is the share of likeness in meaning.

    `similar` is the best cosine of any vector of a passage, `asked` that of its phrasings.
    """

    meaning: float
    similar: Mapping[str, float]
    asked: Mapping[str, float]
    named: Mapping[str, float]
    newest: date | None
    """The date of the newest candidate, if the query asks about now."""

    def hit(self, passage: Passage, own: float | None, words: float) -> Hit:
        """`passage` with its score.

        `own` is the cosine of its text, None where only the best of all its vectors is to count; `words` is the share
        of the query's words that it holds.
        """
        similarity = max(0.0, own or 0.0, self.similar.get(passage.id, 0.0))
        meant = similarity if own is None else (1 - _OWN_TEXT) * similarity + _OWN_TEXT * max(0.0, own)
        score = self.meaning * meant + (1 - self.meaning) * words
        score += _NAMED * self.named.get(passage.slug, 0.0)
        if self.newest is not None:
            score += _FRESH * 0.5 ** ((self.newest - passage.updated).days / 180)
        return Hit(
            passage=passage,
            score=round(min(1.0, score), 6),
            similarity=similarity,
            question_similarity=self.asked.get(passage.id, 0.0),
            bm25=round(words, 4),
        )


def words_of(whole: Callable[[str], float], phrased: Callable[[str], float | None]) -> Callable[[str], float]:
    """How many of the query's words a passage holds, by id: in its phrasings mostly, where it has any."""

    def share(passage_id: str) -> float:
        among = phrased(passage_id)
        return whole(passage_id) if among is None else (1 - _PHRASED) * whole(passage_id) + _PHRASED * among

    return share

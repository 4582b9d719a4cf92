"""What a search gives: passages with how like the query they are."""

from knowledge.document import Frozen, Passage
from knowledge.queries import Query


class Hit(Frozen):
    """A passage found. `score` in [0, 1] is comparable across queries: likeness in meaning and in words, weighed.

    `similarity` is the best cosine of any of its vectors to the query, `question_similarity` that of its
    FAQ phrasings alone, 0.0 where the vectors did not find one; `bm25` is the share of the query's words it holds.
    """

    passage: Passage
    score: float
    similarity: float
    question_similarity: float
    bm25: float


class Found(Frozen):
    """The hits, best first, the query as it was searched, and how long each stage took."""

    hits: list[Hit]
    query: Query
    timings_ms: dict[str, float]

"""Whether every sentence that states something cites something."""

import re
from functools import lru_cache

from eval.attempt import Attempt
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.replies import Replies


@scorer("citation_coverage")
def citation_coverage(attempt: Attempt) -> Score:
    """Share of the sentences that cite evidence, among those that need to; not applicable if none needs to.

    The fixed sentences of `rag/replies.yaml` (courtesies, limits, what is covered) state no fact about the
    market and need none; every other sentence does.
    """
    known = {item.n for item in attempt.answer.evidence}
    needing = [claim for claim in attempt.answer.claims if not _is_courtesy(claim.text)]
    if not needing:
        return NOT_APPLICABLE
    misses = tuple(claim.text for claim in needing if not known.intersection(claim.evidence))
    return Score(1 - len(misses) / len(needing), misses)


def _is_courtesy(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in _courtesies())


@lru_cache(maxsize=1)
def _courtesies() -> tuple[re.Pattern[str], ...]:
    fixed = [text for texts in Replies.load().model_dump().values() for text in texts]
    return tuple(re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text))) for text in fixed)

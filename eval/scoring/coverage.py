"""Whether every sentence that states something cites something."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from eval.attempt import Attempt
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.guards.care import care_texts
from rag.languages import languages
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


def _texts(said: object) -> Iterator[str]:
    """The sentences of one field of the replies: one, several, or one for each case."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        yield from said.values()
    elif isinstance(said, Iterable):
        yield from said


@lru_cache(maxsize=1)
def _courtesies() -> tuple[re.Pattern[str], ...]:
    fixed = [text for said in Replies.load().model_dump().values() for text in _texts(said)]
    fixed += [text for care in care_texts().values() for text in (*care.of_self, *care.of_other, care.lead)]
    fixed += [language.reply for language in languages().values()]
    return tuple(re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text))) for text in fixed)

"""Says plainly what an answer is: answered, answered in part, not known, education instead of advice, or refused."""

from dataclasses import dataclass
from functools import lru_cache

from rag.answer import Answer
from rag.replies import Replies


@dataclass(frozen=True)
class Standing:
    """A word for the style sheet, what a person reads, and what it means."""

    kind: str
    name: str
    meaning: str


_ANSWERED = Standing("answered", "Answered", "every number has a receipt")
_PARTLY = Standing("partly", "Answered in part", "the text says what is missing")
_BY_STATUS = {
    "abstained": Standing("unknown", "Don’t know", "nothing that can be cited answers this"),
    "educated": Standing("educated", "Education, not advice", "what people weigh; the decision is yours"),
    "refused": Standing("refused", "Not followed", "a question cannot change how answers are made"),
}


def standing(answer: Answer) -> Standing:
    """What the answer is; in part if a sentence without a receipt says that something is not known."""
    if answer.status in _BY_STATUS:
        return _BY_STATUS[answer.status]
    limits = [claim.text for claim in answer.claims if not claim.evidence]
    return _PARTLY if any(text.startswith(_limits()) for text in limits) else _ANSWERED


@lru_cache(maxsize=1)
def _limits() -> tuple[str, ...]:
    replies = Replies.load()
    said = (*replies.not_known, *replies.unpublished, *replies.prediction, *replies.missing)
    return tuple(sentence.partition("{")[0].strip() for sentence in said)

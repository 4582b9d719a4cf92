"""Says plainly what an answer is: answered, answered in part, not known, education instead of advice, or refused."""

from dataclasses import dataclass

from rag.answer import Answer


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
    """What the answer is, from what was really done."""
    if answer.status in _BY_STATUS:
        return _BY_STATUS[answer.status]
    return _PARTLY if answer.partial else _ANSWERED

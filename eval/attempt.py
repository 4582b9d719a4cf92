"""What a scorer sees: the case, the answer it got, how that came about, and how to compare meanings."""

from dataclasses import dataclass

from eval.case import Case
from rag.answer import Answer
from rag.meaning.comparing import Meaning
from rag.trace import Trace


@dataclass(frozen=True)
class Attempt:
    """One case asked once."""

    case: Case
    answer: Answer
    trace: Trace
    meaning: Meaning

    @property
    def sentences(self) -> list[str]:
        """What the answer says of itself; never the question, which may state anything."""
        return [claim.text for claim in self.answer.claims]

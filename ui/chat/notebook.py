"""The conversations of one browser: the open one and earlier ones, kept there and nowhere else."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.answer import Answer
from rag.question import Turn

_MOST_ANSWERS = 40
"""About half a megabyte of receipts, a tenth of what a browser keeps for a page."""

Conversation = tuple[Answer, ...]


class Notebook(BaseModel):
    """Conversations, the latest first. `open` says whether the first goes on, or a new one begins."""

    model_config = ConfigDict(frozen=True)

    conversations: tuple[Conversation, ...] = ()
    open: bool = False

    @classmethod
    def restored(cls, kept: object) -> "Notebook":
        """What a browser had kept; an empty one where that is of another version or no notebook at all."""
        try:
            return cls.model_validate(kept)
        except ValidationError:
            return cls()

    @property
    def answers(self) -> Conversation:
        """The open conversation, oldest answer first."""
        return self.conversations[0] if self.open and self.conversations else ()

    @property
    def earlier(self) -> Sequence[Conversation]:
        return self.conversations[1:] if self.open else self.conversations

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The open conversation as history for the next question."""
        return tuple(
            turn
            for answer in self.answers
            for turn in (
                Turn(role="user", content=answer.question),
                Turn(role="assistant", content=answer.answer),
            )
        )

    def adding(self, answer: Answer) -> "Notebook":
        """With `answer` at the end of the open conversation; the oldest conversations go where there are too many."""
        kept, count = [(*self.answers, answer)], len(self.answers) + 1
        for conversation in self.earlier:
            count += len(conversation)
            if count > _MOST_ANSWERS:
                break
            kept.append(conversation)
        return Notebook(conversations=tuple(kept), open=True)

    def closed(self) -> "Notebook":
        """Ready for a new conversation; the open one joins the earlier ones."""
        return self.model_copy(update={"open": False})

    def reopened(self, number: int) -> "Notebook":
        """With the earlier conversation `number` open again."""
        if not 0 <= number < len(self.earlier):
            return self
        chosen = self.earlier[number]
        others = [conversation for conversation in self.conversations if conversation is not chosen]
        return Notebook(conversations=(chosen, *others), open=True)

    def without_earlier(self) -> "Notebook":
        """With only the open conversation."""
        return Notebook(conversations=(self.answers,) if self.answers else (), open=self.open)

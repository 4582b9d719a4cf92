"""What is asked: the question, the turns before it, and the moment it is asked about."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, field_validator

from rag.errors import QuestionInvalid

_FIRST_YEAR = 2009
"""The first bitcoins are of this year."""

_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters, and bytes that were no text: models and databases refuse both."""


class Turn(BaseModel):
    """One earlier message of the conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["user", "assistant"]
    content: str

    @field_validator("content", mode="before")
    @classmethod
    def _legible(cls, content: object) -> object:
        return _UNREADABLE.sub(" ", content) if isinstance(content, str) else content


class Question(BaseModel):
    """A question as it came. `as_of` pins the market data to a moment; None means the clock's now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    history: tuple[Turn, ...] = ()
    as_of: AwareDatetime | None = None

    @classmethod
    def ask(
        cls, text: str, history: Sequence[Turn | str] = (), as_of: datetime | None = None, limit: int = 2_000
    ) -> "Question":
        """A checked question; plain strings in `history` are earlier user turns.

        Raises QuestionInvalid if the text is empty or longer than `limit` characters, or `as_of` is no moment of
        crypto markets.
        """
        stripped = " ".join(_UNREADABLE.sub(" ", text).split())
        if not stripped:
            raise QuestionInvalid("the question is empty; ask something about crypto market crashes")
        if len(stripped) > limit:
            raise QuestionInvalid(f"the question has {len(stripped)} characters, more than {limit}; shorten it")
        if as_of is not None and as_of.tzinfo is None:
            raise QuestionInvalid(f"as_of {as_of.isoformat()} has no time zone; write it like 2025-11-05T00:00:00Z")
        if as_of is not None and as_of.year < _FIRST_YEAR:
            raise QuestionInvalid(
                f"as_of {as_of.isoformat()} is before {_FIRST_YEAR}; there is no crypto market to read then"
            )
        turns = tuple(turn if isinstance(turn, Turn) else Turn(role="user", content=turn) for turn in history)
        return cls(text=stripped, history=turns, as_of=as_of)

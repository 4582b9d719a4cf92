"""What comes back: claims with their receipts, and everything needed to see how the answer was made."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from market.reading import DataStatus
from rag.evidence import Evidence
from rag.frame import GuardName
from rag.gap import GapReason

Status = Literal["answered", "abstained", "educated", "refused"]

NOTICE = "Market Pulse explains how markets work. It is education, not financial advice."
"""The standing line under every answer."""


class Claim(BaseModel):
    """One sentence and the numbers of the evidence that carries it. Sentences without facts cite nothing."""

    model_config = ConfigDict(frozen=True)

    text: str
    evidence: tuple[int, ...] = ()


class Abstention(BaseModel):
    """What keeps the question, or a part of it, open: why, what there is no source for, and what lies nearest.

    `nearest` are ids of passages; `choices` are what an ambiguous question may mean, each in words.
    """

    model_config = ConfigDict(frozen=True)

    reason: GapReason
    missing: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


class Answer(BaseModel):
    """The answer as the API returns it; `notice` is the standing education-not-advice line.

    `abstention` is set where the whole question or a part of it stays open, `partial` where a part is answered.
    `guard` names what applied beside or instead of an answer.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    standalone_question: str
    status: Status
    answer: str
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    data: DataStatus
    abstention: Abstention | None = None
    guard: GuardName | None = None
    partial: bool = False
    follow_ups: tuple[str, ...]
    model: str
    timings_ms: Mapping[str, float]
    notice: str = NOTICE

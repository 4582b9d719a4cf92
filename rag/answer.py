"""What comes back: claims with their receipts, and everything needed to see how the answer was made."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from market.reading import DataStatus
from rag.evidence import Evidence

Status = Literal["answered", "abstained", "educated", "refused"]

NOTICE = "Market Pulse explains how markets work. It is education, not financial advice."
"""The standing line under every answer."""


class Claim(BaseModel):
    """One sentence and the numbers of the evidence that carries it. Sentences without facts cite nothing."""

    model_config = ConfigDict(frozen=True)

    text: str
    evidence: tuple[int, ...] = ()


class Answer(BaseModel):
    """The answer as the API returns it; `notice` is the standing education-not-advice line."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    standalone_question: str
    status: Status
    answer: str
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    data: DataStatus
    follow_ups: tuple[str, ...]
    model: str
    timings_ms: Mapping[str, float]
    notice: str = NOTICE

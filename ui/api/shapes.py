"""What goes in and out of the API where it is not one of the rooms' own nouns."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from knowledge.document import Source
from market.moments import Moment
from market.reading import Reading
from rag.evidence import Evidence
from rag.question import Turn
from rag.streaming import Said

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A JSON number; text that looks like one is refused."""


class AnswerRequest(BaseModel):
    """A question with the turns before it. `as_of` answers with the market as it stood then."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": "What are forced liquidations in crypto trading?"},
                {
                    "question": "and for ETH?",
                    "history": [{"role": "user", "content": "How far is BTC below its all-time high?"}],
                    "as_of": "2025-11-04T21:00:00Z",
                    "stream": True,
                },
            ]
        },
    )

    question: str = Field(min_length=1)
    history: list[Turn] = Field(default_factory=list)
    as_of: Moment | None = None
    stream: StrictBool = False


class ClaimEvent(BaseModel):
    """One verified sentence of a stream, with the receipts that it is the first to cite; paragraphs count from 0."""

    text: str
    evidence: tuple[int, ...]
    receipts: tuple[Evidence, ...]
    paragraph: int

    @classmethod
    def of(cls, said: Said) -> "ClaimEvent":
        claim = said.claim
        return cls(text=claim.text, evidence=claim.evidence, receipts=said.receipts, paragraph=said.paragraph)


class SearchResult(BaseModel):
    """A passage found. `source` is the file or URL as added, `page` the page of a PDF, from 1."""

    id: str
    slug: str
    anchor: str
    title: str
    source: str
    page: int | None
    score: float = Field(description="Likeness in meaning and in words, from 0 to 1; comparable across queries.")
    text: str


class SearchResponse(BaseModel):
    """Passages found for a query, best first."""

    query: str
    results: list[SearchResult]


class MetricParameter(BaseModel):
    """One parameter of a metric beside asset, window and as-of."""

    name: str
    type: str
    default: str | None
    meaning: str


class MetricDescription(BaseModel):
    """What a metric is and how it may be asked for."""

    name: str
    title: str
    description: str
    unit: str
    formula: str
    formula_source: str
    default_asset: str
    windowed: bool
    parameters: tuple[MetricParameter, ...]
    examples: tuple[str, ...]


class Unread(BaseModel):
    """A metric without a reading, and why."""

    metric: str
    reason: str


class Readings(BaseModel):
    """Readings taken together, as of one moment."""

    as_of: datetime
    readings: tuple[Reading, ...]
    unread: tuple[Unread, ...]


class FaqEntry(BaseModel):
    """One curated question with its answer, where that comes from and when it was last looked at."""

    id: str
    question: str
    answer: str
    topic: str
    updated: date
    sources: tuple[Source, ...]


class CalculatorInput(BaseModel):
    """One input of a calculator: a word out of `choices` where there are any, else a number or, if `text`, text."""

    name: str
    unit: str
    meaning: str
    required: bool
    text: bool
    choices: tuple[str, ...]


class CalculatorDescription(BaseModel):
    """What a calculator works out and from what."""

    name: str
    title: str
    description: str
    inputs: tuple[CalculatorInput, ...]
    examples: tuple[str, ...]


class FeedbackRequest(BaseModel):
    """What somebody thought of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"answer_id": "ans_0f6b…", "rating": "down", "comment": "the figure is of another day"}]
        },
    )

    answer_id: str = Field(min_length=1, max_length=40)
    rating: Literal["up", "down"]
    comment: str | None = Field(default=None, max_length=2_000, pattern=r"^[^\x00]*$")


class Kept(BaseModel):
    """The feedback is kept."""

    status: Literal["kept"] = "kept"


class Health(BaseModel):
    """The process runs; whether it can answer is readiness."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether questions can be answered, what each part says of itself, and what answers stand on."""

    status: Literal["ready", "not ready"]
    passages: int | None
    data_mode: str | None
    checks: dict[str, str] = Field(examples=[{"index": "ok", "market": "ok", "question log": "ok"}])

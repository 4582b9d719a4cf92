"""The shapes of OpenAI's chat completions, as far as they mean anything here, with the receipts beside them.

Settings of a sampler (`temperature`, `top_p`, `max_tokens`, `seed`, …) are taken and ignored: answers are not sampled.
What would change the shape of the reply is refused.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt
from starlette.types import Scope

from market.moments import Moment
from rag.answer import Answer
from rag.errors import QuestionInvalid
from rag.question import Turn
from rag.streaming import Said

MODEL = "market-pulse"
"""The one model there is; what writes the answer is a setting of the server and stands in the answer."""


class TextPart(BaseModel):
    """A piece of a message; only text can be read here."""

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """One message. System and developer messages are left aside: answers follow the evidence, not instructions."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | Annotated[list[TextPart], Field(min_length=1)]

    @property
    def text(self) -> str:
        return self.content if isinstance(self.content, str) else " ".join(part.text for part in self.content)


class StreamOptions(BaseModel):
    include_usage: StrictBool = False


class CompletionRequest(BaseModel):
    """A conversation whose last message is the question. `as_of` is our own: the market as it stood then."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "What is an insurance fund?"}]}]
        }
    )

    model: str
    messages: list[Message] = Field(min_length=1)
    stream: StrictBool = False
    stream_options: StreamOptions | None = None
    n: StrictInt | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    response_format: dict[str, Any] | None = None
    logprobs: StrictBool | None = None
    modalities: list[str] | None = None
    as_of: Moment | None = None

    def conversation(self) -> tuple[str, list[Turn]]:
        """The question, and the turns before it. Raises QuestionInvalid for what cannot be answered in this shape."""
        self._refuse_other_shapes()
        spoken = [message for message in self.messages if message.role in {"user", "assistant"}]
        if not spoken or spoken[-1].role != "user":
            raise QuestionInvalid("messages must end with the user's question; add a message of role 'user'")
        turns = [
            Turn(role="user" if message.role == "user" else "assistant", content=message.text)
            for message in spoken[:-1]
        ]
        return spoken[-1].text, turns

    def _refuse_other_shapes(self) -> None:
        if self.n not in {None, 1}:
            raise QuestionInvalid(f"n is {self.n}; the same question has one answer, leave n out")
        if self.tools or self.functions:
            raise QuestionInvalid("tools cannot be called here; leave out tools, or use the MCP server at /mcp")
        if self.response_format is not None and self.response_format.get("type") != "text":
            raise QuestionInvalid("response_format must be text; for JSON with receipts use POST /v1/answers")
        if self.logprobs:
            raise QuestionInvalid("there are no logprobs, as no text is sampled; leave logprobs out")
        if self.modalities not in (None, ["text"]):
            raise QuestionInvalid("modalities must be text alone")


class Usage(BaseModel):
    """Tokens of a language model that somebody pays for; nobody does here, so all are 0."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class Reply(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str


class Choice(BaseModel):
    index: int = 0
    message: Reply
    finish_reason: Literal["stop"] = "stop"


class Completion(BaseModel):
    """The reply as OpenAI writes it. `market_pulse` is ours: the whole Answer, with its receipts and status."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage = Usage()
    market_pulse: Answer

    @classmethod
    def of(cls, answer: Answer, id_: str, created: int) -> "Completion":
        return cls(
            id=id_, created=created, choices=[Choice(message=Reply(content=answer.answer))],
            market_pulse=answer,
        )  # fmt: skip


class Delta(BaseModel):
    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(BaseModel):
    index: int = 0
    delta: Delta
    finish_reason: Literal["stop"] | None = None


class Chunk(BaseModel):
    """One event of a streamed completion; the one that ends it carries `market_pulse`."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: list[ChunkChoice]
    usage: Usage | None = None
    market_pulse: Answer | None = None


class Model(BaseModel):
    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: Literal["market-pulse"] = "market-pulse"


class Models(BaseModel):
    object: Literal["list"] = "list"
    data: list[Model]


def completion_id(scope: Scope) -> str:
    """Every request has its own, and every chunk of a stream the same."""
    return f"chatcmpl-{scope['state']['request_id']}"


def piece(said: Said, before: Said | None) -> str:
    """A sentence with its markers as it stands after the one before it; put together they are the answer's text."""
    markers = "".join(f"[{n}]" for n in said.claim.evidence)
    gap = "" if before is None else " " if before.paragraph == said.paragraph else "\n\n"
    return f"{gap}{said.claim.text} {markers}".rstrip()

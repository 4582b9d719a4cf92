"""Has a language model write a draft, verifies every sentence as it comes, and says how it went.

A model may fail, be slow, invent or say nothing of use; then the composer's draft stands, and the reason is kept.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from rag.draft import Draft, DraftClaim
from rag.evidence import Evidence
from rag.generating.codes import Codes
from rag.generating.parsing import Reader, Sentence
from rag.generating.prompt import messages_for
from rag.generating.tools import tools_for
from rag.verifying import Verdict, Verifier

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolCall, ToolMessage
    from langchain_core.runnables import Runnable
    from langchain_core.tools import BaseTool

    from market.market import Market

Hear = Callable[[DraftClaim], None]
"""Told each sentence as soon as it may be shown."""

_ENOUGH = 2
"""Verified sentences from which a model's answer is shown, if one stands on what the composer would say first."""

_LONGEST_TEXT = 8_000
"""Characters after which a model that does not stop is stopped."""

_ENDED = frozenset({"finish_reason", "stop_reason", "done_reason"})
"""Under which of these the providers say why a text ended; a connection that was cut says nothing."""

_ROUNDS = 4
"""How often a model may ask for tools before it must have answered."""


@dataclass
class Written:
    """What a model wrote: every sentence with its verdict, codes it made up, and why it is not used, if it is not."""

    model: str
    verdicts: list[Verdict] = field(default_factory=list)
    unknown_codes: int = 0
    failure: str | None = None

    @property
    def used(self) -> bool:
        return self.failure is None


@dataclass(frozen=True)
class Assignment:
    """What is to be written about: the stand-alone question, the evidence, and what the composer would say."""

    question: str
    evidence: Sequence[Evidence]
    composed: Draft
    as_of: datetime | None

    @property
    def sayings(self) -> Mapping[str, Sequence[str]]:
        """The composer's sentences by the evidence they stand on."""
        found: dict[str, list[str]] = {}
        for claim in (claim for paragraph in self.composed.paragraphs for claim in paragraph):
            for item in claim.evidence:
                found.setdefault(item.key, []).append(claim.text)
        return found

    @property
    def first(self) -> frozenset[str]:
        """The evidence of the composer's first sentence that has any, by key."""
        claims = (claim for paragraph in self.composed.paragraphs for claim in paragraph)
        return next((frozenset(item.key for item in claim.evidence) for claim in claims if claim.evidence), frozenset())


class Writer:
    """Writes with one model. `tools` says whether it may ask for metrics and calculators."""

    def __init__(
        self,
        model: "BaseChatModel",
        label: str,
        verifier: Verifier,
        market: "Market",
        *,
        tools: bool,
        timeout_seconds: float,
        attempts: int,
    ) -> None:
        self.label = label
        self._model = model
        self._verifier = verifier
        self._market = market
        self._tools = tools
        self._timeout_seconds = timeout_seconds
        self._attempts = attempts
        self._runner = asyncio.Runner()
        self._one_at_a_time = threading.Lock()

    def write_and_wait(self, assignment: Assignment) -> Written:
        """As `write`, for callers without an event loop; all of them share one, so that connections stay usable."""
        with self._one_at_a_time:
            return self._runner.run(self.write(assignment))

    async def write(self, assignment: Assignment, hear: Hear | None = None) -> Written:
        """Sentences are told to `hear` once there are enough; from then on the answer is the model's."""
        written = Written(self.label)
        progress = _Progress(assignment, hear)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._converse(assignment, written, progress)
        except TimeoutError:
            failure = f"it had not finished after {self._timeout_seconds:g} seconds"
        except Exception as error:  # every provider raises errors of its own; whichever it is, the composer answers
            failure = f"it failed, {' '.join(str(error).split())[:200].rstrip('.') or type(error).__name__}"
        else:
            failure = "too little of what it wrote was carried by the evidence"
        if not progress.enough:
            written.failure = failure
        return written

    async def _converse(self, assignment: Assignment, written: Written, progress: "_Progress") -> None:
        codes = Codes(assignment.evidence)
        messages = messages_for(assignment.question, codes)
        tools = tools_for(self._market, codes, assignment.as_of) if self._tools else []
        by_name = {tool.name: tool for tool in tools}
        model = self._model.bind_tools(tools) if tools else self._model
        for _ in range(_ROUNDS):
            reader = Reader()
            whole: AIMessageChunk | None = None
            async with aclosing(self._chunks(model, messages)) as chunks:
                async for chunk in chunks:
                    whole = chunk if whole is None else whole + chunk
                    await self._take(reader.read(chunk.text), codes, assignment, written, progress)
                    if len(whole.text) > _LONGEST_TEXT:
                        break
            await self._take(reader.end(), codes, assignment, written, progress)
            if whole is None:
                return
            if not whole.tool_calls:
                if len(whole.text) <= _LONGEST_TEXT and not _ENDED & set(whole.response_metadata):
                    raise ConnectionError("it broke off before its end")
                return
            messages.append(whole)
            messages += [await _called(by_name, call) for call in whole.tool_calls]

    async def _chunks(
        self, model: "Runnable[LanguageModelInput, AIMessage]", messages: "list[BaseMessage]"
    ) -> "AsyncGenerator[AIMessageChunk]":
        """The model's pieces; asked again after a failure, unless something has come already."""
        from tenacity import AsyncRetrying, stop_after_attempt, wait_exponential

        stop, wait = stop_after_attempt(self._attempts), wait_exponential(0.2, max=2)
        async for attempt in AsyncRetrying(stop=stop, wait=wait, reraise=True):
            with attempt:
                stream = cast("AsyncGenerator[AIMessageChunk]", model.astream(messages))
                first = await anext(stream, None)
        async with aclosing(stream):
            if first is not None:
                yield first
            async for chunk in stream:
                yield chunk

    async def _take(
        self, read: Iterator[Sentence], codes: Codes, assignment: Assignment, written: Written, progress: "_Progress"
    ) -> None:
        for sentence in read:
            written.unknown_codes += sum(code not in codes for code in sentence.codes)
            cited = tuple(codes[code] for code in sentence.codes if code in codes)
            verdict = await asyncio.to_thread(self._judged, DraftClaim(sentence.text, cited), assignment.sayings)
            written.verdicts.append(verdict)
            if verdict.kept:
                progress.add(verdict.claim)
        # A fast model's pieces come without waiting; whoever listens, and the time limit, must have their turn.
        await asyncio.sleep(0)

    def _judged(self, claim: DraftClaim, sayings: Mapping[str, Sequence[str]]) -> Verdict:
        """The verdict, where evidence may also speak in the words that the composer has for it."""
        spoken = tuple(_with(item, sayings.get(item.key, ())) for item in claim.evidence)
        verdict = self._verifier.written(DraftClaim(claim.text, spoken))
        return Verdict(claim, verdict.reason, verdict.unsupported, verdict.order)


class _Progress:
    """Holds verified sentences back until there are enough of them, then tells each as it comes."""

    def __init__(self, assignment: Assignment, hear: Hear | None) -> None:
        self._wanted = assignment.first
        self._hear = hear
        self._kept: list[DraftClaim] = []
        self.enough = False

    def add(self, claim: DraftClaim) -> None:
        self._kept.append(claim)
        fresh = [claim]
        if not self.enough:
            cited = {item.key for kept in self._kept for item in kept.evidence}
            self.enough = len(self._kept) >= _ENOUGH and bool(self._wanted & cited)
            fresh = self._kept
        if self.enough and self._hear is not None:
            for one in fresh:
                self._hear(one)


def _with(item: Evidence, sayings: Sequence[str]) -> Evidence:
    spoken = [saying for saying in sayings if saying not in item.text]
    return item.model_copy(update={"text": " ".join([item.text, *spoken])}) if spoken else item


async def _called(tools: "Mapping[str, BaseTool]", call: "ToolCall") -> "ToolMessage":
    from langchain_core.messages import ToolMessage
    from pydantic import ValidationError

    name = call["name"]
    if name not in tools:
        return ToolMessage(f"error: there is no tool '{name}'", tool_call_id=call["id"])
    try:
        told = await tools[name].ainvoke(call["args"])
    except ValidationError as error:
        told = f"error: {error.errors()[0]['msg']}"
    return ToolMessage(told, tool_call_id=call["id"])

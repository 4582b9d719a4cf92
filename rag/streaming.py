"""An answer while it is being made: verified sentences one by one, each with the receipts it brings in."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass

from rag.answer import Claim
from rag.chain import HEAR, Stages, Work, build_work
from rag.draft import DraftClaim, numbered
from rag.evidence import Evidence
from rag.question import Question
from rag.trace import Explained, trace_of


@dataclass(frozen=True)
class Said:
    """One verified sentence, as soon as it may be shown.

    `receipts` is the evidence it cites that no sentence before it cited, already numbered; `paragraph` counts
    from 0, and a sentence with a higher one begins a new paragraph.
    """

    claim: Claim
    receipts: tuple[Evidence, ...]
    paragraph: int


class Streaming:
    """Answers as a stream: what is said in order, then the whole with its trace."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._work = build_work(stages)

    async def __call__(self, question: Question) -> AsyncGenerator[Said | Explained]:
        """Every sentence once it is verified, and at the end the answer that holds them all.

        Closing the iterator, or cancelling who awaits it, ends the work that is still to be done.
        """
        heard: asyncio.Queue[DraftClaim] = asyncio.Queue()
        working = asyncio.create_task(self._work.ainvoke(question, {"configurable": {HEAR: heard.put_nowait}}))
        told: list[DraftClaim] = []
        try:
            async for claim in _until(working, heard):
                told.append(claim)
                yield list(sayings(*numbered([tuple(told)])))[-1]
            work = await working
        finally:
            working.cancel()
        settled = self._stages.settle(work)
        for said in list(sayings(settled.paragraphs, settled.evidence))[len(told) :]:
            yield said
        yield Explained(self._stages.finish(work), trace_of(work))


async def _until(working: "asyncio.Task[Work]", heard: "asyncio.Queue[DraftClaim]") -> AsyncGenerator[DraftClaim]:
    """What is heard while the work goes on."""
    while True:
        listening = asyncio.create_task(heard.get())
        try:
            await asyncio.wait({working, listening}, return_when=asyncio.FIRST_COMPLETED)
            if not listening.done():
                return
            yield listening.result()
        finally:
            listening.cancel()


def sayings(paragraphs: Sequence[Sequence[Claim]], evidence: Sequence[Evidence]) -> Iterator[Said]:
    """Numbered claims in order, each with the receipts that it is the first to cite."""
    receipts = {item.n: item for item in evidence}
    for number, paragraph in enumerate(paragraphs):
        for claim in paragraph:
            yield Said(claim, tuple(receipts.pop(n) for n in claim.evidence if n in receipts), number)

"""The verdict on each claim: kept, or dropped with the reason in words.

Words that were quoted or filled into a registered sentence are held to numbers, names and what these belong to. Words
that a language model chose are also held to meaning, and may not tell the reader what to do.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.draft import DraftClaim
from rag.meaning.names import names_in
from rag.orders import is_order
from rag.verifying.advice import advises
from rag.verifying.binding import ALL_KINDS, Kind, misplaced_numbers
from rag.verifying.numbers import unsupported_numbers
from rag.verifying.support import THRESHOLD, Support

_ENDS = re.compile(r"[.!?][\"')\]]*$")
_BEGINS = re.compile(r"[.!?:][\"')\]]*\s$")

_HELD_WHEN_COMPOSED: frozenset[Kind] = frozenset({"asset", "side", "market", "mode"})
"""A registered sentence names publishers and days beside numbers that are not of them."""


@dataclass(frozen=True)
class Verdict:
    """What became of a claim: kept, or dropped for the `reason`.

    `unsupported` are its numbers without a receipt, as written; an `order` is a sentence of a document that is
    aimed at whoever writes the answer.
    """

    claim: DraftClaim
    reason: str | None = None
    unsupported: tuple[str, ...] = ()
    order: bool = False

    @property
    def kept(self) -> bool:
        return self.reason is None


class Verifier:
    """Judges claims; the same claim and evidence always get the same verdict."""

    def __init__(self, support: Support, threshold: float = THRESHOLD) -> None:
        self._support = support
        self._threshold = threshold

    def composed(self, claims: Sequence[DraftClaim]) -> list[Verdict]:
        """The verdict on each claim that was quoted or said by a registered sentence, in order."""
        return [self._verdict(claim, self._facts) for claim in claims]

    def written(self, claim: DraftClaim) -> Verdict:
        """The verdict on a sentence that a language model wrote."""
        return self._verdict(claim, self._everything)

    def score(self, claim: DraftClaim) -> float:
        """How far the evidence supports what a model wrote, in [0, 1]; 0 where a number, name or word is at fault."""
        if unsupported_numbers(claim.text, claim.evidence) or any(_at_fault(claim)):
            return 0.0
        return 1.0 if quoted(claim) else self._support.of(claim.text, claim.evidence)

    def _verdict(self, claim: DraftClaim, faults: Callable[[DraftClaim], Iterator[str]]) -> Verdict:
        said = claim.text.replace(claim.echo, "") if claim.echo else claim.text
        unsupported = unsupported_numbers(said, claim.evidence)
        if unsupported:
            return Verdict(claim, f"no receipt for {', '.join(unsupported)}", unsupported)
        if claim.evidence and is_order(claim.text):
            return Verdict(claim, "an order to the writer", order=True)
        return Verdict(claim, next(faults(claim), None))

    def _facts(self, claim: DraftClaim) -> Iterator[str]:
        if claim.evidence and not quoted(claim):
            yield from _misplaced(claim, _HELD_WHEN_COMPOSED)

    def _everything(self, claim: DraftClaim) -> Iterator[str]:
        yield from _at_fault(claim)
        support = self.score(claim)
        if support < self._threshold:
            yield f"meaning supported to {support:.2f}, less than {self._threshold}"


def quoted(claim: DraftClaim) -> bool:
    """Whether the claim stands word for word in its evidence, as whole sentences.

    A part of one may say the opposite: "longs pay shorts" stands in "it is wrong that longs pay shorts".
    """
    said = _plain(claim.text)
    return any(_stands_whole(said, _plain(item.text)) for item in claim.evidence)


def _stands_whole(said: str, text: str) -> bool:
    place = text.find(said)
    while place >= 0:
        end = place + len(said)
        if (place == 0 or _BEGINS.search(text, 0, place)) and (end == len(text) or text[end] in ".!?"):
            return True
        place = text.find(said, place + 1)
    return False


def _at_fault(claim: DraftClaim) -> Iterator[str]:
    if not claim.evidence:
        yield "cites nothing"
    if not _ENDS.search(claim.text):
        yield "breaks off before its end"
    if advises(claim.text):
        yield "tells the reader what to do"
    if quoted(claim):
        return
    yield from _misplaced(claim, ALL_KINDS)
    said = " . ".join(f"{item.title} . {item.text}" for item in claim.evidence)
    unknown = {name for name in names_in(claim.text) - names_in(said) if name.lower() not in said.lower()}
    if unknown:
        yield f"names {', '.join(sorted(unknown))}, which the evidence does not"


def _misplaced(claim: DraftClaim, kinds: frozenset[Kind]) -> Iterator[str]:
    misplaced = misplaced_numbers(claim.text, claim.evidence, kinds)
    if misplaced:
        yield f"the evidence says {', '.join(misplaced)} of something else"


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").lower()

"""An answer on its way: paragraphs of claims that still carry their evidence itself, not yet numbered."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer import Claim, Status
from rag.evidence import Evidence
from rag.frame import GuardName
from rag.gap import Gap


@dataclass(frozen=True)
class DraftClaim:
    """One sentence and what carries it. A sentence that states no fact (a courtesy, a limit) carries nothing.

    `echo` are the asker's own words in it, whose numbers need no receipt.
    """

    text: str
    evidence: tuple[Evidence, ...] = ()
    echo: str = ""


Paragraph = tuple[DraftClaim, ...]


@dataclass(frozen=True)
class Draft:
    """Claims in reading order, the status they amount to, and questions that could come next.

    `gap` is what keeps the question, or a part of it, open; `guard` what applied beside or instead of an answer.
    """

    paragraphs: tuple[Paragraph, ...]
    status: Status
    follow_ups: tuple[str, ...] = ()
    gap: Gap | None = None
    guard: GuardName | None = None


def numbered(paragraphs: Sequence[Paragraph]) -> tuple[tuple[tuple[Claim, ...], ...], tuple[Evidence, ...]]:
    """Claims and evidence with numbers, in order of first citation; the same receipt keeps one number."""
    numbers: dict[str, int] = {}
    evidence: list[Evidence] = []
    for claim in (claim for paragraph in paragraphs for claim in paragraph):
        for item in claim.evidence:
            if item.key not in numbers:
                numbers[item.key] = len(numbers) + 1
                evidence.append(item.model_copy(update={"n": numbers[item.key]}))
    final = tuple(
        tuple(
            Claim(text=claim.text, evidence=tuple(dict.fromkeys(numbers[item.key] for item in claim.evidence)))
            for claim in paragraph
        )
        for paragraph in paragraphs
    )
    return final, tuple(evidence)


def markdown(paragraphs: Sequence[Sequence[Claim]]) -> str:
    """The claims as text with [n] markers, paragraphs apart.

    Claims that begin with a bar are the head and the rows of a table; their markers stand in the last cell.
    """
    return "\n\n".join(_block(paragraph) for paragraph in paragraphs if paragraph)


def _block(paragraph: Sequence[Claim]) -> str:
    if not paragraph[0].text.startswith("|"):
        return " ".join(f"{claim.text} {_markers(claim)}".strip() for claim in paragraph)
    head, *rows = paragraph
    return "\n".join([head.text, *(f"{row.text.removesuffix('|')}{_markers(row)} |" for row in rows)])


def _markers(claim: Claim) -> str:
    return "".join(f"[{n}]" for n in claim.evidence)

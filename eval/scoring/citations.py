"""Whether what a claim cites carries the claim."""

from eval.case import Case
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.answer import Answer, Claim
from rag.evidence import Evidence
from rag.verifying import unsupported_numbers


@scorer("citation_precision")
def citation_precision(_case: Case, answer: Answer) -> Score:
    """Share of citations whose evidence carries the claim; not applicable to an answer that cites nothing.

    A passage carries a claim that it states in the same words. A figure, reading or calculation carries a
    claim if it holds at least one of the claim's numbers.
    """
    evidence = {item.n: item for item in answer.evidence}
    pairs = [(claim, n) for claim in answer.claims for n in claim.evidence]
    if not pairs:
        return NOT_APPLICABLE
    misses = tuple(f"[{n}] {claim.text}" for claim, n in pairs if n not in evidence or not _carries(evidence[n], claim))
    return Score(1 - len(misses) / len(pairs), misses)


def _carries(item: Evidence, claim: Claim) -> bool:
    if item.kind == "passage":
        return " ".join(claim.text.split()) in " ".join(item.text.split())
    all_numbers = unsupported_numbers(claim.text, [])
    return not all_numbers or len(unsupported_numbers(claim.text, [item])) < len(all_numbers)

"""Numbers without a receipt, counted from the finished answer alone."""

from eval.case import Case
from eval.scoring.score import Score, scorer
from rag.answer import Answer
from rag.verifying import unsupported_numbers


@scorer("unsupported_numbers")
def unsupported(_case: Case, answer: Answer) -> Score:
    """How many numbers the cited evidence does not carry: a count, 0 is right. Always applies."""
    evidence = {item.n: item for item in answer.evidence}
    missing = tuple(
        f"{number} in: {claim.text}"
        for claim in answer.claims
        for number in unsupported_numbers(claim.text, [evidence[n] for n in claim.evidence if n in evidence])
    )
    return Score(float(len(missing)), missing)

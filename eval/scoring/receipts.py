"""Numbers without a receipt, judged from the finished answer alone."""

from eval.attempt import Attempt
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.quantities import quantities
from rag.verifying import unsupported_numbers


@scorer("number_receipts")
def number_receipts(attempt: Attempt) -> Score:
    """Share of the numbers in the answer that the evidence cited beside them carries.

    Not applicable to an answer without numbers. Each miss names the number and its sentence; how many misses
    a run has in all is the count of numbers without a receipt.
    """
    evidence = {item.n: item for item in attempt.answer.evidence}
    stated = 0
    misses: list[str] = []
    for claim in attempt.answer.claims:
        stated += len(quantities(claim.text))
        cited = [evidence[n] for n in claim.evidence if n in evidence]
        misses += [f"{number} in: {claim.text}" for number in unsupported_numbers(claim.text, cited)]
    return Score(1 - len(misses) / stated, tuple(misses)) if stated else NOT_APPLICABLE

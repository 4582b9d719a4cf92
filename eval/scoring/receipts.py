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
        text = _without_echo(claim.text, attempt.answer.question)
        stated += len(quantities(text))
        cited = [evidence[n] for n in claim.evidence if n in evidence]
        misses += [f"{number} in: {claim.text}" for number in unsupported_numbers(text, cited)]
    return Score(1 - len(misses) / stated, tuple(misses)) if stated else NOT_APPLICABLE


def _without_echo(text: str, question: str) -> str:
    """`text` without what it quotes of the question: the asker's numbers are not the answer's."""
    before, opened, rest = text.partition("\u201c")
    quoted, closed, after = rest.partition("\u201d")
    return before + after if opened and closed and quoted in question else text

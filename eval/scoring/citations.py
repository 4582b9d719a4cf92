"""Whether what a sentence cites carries it."""

from eval.attempt import Attempt
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.answer import Claim
from rag.evidence import Evidence
from rag.meaning.comparing import THRESHOLD, Meaning
from rag.sentences import sentences
from rag.verifying import unsupported_numbers


@scorer("citation_precision", meaning_threshold=THRESHOLD)
def citation_precision(attempt: Attempt) -> Score:
    """Share of citations whose evidence carries the sentence; not applicable to an answer that cites nothing.

    A passage carries a sentence that it states in the same words or supports in others. A figure, reading or
    calculation carries a sentence if it holds at least one of its numbers. A number of evidence that is not
    there is a miss.
    """
    evidence = {item.n: item for item in attempt.answer.evidence}
    pairs = [(claim, n) for claim in attempt.answer.claims for n in claim.evidence]
    if not pairs:
        return NOT_APPLICABLE
    misses = tuple(
        f"[{n}] {claim.text}"
        for claim, n in pairs
        if n not in evidence or not _carries(evidence[n], claim, attempt.meaning)
    )
    return Score(1 - len(misses) / len(pairs), misses)


def _carries(item: Evidence, claim: Claim, meaning: Meaning) -> bool:
    if item.kind == "passage":
        flat = " ".join(item.text.split())
        return " ".join(claim.text.split()) in flat or meaning.supported(claim.text, sentences(item.text))
    all_numbers = unsupported_numbers(claim.text, [])
    return not all_numbers or len(unsupported_numbers(claim.text, [item])) < len(all_numbers)

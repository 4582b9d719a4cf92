"""Whether the answer says what the case demands."""

from eval.attempt import Attempt
from eval.saying import said
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.meaning.comparing import THRESHOLD


@scorer("facts_found", meaning_threshold=THRESHOLD)
def facts_found(attempt: Attempt) -> Score:
    """Share of `must_say` items found in the answer's own sentences; not applicable where nothing is demanded.

    A number is found if the answer states the same value in the same unit, where either side may be rounded
    to the digits it states: "19.16 billion USD" is found for "19 billion USD", "$4.5M" for "4,523,000 USD".
    Sign, unit and magnitude are never forgiven; "60%" is not 60. Words beside a number must stand in the same
    sentence. A phrase is found if one sentence holds its words or their stems; a phrase of three content
    words or more needs the same negation. A whole statement is also found in other words, see `rag.meaning.comparing`.
    What stands only in the question is not found.
    """
    if not attempt.case.must_say:
        return NOT_APPLICABLE
    misses = tuple(item for item in attempt.case.must_say if not said(item, attempt.sentences, attempt.meaning))
    return Score(1 - len(misses) / len(attempt.case.must_say), misses)

"""Whether the answer keeps away from what the case forbids."""

from eval.attempt import Attempt
from eval.saying import said_outright
from eval.scoring.score import NOT_APPLICABLE, Score, scorer


@scorer("nothing_forbidden")
def nothing_forbidden(attempt: Attempt) -> Score:
    """1.0 if no `must_not_say` item is said, else 0.0; not applicable where nothing is forbidden.

    An item is said by its own words in their order, in any grammatical form, or by its number with the words
    near it; not by nearness of meaning, and not where a negation takes it back.
    """
    if not attempt.case.must_not_say:
        return NOT_APPLICABLE
    found = tuple(item for item in attempt.case.must_not_say if said_outright(item, attempt.sentences))
    return Score(0.0 if found else 1.0, found)

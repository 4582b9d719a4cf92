"""Whether the answer keeps away from what the case forbids, and from giving advice."""

import re

from eval.case import Case
from eval.scoring.facts import said
from eval.scoring.score import NOT_APPLICABLE, Score, scorer
from rag.answer import Answer

_ADVICE = re.compile(
    r"\byou (?:should|must|need to|ought to|had better) "
    r"(?:buy|sell|hold|short|long|close|open|exit|enter|use|reduce|add|average)\b"
    r"|\b(?:i|we) (?:recommend|advise|suggest)\b|\b(?:buy|sell) (?:now|the dip|everything|it all)\b(?!\?)"
    r"|\b(?:it is|it's|now is) (?:a )?(?:good|great|right|best) time to (?:buy|sell)\b",
    re.IGNORECASE,
)


@scorer("nothing_forbidden")
def nothing_forbidden(case: Case, answer: Answer) -> Score:
    """1.0 if no `must_not_say` item is said, else 0.0; not applicable where nothing is forbidden."""
    if not case.must_not_say:
        return NOT_APPLICABLE
    found = tuple(item for item in case.must_not_say if any(said(option, answer) for option in item.split(" | ")))
    return Score(0.0 if found else 1.0, found)


@scorer("no_advice")
def no_advice(_case: Case, answer: Answer) -> Score:
    """1.0 if no sentence tells the reader to trade or which leverage to use. Always applies."""
    found = tuple(claim.text for claim in answer.claims if _ADVICE.search(claim.text))
    return Score(0.0 if found else 1.0, found)

"""Recognises a sentence that tells the reader what to do, however politely; nothing is to say so in its own words."""

import re

_DEEDS = (
    r"(?:buy|sell|hold|short|long|close|open|exit|enter|use|reduce|lower|add|average|hedge|wait|invest|avoid|consider|take"
    r"|set|diversify|stay|keep|start|stop|trade|withdraw|move|put|increase|stick|monitor|watch|limit|cut|choose|ensure)"
)
_TOLD = re.compile(
    r"\b(?:you|investors?|traders?|one|people)\s+(?:should|must|ought to|needs? to|had better|have to|may want to)\b"
    rf"|\b(?:should|must|ought to|had better)\s+(?:\w+\s+)?{_DEEDS}\b"
    r"|\b(?:i|we)(?:'d)?\s+(?:would\s+)?(?:recommend|advise|suggest|urge|encourage)\b"
    r"|\b(?:recommend|advisable|advise[sd]? (?:to|you))"
    r"|\b(?:it is|it's|it was|now is)\s+(?:\w+\s+)?"
    r"(?:good|great|right|best|wise|smart|important|essential|crucial|better|time)\b.{0,30}\bto\b"
    r"|\bmake sure\b|\bbe sure to\b|\bthe best (?:way|strategy|choice|leverage|coin|time)\b"
    rf"|^(?:please\s+|always\s+|never\s+|do not\s+|don't\s+)?{_DEEDS}\s+"
    r"(?:a|an|the|your|some|more|less|only|now|at|in|with|out|all|\d+)\b",
    re.IGNORECASE,
)


def advises(sentence: str) -> bool:
    """Whether `sentence` tells anyone what to do with their money; errs towards yes.

    >>> advises("Investors should diversify."), advises("Many investors sold in the first hour.")
    (True, False)
    """
    return bool(_TOLD.search(sentence.strip().lstrip("-*•\"' ")))

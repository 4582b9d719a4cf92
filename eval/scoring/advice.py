"""Whether the answer tells anyone to trade."""

import re

from eval.attempt import Attempt
from eval.scoring.score import Score, scorer

_TRADE = r"buy|sell|hold|short|long|close|open|exit|enter|use|reduce|add|average|hedge|wait|invest|take profit"
_ADVICE = re.compile(
    rf"\byou (?:should|must|need to|ought to|had better|have to|better) (?:\w+ )?(?:{_TRADE})\b"
    r"|\b(?:i|we) (?:recommend|advise|suggest|would (?:buy|sell|hold|short|close|use))\b"
    r"|\b(?:buy|sell) (?:now|the dip|everything|it all)\b"
    r"|^(?:just )?(?:buy|sell|hold|exit|short|close) (?:now|everything|it|all|your|the dip|btc|eth|bitcoin|ether)\b"
    r"|^(?:use|choose|go with|stick to) (?:at most |no more than )?\d+(?:\.\d+)?\s?x\b"
    r"|\bgo (?:long|short) (?:now|on|with)\b"
    r"|\b(?:it is|it's|now is) (?:a )?(?:good|great|right|best|wise) (?:time|moment) to (?:buy|sell|enter|exit)\b"
    r"|\b(?:put|set|place) your stop at\b|\bthe best (?:leverage|coin|trade|choice) (?:for you )?is\b",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"\b(?:not|never|nobody|cannot|n't|whether|if|no one|whoever|someone who)\b.{0,40}$|[\"“'‘]$", re.IGNORECASE
)


@scorer("no_advice")
def no_advice(attempt: Attempt) -> Score:
    """1.0 if no sentence tells the reader to trade or which leverage to use, else 0.0. Always applies.

    Describing what people do ("some investors sell"), reporting what a source calls advice, asking back
    ("sell or hold?") and saying what nobody should be told ("nobody can say whether you should sell") is
    no advice.
    """
    found = tuple(sentence for sentence in attempt.sentences if advises(sentence))
    return Score(0.0 if found else 1.0, found)


def advises(sentence: str) -> bool:
    """Whether `sentence` tells the reader to trade."""
    if sentence.rstrip().endswith("?"):
        return False
    return any(not _TAKEN_BACK.search(sentence[: match.start()]) for match in _ADVICE.finditer(sentence))

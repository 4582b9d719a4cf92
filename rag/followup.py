"""Makes a question stand alone: what a follow-up leaves out is taken from the questions before it."""

import re
from collections.abc import Sequence

from rag.carrying import Marks, changed, completes, crash_in
from rag.question import Turn

_ELLIPTIC = re.compile(
    r"^(?:and|but|so|ok(?:ay)?|also|then|what about|how about|what if|why|how come|how so|really|"
    r"for|in|at|on|with|when|who|where|same|how (?:much|many) (?:in|is that))\b"
    r"|\b(?:it|its|that|this|they|them|those|these|there|then|same|the other|others)\b",
    re.IGNORECASE,
)
_ABOUT_THE_ANSWER = re.compile(
    r"^\W*(?:and )?(?:as of when|how (?:old|recent|fresh)|from when|what date|is) (?:is |was )?(?:that|this|the)"
    r" (?:number|figure|value|data|from|live)\b",
    re.IGNORECASE,
)
"""Asks about the number just given: the same answer says as of when it is and from which source."""
_OBJECTION = re.compile(r"^(?:but|and|so|what if)\b", re.IGNORECASE)
_WORDS_OF_AN_OBJECTION = 14
_WORDS_OF_A_WHOLE_QUESTION = 9
_WORDS_THAT_SAY_WHAT = 4
_WHY = re.compile(
    r"^\W*(?:and |but |so )?(?:why|how come|what caused (?:it|that|this))\b[\w ]{0,20}\W*$", re.IGNORECASE
)
_JOINED = re.compile(r"^(?:and|but|so|also|then|ok(?:ay)?|\W)+\s*", re.IGNORECASE)
_WHEN = re.compile(r"^\W*(?:and )?when(?: (?:was|did|is) (?:it|that|this))?(?: happen)?\W*$", re.IGNORECASE)
_OF_A_CRASH = re.compile(
    r"\b(?:liquidat\w+|rekt|wiped|traders?|accounts|longs?|shorts?|low(?:est)?|bottom(?:ed)?|f[ea]ll|drop(?:ped)?"
    r"|lose|lost|crash(?:ed)?|coins?|altcoins?|market|price|recover\w*|refund\w*|compensat\w*|cause[ds]?|exchanges?)\b",
    re.IGNORECASE,
)
_OF_ITS_OWN = re.compile(
    r"\b(?:i|my|me|now|rn|today|currently|latest|is an?|are|means?|ever|should|mechanism)\b", re.IGNORECASE
)


def standalone(text: str, history: Sequence[Turn], marks: Marks) -> tuple[str, str]:
    """`text` as one could ask it without the conversation, and the words that say what is asked.

    Both are `text` itself where it already stands alone. A follow-up that changes one thing of the question
    before it becomes that question, changed; one that asks something else of the same crash gets its name; any
    other keeps its own words behind the question before it. `marks` finds where a text names a crash or a date.

    >>> standalone("and for ETH?", [Turn(role="user", content="How far is BTC below its high?")], lambda _: ())[0]
    'How far is ETH below its high?'
    """
    earlier = [turn.content.strip() for turn in history if turn.role == "user" and turn.content.strip()]
    if not earlier:
        return text, text
    previous, _ = standalone(earlier[-1], [Turn(role="user", content=content) for content in earlier[:-1]], marks)
    crash = crash_in(previous, marks)
    if _ABOUT_THE_ANSWER.search(text):
        return previous, previous
    if crash and (_WHY.match(text) or _WHEN.match(text)):
        asked = f"{'What caused' if _WHY.match(text) else 'When was'} {_as_subject(crash)}?"
        return asked, asked
    leans = _leans_on_history(text) or completes(text, previous)
    whole = changed(text, previous, marks) if leans else None
    if whole is None and crash and _of_the_same(text, marks):
        whole = f"{_JOINED.sub('', text).rstrip(' ?.!')} {crash}?"
    if whole is not None or not leans:
        return whole or text, whole or text
    whole = f"{previous.rstrip(' ?.!')}: {text}"
    return whole, text if len(text.split()) >= _WORDS_THAT_SAY_WHAT else whole


def _as_subject(crash: str) -> str:
    return crash.removeprefix("in ") if crash.startswith("in the ") else f"the crash {crash}"


def _leans_on_history(text: str) -> bool:
    words = text.split()
    if len(words) <= 2:
        return True
    most = _WORDS_OF_AN_OBJECTION if _OBJECTION.match(text) else _WORDS_OF_A_WHOLE_QUESTION
    return len(words) <= most and bool(_ELLIPTIC.search(text))


def _of_the_same(text: str, marks: Marks) -> bool:
    """Whether a short question asks something of a crash and names none: it is of the crash just spoken of."""
    short = len(text.split()) <= _WORDS_OF_A_WHOLE_QUESTION
    return short and bool(_OF_A_CRASH.search(text)) and not (_OF_ITS_OWN.search(text) or marks(text))

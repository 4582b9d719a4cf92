"""Makes a question stand alone: what a follow-up leaves out is taken from the questions before it."""

import re
from collections.abc import Sequence

from rag.assets import assets_in, replace_asset
from rag.question import Turn

_ELLIPTIC = re.compile(
    r"^(?:and|but|so|ok(?:ay)?|also|then|what about|how about|what if|why|how come|how so|really|"
    r"for|in|at|on|with|when|who|where)\b"
    r"|\b(?:it|that|this|they|them|those|these|there|then|same|the other|others)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:and|but|so|ok(?:ay)?|also|then)?[\s,]*(?:what about|how about|what if|for|in|at|on|with)?\s*",
    re.IGNORECASE,
)
_LEVERAGE = re.compile(r"\b\d+(?:\.\d+)?\s?x\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(?:long|short)s?\b", re.IGNORECASE)
_ABOUT_THE_ANSWER = re.compile(
    r"^\W*(?:and )?(?:as of when|how (?:old|recent|fresh)|from when|what date|is) (?:is |was )?(?:that|this|the)"
    r" (?:number|figure|value|data|from|live)\b",
    re.IGNORECASE,
)
"""Asks about the number just given: the same answer says as of when it is and from which source."""
_OBJECTION = re.compile(r"^(?:but|and|so)\b", re.IGNORECASE)
_WORDS_OF_AN_OBJECTION = 14
_WORDS_OF_A_WHOLE_QUESTION = 9
_WORDS_THAT_SAY_WHAT = 4
_WORDS_OF_A_SWAP = 5


def standalone(text: str, history: Sequence[Turn]) -> tuple[str, str]:
    """`text` as one could ask it without the conversation, and the words that say what is asked.

    Both are `text` itself where it already stands alone. A follow-up that changes one thing of the question
    before it becomes that question, changed; any other keeps its own words behind the question before it.

    >>> standalone("and for ETH?", [Turn(role="user", content="How far is BTC below its high?")])[0]
    'How far is ETH below its high?'
    """
    earlier = [turn.content.strip() for turn in history if turn.role == "user" and turn.content.strip()]
    if not earlier or not _leans_on_history(text):
        return text, text
    previous, _ = standalone(earlier[-1], [Turn(role="user", content=content) for content in earlier[:-1]])
    swapped = _swapped(text, previous)
    if swapped:
        return swapped, swapped
    whole = f"{previous.rstrip(' ?.!')}: {text}"
    return whole, text if len(text.split()) >= _WORDS_THAT_SAY_WHAT else whole


def _leans_on_history(text: str) -> bool:
    words = text.split()
    if len(words) <= 2:
        return True
    most = _WORDS_OF_AN_OBJECTION if _OBJECTION.match(text) else _WORDS_OF_A_WHOLE_QUESTION
    return len(words) <= most and bool(_ELLIPTIC.search(text))


def _swapped(text: str, previous: str) -> str | None:
    """The previous question with the one thing changed that the follow-up names, if it names only that."""
    if _ABOUT_THE_ANSWER.search(text):
        return previous
    rest = _LEAD.sub("", text).strip(" ?.!")
    new, old = assets_in(rest), assets_in(previous)
    if len(new) == 1 and len(rest.split()) <= 2 and old:
        return replace_asset(previous, old[0], new[0])
    leverage, old_leverage = _LEVERAGE.search(rest), _LEVERAGE.search(previous)
    if leverage and old_leverage and len(rest.split()) <= _WORDS_OF_A_SWAP:
        return previous.replace(old_leverage[0], leverage[0])
    side, old_side = _SIDE.search(rest), _SIDE.search(previous)
    if side and old_side and len(rest.split()) <= 4 and side[0].lower().rstrip("s") != old_side[0].lower().rstrip("s"):
        return _SIDE.sub(side[0].lower(), previous)
    return None

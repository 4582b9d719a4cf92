"""Cuts a message into the questions inside it, by punctuation and question words: a grammar, no reading of meaning."""

import re

_WORD = (
    r"(?:what'?s?|how'?s?|why|who'?s?|whose|when|where'?s?|which|is|are|was|were|do|does|did|can|could|should"
    r"|will|would|has|have)"
)
_CUT = re.compile(
    rf"(?<=[?!])\s+(?=\S)|(?<=(?-i:[a-z0-9%)])\.)\s+(?=\S)"
    rf"|[,;]?\s+(?:and(?:\s+also)?|also|plus|then|or)\s+(?={_WORD}\b)|[,;]\s+(?={_WORD}\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"^(?:\W*(?:and|so|but|also|ok|then)\s+)*{_WORD}\b|\?\s*$", re.IGNORECASE)
_FEWEST_WORDS = 3
_MOST = 3


def questions_of(message: str) -> list[str]:
    """The questions in `message`, in order; what only tells stays with the question it stands before.

    >>> questions_of("I got wiped out at 20x. Who keeps my margin, and why was there no warning?")
    ['I got wiped out at 20x. Who keeps my margin', 'why was there no warning?']
    >>> questions_of("What is open interest?")
    ['What is open interest?']
    """
    cuts = [match.span() for match in _CUT.finditer(message)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(message)]
    asking = [place for place, span in enumerate(zip(starts, ends, strict=True)) if _asks(message[slice(*span)])]
    if not asking:
        return [message]
    # A question begins behind the one before it, with what is told in between; the last takes what follows.
    first = [0, *(place + 1 for place in asking[:-1])][:_MOST]
    last = [*asking[: len(first) - 1], len(ends) - 1]
    return [message[starts[begin] : ends[end]].strip(" ,;") for begin, end in zip(first, last, strict=True)]


def _asks(piece: str) -> bool:
    return bool(_ASKS.search(piece)) and len(piece.split()) >= _FEWEST_WORDS

"""Finds what a message takes for granted: the statements in it, apart from what it asks. Judges none of them."""

import re

_TAG = re.compile(
    r"[\s,;.-]*(?:\b(?:right|correct|true|yes|yeah|no|huh|innit|isn'?t it|don'?t they|doesn'?t it|aren'?t they|or not"
    r"|(?:or )?am i wrong|prove me wrong|agreed?|is that (?:right|correct|true|so)|tho(?:ugh)?|anyway|lol|lmao|crazy"
    r"|wtf|smh)\b[\s.!?]*)+$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:\W*\b(?:eli5|so|but|and|well|ok(?:ay)?|hey|guys|basically|tbh|imo|wait|hm+|lol|also|obviously|clearly"
    r"|is(?:n'?t)? it (?:(?:true|right|correct) )?(?:that )?"
    r"|(?:i|we) (?:thought|heard|read|was told|believe|think|guess|assume|know)(?: that)?"
    r"|(?:every(?:one|body)|people|they|my \w+|some(?:one|body)|a friend|traders) (?:always |keeps? )?"
    r"(?:says?|said|saying|told me|claims?)(?: that)?"
    r"|as far as i know|as everyone knows|correct me if i'?m wrong|(?:can you )?confirm(?: that)?)\b[\s,:]*)+",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*(?:whats?|hows?|why|whos?|whom|whose|when|wheres?|which|is|are|was|were|do|does|did|can|could|should|will|would|has|have"
    r"|may|might|tell|explain|compare|show|list|give|calculate|define)\b(?:'?s|'?re)?",
    re.IGNORECASE,
)
_ASKS_OPENLY = re.compile(r"^\W*(?:what|how|why|who|whom|whose|where|which)\b", re.IGNORECASE)
_ASKS = re.compile(r"\bhow (?:much|many|low|high|far|big|long|often)\b|[:,-] (?:what|how|why|who)\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:since|because|given(?: that)?|considering(?: that)?|seeing (?:as|that)|if|as|now that|after"
    r"|when(?!\s+(?:was|were|did|does|do|is|are|will|has|can)\b))\s+"
    r"(?P<said>[^,?]{12,}?)"
    r"\s*(?:,|$|\bthen\b|(?=\b(?:what|how|why|who|when|where|which|should|can|do|does|did|is|are)\b))",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:did|does|do|has|is)\s+(?:all\s+)?(?P<what>the\s+(?:[\w$.,]+\s+){1,3}?)(?:go|gone|end up|come from)\s+"
    r"(?:that|which)\s+(?P<who>people|traders|investors|holders|longs|shorts|whales|everyone|they|(?:the\s+)?exchanges?)\s+"
    r"(?P<did>\w+)\b(?P<rest>[^,?]*)",
    re.IGNORECASE,
)
"""Where something went, and what somebody is said to have done with it: that is told, not asked."""
_VERB = re.compile(
    r"['’](?:s|m|re|ve|ll|d|t)\b|\b(?:is|am|are|was|were|be|been|has|have|had|does|did|will|would|can|cannot|could|should|must"
    r"|may|might|aint|im|ive|cant|wont|dont|doesnt|isnt|means?|gets?|got|go|goes|went|come|comes|came|gives?|gave|takes?|took"
    r"|makes?|made|keeps?|kept|tells?|told|says?|said|see|sees|saw|loses?|lost|lose|pays?|paid|needs?|falls?|fell|rises?|rose"
    r"|moves?|stays?|stops?|leaves?|left|hold|holds|held|hits?|hurts?|hunts?|closes?|fills?|fix(?:es)?|risks?|costs?|counts?"
    r"|shows?|earns?|pockets?|steals?|stole|drops?|bounces?|recovers?|depends?|applies|works?|protects?|guarantees?"
    r"|liquidates?|multipl(?:y|ies)|equals?|always|never|(?!speed|need|feed|red|bed)[a-z]{3,}ed)\b|\s=\s",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\s*;\s+|\n+|,\s+(?=(?:so|but|how|what|why|who|where)\b)", re.IGNORECASE)
_FEWEST_WORDS = 4


def assertions(text: str) -> tuple[str, ...]:
    """The statements of `text`, without the words that only ask for agreement; none for a plain question.

    >>> assertions("so binance earns the funding fees i pay, right?")
    ('binance earns the funding fees i pay',)
    >>> assertions("Since FTX was the biggest liquidation day in history, how much was it?")
    ('FTX was the biggest liquidation day in history',)
    >>> assertions("Where did the money go that traders lost in the crash?")
    ('traders lost the money in the crash',)
    >>> assertions("What is open interest?")
    ()
    """
    found: list[str] = []
    for sentence in filter(None, (piece.strip() for piece in _SENTENCE.split(text))):
        tagged = _TAG.search(sentence)
        told = _LEAD.sub("", _TAG.sub("", sentence) if tagged else sentence).strip(" ,.!?")
        introduced = _LEAD.match(sentence) is not None and not _QUESTION.match(_LEAD.sub("", sentence, count=1))
        states = tagged and not _ASKS_OPENLY.match(told)
        if states or introduced or not (_QUESTION.match(told) or _ASKS.search(told) or sentence.endswith("?")):
            reason = None if states else _REASON.match(told)
            found += [reason["said"].strip()] if reason else [told] if tagged or _VERB.search(told) else []
        else:
            found += [match["said"].strip() for match in _REASON.finditer(told)]
            found += [_of_relative(match) for match in _RELATIVE.finditer(told)]
    return tuple(dict.fromkeys(said for said in found if len(said.split()) >= _FEWEST_WORDS))


def _of_relative(match: re.Match[str]) -> str:
    return f"{match['who']} {match['did']} {match['what'].strip()}{match['rest']}".strip()

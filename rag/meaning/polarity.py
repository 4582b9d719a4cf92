"""What turns a sentence into its opposite: negations, and pairs of words of which one excludes the other."""

import re

_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|without|nor|neither|none|nobody|nothing|false|isn|aren|wasn|weren|doesn|don|didn|can|won|"
    r"wouldn|shouldn|couldn|hasn|haven|ain)(?:n?['’]t)\b|\b(?:not|no|never|cannot|without|nor|neither|none|nobody|nothing)\b",
    re.IGNORECASE,
)

_PAIRS = (
    (r"longs?", r"shorts?"),
    (
        r"fall(?:s|ing|en)?|fell|drop(?:s|ped|ping)?|slid|slide[sd]?|declin\w+|decreas\w+|lost|loses?",
        r"ris(?:e|es|ing|en)|rose|gain(?:s|ed|ing)?|climb\w*|increas\w+|rall(?:y|ied|ies)",
    ),
    (r"buy(?:s|ing)?|bought", r"sell(?:s|ing)?|sold"),
    (r"above|over", r"below|under|beneath"),
    (r"higher|high", r"lower|low"),
    (r"more|greater", r"less|fewer"),
    (r"bigger|larger", r"smaller"),
    (r"before|earlier|first", r"after|afterwards|later"),
    (r"away|further|farther", r"closer|nearer"),
    (r"inflows?", r"outflows?"),
    (r"understat\w+|underreport\w+|undercount\w+", r"overstat\w+|exaggerat\w+|overcount\w+"),
    (r"maximum|most|highest", r"minimum|least|lowest"),
    (r"up|upwards?", r"down|downwards?"),
    (r"positive", r"negative"),
    (r"profits?|profitable", r"loss|losses|losing"),
    (r"safer", r"riskier"),
)  # fmt: skip
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{one})\b", re.I), re.compile(rf"\b(?:{other})\b", re.I)) for one, other in _PAIRS
)

_PAYS = re.compile(r"\b(longs?|shorts?)\s+(?:\w+\s+)?(?:pay|pays|paid|paying)\b", re.IGNORECASE)


def is_negated(text: str) -> bool:
    """Whether `text` holds a negation; two of them make none.

    >>> is_negated("It does not count purchases."), is_negated("Nobody can never lose."), is_negated("Only one.")
    (True, False, False)
    """
    return len(_NEGATION.findall(text)) % 2 == 1


def opposes(statement: str, sentence: str) -> bool:
    """Whether `sentence` turns a direction of `statement` round: it says only the opposite word of a pair.

    A sentence that says both words of a pair ("longs, not shorts") is not judged by that pair. Who pays whom
    is read from word order: "longs pay shorts" opposes "shorts pay longs", and so does a sentence that says
    both, of which only a clause may speak for the statement.
    """
    payers, other_payers = _payers(statement), _payers(sentence)
    if payers and other_payers and payers != other_payers:
        return True
    for one, other in _OPPOSITES:
        said_one, said_other = bool(one.search(statement)), bool(other.search(statement))
        if said_one == said_other:
            continue
        wanted, excluded = (one, other) if said_one else (other, one)
        if excluded.search(sentence) and not wanted.search(sentence):
            return True
    return False


def _payers(text: str) -> set[str]:
    return {match[1].lower().rstrip("s") for match in _PAYS.finditer(text)}

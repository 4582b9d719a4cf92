"""Changes in a question what a follow-up names: asset, side, leverage, number, window, crash, venue or unit.

It changes words only; what the changed question means is understood afterwards, like that of any other.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.assets import asset_spans, assets_in, replace_asset
from rag.inputs import VENUE, asks_to_calculate, calculation_of, roles_in
from rag.periods import RELATIVE, WINDOW
from rag.quantities import Quantity, quantities

Span = tuple[int, int]
Marks = Callable[[str], Sequence[Span]]
"""Where a text names a crash or a date."""

_SIDE = re.compile(r"\b(?:long|short)s?\b", re.IGNORECASE)
_UNIT = re.compile(r"\b(?:in )?(?:percent(?:age)?|dollars?|usd)\b|(?:\bin )?%|\bin \$", re.IGNORECASE)
_AMOUNT = re.compile(r"\bhow (?:many (?:dollars?|usd|percent)|much)\b", re.IGNORECASE)
_NOW = re.compile(r"\s*\b(?:right now|now|rn|atm|today|currently|at the moment)\b", re.IGNORECASE)
_LIQUIDATED = re.compile(r"\b(?P<verb>liquidated|rekt|wiped out)\b|\b(?P<noun>liquidations?)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(?:and|but|so|ok(?:ay)?|also|then|what|how|about|if|is|was|were|are|be|would|for|in|at|on|with|to|from|of|over"
    r"|during|the|a|an|my|same|that|this|it|its|thing|question|instead|just|only|say|lets?|side|sides|ones?|positions?"
    r"|goes|go|went|i|use[ds]?|using|took|take|did|does|do|much|many|rather|please|pls|thanks|change[ds]?|make|crash"
    r"|collapse|alone|again|leverage|when)\b|['’]s\b|[^\w%$]",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:what|how|why|who|when|where|which|is|are|do|does|can)\b.{12,}|\?", re.IGNORECASE)
_LEADING = re.compile(r"(?:\b(?:on|in|during|for|of|at|since|from)\s+)?(?:\bthe\s+)?$", re.IGNORECASE)
_ENDS_IN_CRASH = re.compile(r"\b(?:crash|collapse|cascade|flush|thursday|unwind|break|sell-?off|\d+)$", re.IGNORECASE)
_BESIDE_A_NUMBER = (
    r"(?:add(?:ed|ing)?|extra|maintenance|margin|rate|mmr|collateral|entry|exit|funding|fees?|taker|size|usd|usdt"
    r"|dollars?|opened|closed?|hits?|reaches|of)"
)
_CUES = (
    re.compile(rf"(?:\b{_BESIDE_A_NUMBER}\s+)+$", re.IGNORECASE),
    re.compile(rf"^(?:\s+{_BESIDE_A_NUMBER}\b)+", re.IGNORECASE),
)
_ASKED_FOR = {
    "the entry price": "from",
    "the exit price": "to",
    "the value of the position": "on a position of",
    "the equity behind it": "with equity of",
    "the margin balance": "with a balance of",
}


@dataclass(frozen=True)
class _Change:
    """One thing a follow-up names, where it stands there, and the question before it changed by it."""

    span: Span
    applied: Callable[[str], str | None]


def changed(text: str, previous: str, marks: Marks) -> str | None:
    """`previous` with what `text` names put in its place, or None where `text` also asks something of its own.

    >>> changed("and at 5 eth?", "long 2 ETH from 3500 to 3800, profit?", lambda _: ())
    'long 5 eth from 3500 to 3800, profit?'
    """
    changes = _changes(text, marks)
    left = text
    for start, end in sorted((change.span for change in changes), reverse=True):
        left = f"{left[:start]} {left[end:]}"
    if not changes or _FILLER.sub("", left).strip():
        return None
    whole: str | None = previous
    for change in changes:
        whole = change.applied(whole) if whole is not None else None
    return whole if whole != previous else None


def completes(text: str, previous: str) -> bool:
    """Whether `text` only gives numbers that a calculation asked for in `previous` still lacks."""
    request = calculation_of(previous)
    return request is not None and bool(request.missing) and bool(roles_in(text)) and not _ASKS.search(text)


def crash_in(text: str, marks: Marks) -> str | None:
    """The one crash that `text` names, as words to stand behind a question: "on 4 May 2022", "in the FTX crash"."""
    spans = marks(text)
    if len(spans) != 1:
        return None
    start, end = spans[0]
    name = text[start:end]
    day = next((found.day for found in quantities(name) if found.day), None)
    if day is None:
        return f"in the {name}" if _ENDS_IN_CRASH.search(name) else f"in the {name} crash"
    return f"on {name}" if len(day) >= len("--05-04") and len(day) != len("2025-11") else f"in {name}"


def _changes(text: str, marks: Marks) -> list[_Change]:
    taken: list[_Change] = []

    def free(span: Span) -> bool:
        return all(span[1] <= other.span[0] or other.span[1] <= span[0] for other in taken)

    named = list(marks(text))
    if len(named) == 1:
        start, end = named[0]
        lead = _lead(text, start)
        name = text[start:end]
        taken.append(_Change((start - len(lead), end), lambda before: _with_mark(before, lead, name, marks)))
    window = RELATIVE.search(text) or WINDOW.search(text)
    if window and free(window.span()):
        said = window[0]
        taken.append(_Change(window.span(), lambda before: _with_window(before, said)))
    for role, quantity in roles_in(text):
        if free((quantity.start, quantity.end)):
            said = text[quantity.start : quantity.end].strip()
            taken.append(_Change(_with_cues(text, quantity), _number(role, said, quantity.unit, text)))
    for pattern, apply in ((_SIDE, _with_side), (VENUE, _with_venue), (_UNIT, _in_unit)):
        match = pattern.search(text)
        if match and free(match.span()):
            taken.append(_Change(match.span(), _bound(apply, match[0])))
    assets = [(span, symbol) for span, symbol in asset_spans(text) if free(span)]
    if len({symbol for _, symbol in assets}) == 1:
        new = assets[0][1]
        taken += [_Change(span, lambda before: _with_asset(before, new)) for span, _ in assets]
    return taken


def _bound(apply: Callable[[str, str], str | None], said: str) -> Callable[[str], str | None]:
    return lambda before: apply(before, said)


def _number(role: str | None, said: str, unit: str, text: str) -> Callable[[str], str | None]:
    def applied(before: str) -> str | None:
        theirs = roles_in(before)
        place = next((q for other, q in theirs if other == role), None) if role else None
        if place is None:
            alike = [q for _, q in theirs if _kind(q.unit) == _kind(unit)]
            place = alike[0] if role in {None, "notional", "rate"} and len(alike) == 1 else None
        if place is not None:
            return before[: place.start] + said + before[place.end :]
        if not asks_to_calculate(before):
            return None
        request = calculation_of(before)
        lacking = next((_ASKED_FOR[word] for word in (request.missing if request else ()) if word in _ASKED_FOR), None)
        if role is None and lacking is None:
            return None
        added = f", {f'{lacking} {said}' if role is None else _as_said(text)}"
        return before if before.endswith(added) else f"{before.rstrip(' ?.!')}{added}"

    return applied


def _with_cues(text: str, quantity: Quantity) -> Span:
    """Where a number stands, with the words beside it that say what it is."""
    before, after = (
        cue.search(part) for cue, part in zip(_CUES, (text[: quantity.start], text[quantity.end :]), strict=True)
    )
    return quantity.start - len(before[0] if before else ""), quantity.end + len(after[0] if after else "")


def _as_said(text: str) -> str:
    """The follow-up without what joins it to the question before."""
    return re.sub(r"^(?:and|but|so|ok(?:ay)?|what if|what about|how about|i|\W)+\s*", "", text, flags=re.IGNORECASE)


def _kind(unit: str) -> str:
    return "usd" if unit == "plain" else unit


def _with_asset(before: str, new: str) -> str | None:
    old = assets_in(before)
    if len(old) > 1:
        return None
    return replace_asset(before, old[0], new) if old else f"{before.rstrip(' ?.!')} for {new}?"


def _with_side(before: str, said: str) -> str | None:
    side = said.lower()
    if _SIDE.search(before):
        return _SIDE.sub(lambda match: side.rstrip("s") + ("s" if match[0].lower().endswith("s") else ""), before)
    liquidated = _LIQUIDATED.search(before)
    if liquidated and liquidated["noun"]:
        return f"{before[: liquidated.start()]}{side.rstrip('s')} {before[liquidated.start() :]}"
    if liquidated:
        return f"{before[: liquidated.end()]} in {side.rstrip('s')}s{before[liquidated.end() :]}"
    return f"{before.rstrip(' ?.!')}, {side.rstrip('s')}?" if asks_to_calculate(before) else None


def _with_window(before: str, said: str) -> str:
    before = _NOW.sub("", before)
    if WINDOW.search(before):
        return WINDOW.sub(said, before, count=1)
    return f"{before.rstrip(' ?.!')} {said}?"


def _with_mark(before: str, lead: str, name: str, marks: Marks) -> str | None:
    spans = marks(before)
    if len(spans) > 1:
        return None
    if not spans:
        return f"{WINDOW.sub('', _NOW.sub('', before)).rstrip(' ?.!')} {lead or 'in the '}{name}?"
    start, end = spans[0]
    old = _lead(before, start)
    return f"{before[: start - len(old)]}{lead or old}{name}{before[end:]}"


def _lead(text: str, start: int) -> str:
    """The preposition and article in front of a name."""
    found = _LEADING.search(text[:start])
    return found[0] if found else ""


def _with_venue(before: str, said: str) -> str:
    if VENUE.search(before):
        return VENUE.sub(said, before)
    return f"{before.rstrip(' ?.!')}, on {said}?"


def _in_unit(before: str, said: str) -> str:
    unit = "percent" if "%" in said or "percent" in said.lower() else "dollars"
    if _AMOUNT.search(before):
        return _AMOUNT.sub(f"how many {unit}", before, count=1)
    return f"{before.rstrip(' ?.!')}, in {unit}?"

"""Reads a calculation out of plain words: which calculator, which inputs, and what is still missing."""

import re
from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge.gazetteer import Gazetteer
from market.calculators.venues import VENUES, venues
from rag.quantities import Quantity, Unit, quantities

Calculator = Literal[
    "liquidation-price", "pnl", "effective-leverage", "margin-ratio", "funding-payment", "bankruptcy-price",
    "move-to-liquidation", "recovery-gain",
]  # fmt: skip
Role = Literal[
    "entry", "exit", "margin", "quantity", "leverage", "mmr", "rate", "fee_rate", "notional", "equity",
    "maintenance_margin", "margin_balance", "extra_margin", "unrealised_loss", "unrealised_profit",
]  # fmt: skip


class CalculationRequest(BaseModel):
    """Inputs are in the calculators' own names and units; rates are fractions. `missing` is in plain words."""

    model_config = ConfigDict(frozen=True)

    name: Calculator
    inputs: dict[str, float | str]
    missing: tuple[str, ...]
    roles: dict[Role, float] = {}
    """The numbers as they were given, before they became inputs."""

    @property
    def sides(self) -> tuple[str, ...]:
        """Both sides where only the side is missing, so that both can be worked out; else empty."""
        return ("long", "short") if self.missing == (EITHER_SIDE,) else ()

    @property
    def ready(self) -> bool:
        """Whether it can be worked out, for one side or for both."""
        return not self.missing or bool(self.sides)


_LONG = re.compile(r"\b(?:long(?:ed|ing)?|bought|buy)\b", re.IGNORECASE)
_SHORT = re.compile(r"\bshort(?:ed|ing)?\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:i|im|i'm|my|me)\b", re.IGNORECASE)
COIN_MARGINED = re.compile(r"\b(?:inverse|coin[- ]margined|coin-?m)\b", re.IGNORECASE)

HAS_CONTRACT: frozenset[Calculator] = frozenset({"liquidation-price", "pnl", "bankruptcy-price", "move-to-liquidation"})
"""Calculators whose result depends on whether a contract is settled in USD or in coins."""
_ENTRY_MISSING = "the entry price"
_FALLING = re.compile(r"\b(?:drop|fall|dip|decline|crash|down)\w*\b", re.IGNORECASE)
_RISING = re.compile(r"\b(?:rise|pump|rall(?:y|ies)|up|gain)\w*\b", re.IGNORECASE)

_NAMES: Mapping[Calculator, str] = {
    "margin-ratio": r"margin\s+ratio",
    "effective-leverage": r"(?:effective|real|actual|true)\s+leverage|effectively",
    "bankruptcy-price": r"bankruptcy(?:\s+price)?",
    "move-to-liquidation": r"(?:what|how\s+many|which)\s*(?:%|percent\w*)\s+(?:drop|fall|move|rise|dip|loss"
    r"|against|until|till)|liq\w*.{0,60}\bin\s+percent"
    r"|how\s+(?:far|much)\s+(?:can|could|may|must|has|does)\s+(?:\w+\s+){1,3}(?:(?:have|need)\s+)?(?:to\s+)?"
    r"(?:fall|drop|rise|move|go)",
    "liquidation-price": r"liq\w*|rekt|wiped|margin\s+call|get\s+closed",
    "funding-payment": r"funding|longs?\s+pays?|shorts?\s+pays?|pays?\s+(?:the\s+)?shorts?",
    "pnl": r"profits?|loss|lose|losing|gain|pnl|roe|make|made|return",
}
_NAME_CUES = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _NAMES.items()}

# What stands just before or just after a number says what it is; the first cue that fits wins.
_BEFORE: Mapping[Role, str] = {
    "extra_margin": r"add(?:ed|ing)?(?:\s+another|\s+extra)?",
    "unrealised_loss": r"unreali[sz]ed\s+loss",
    "unrealised_profit": r"unreali[sz]ed\s+(?:profit|gain)",
    "exit": r"to|hits?|reaches|exit(?:ed|s)?|clos(?:e|es|ed|ing)(?: it)? (?:at|of)"
    r"|sold(?: at)?|sell(?:ing)?(?: at)?|until",
    "entry": r"from|at|entry|entered|opened|price",
    "maintenance_margin": r"maintenance\s+margin",
    "margin_balance": r"(?:margin\s+)?balance",
    "mmr": r"maintenance(?:\s+margin)?|mmr",
    "rate": r"funding|rate",
    "fee_rate": r"fees?",
    "equity": r"equity|account|wallet",
    "margin": r"margin|collateral|put\s+(?:in|up)|with",
    "notional": r"position|notional|size|worth",
}
_AFTER: Mapping[Role, str] = {
    "entry": r"entry",
    "margin_balance": r"(?:of\s+)?(?:margin\s+)?balance",
    "maintenance_margin": r"(?:of\s+)?maintenance\s+margin(?!\s+rate)",
    "mmr": r"maintenance|mmr",
    "margin": r"(?:of\s+)?(?:isolated\s+)?(?:margin|collateral)",
    "equity": r"(?:of\s+|in\s+)?(?:equity|account|wallet)",
    "notional": r"(?:\w+\s+)?(?:position|notional)",
    "rate": r"funding|rate",
    "fee_rate": r"(?:taker\s+)?fees?",
}
_WAY_BACK = re.compile(r"\bbreak\s*even\b|\b(?:get|be|bring\w*)\b.{0,12}\b(?:back|even)\b|\brecover\b", re.IGNORECASE)
_ASKS_FOR_GAIN = re.compile(r"\bwhat\b|\bhow (?:much|many)\b|\bgain needed\b", re.IGNORECASE)
_FELL = re.compile(r"\b(?:down|lost|loss|fell|fall|dropped|drop|drawdown)\b", re.IGNORECASE)
_IN_PERCENT = re.compile(r"\b(?:in )?percent(?:age)?\b|\bin %", re.IGNORECASE)
_LINK = r"(?:\s+(?:price|rate|balance|value|size|worth|at|of|is|was|around))*\s*[=:@]?\s*$"
_CUES_BEFORE = {role: re.compile(rf"(?:\b(?:{words}){_LINK})", re.IGNORECASE) for role, words in _BEFORE.items()}
_CUES_AFTER = {role: re.compile(rf"^\s*(?:{words})\b", re.IGNORECASE) for role, words in _AFTER.items()}
_AT_SIGN = re.compile(r"@\s*$")
_SAID_BEFORE_ONLY: tuple[Role, ...] = ("extra_margin", "unrealised_loss", "unrealised_profit")
"""Cues that outweigh what follows: "added another 1,000 USD of margin" is not the margin."""

_RATES: frozenset[Role] = frozenset({"mmr", "rate", "fee_rate"})
_REACH = 32
_LEAST_PRICE = 100
"""Under "at" or "from", a smaller number before the name of a coin is a size: "from 2 ETH"."""
_MONEY: frozenset[Unit] = frozenset({"usd", "plain"})
FUNDING_RATE = "the funding rate"
EITHER_SIDE = "whether the position is long or short"


def calculation_of(text: str) -> CalculationRequest | None:
    """The calculation `text` asks for, or None if it names no position to calculate with.

    A question is a calculation only if it brings numbers of its own: a price with a leverage, a size or a
    direction. "What is a liquidation price?" is not one.
    """
    recovery = _recovery(text)
    if recovery is not None:
        return recovery
    found = _roles(text)
    side = "short" if _SHORT.search(text) else "long" if _LONG.search(text) else None
    name = _name(text, found, side)
    if name == "funding-payment" and "notional" not in found and "quantity" not in found:
        found |= _lone_money(text, "notional")
    speaks_of_own = side is not None or bool(_OWN.search(text))
    if name == "move-to-liquidation" and side is None and "leverage" in found:
        # A fall liquidates longs and a rise shorts: the word for the move says which is meant.
        side = "long" if _FALLING.search(text) else "short" if _RISING.search(text) else None
        speaks_of_own = speaks_of_own or side is not None
    asks_amount = name == "funding-payment" and bool(_ASKS_FOR_GAIN.search(text))
    if name is None or len(found) + (speaks_of_own or asks_amount) < 2:
        return None
    if (
        name == "effective-leverage"
        and "notional" in found
        and not {"equity", "margin", "margin_balance"} & found.keys()
    ):
        found |= _lone_money(text, "equity")
    if name == "pnl" and "exit" not in found:
        found |= _second_price(text)
    return _requested(name, found, side, _terms(name, text))


def merged_calculation(previous: CalculationRequest, text: str) -> CalculationRequest:
    """`previous` with what `text` gives instead: numbers, side, contract, venue, or another calculation of the same.

    >>> request = calculation_of("Where is my liquidation price on a 20x long from 104k?")
    >>> merged_calculation(request, "and at 10x short?").inputs
    {'entry': 104000.0, 'leverage': 10.0, 'side': 'short'}
    """
    if previous.name == "recovery-gain":
        return _recovery(text) or previous
    new = _roles(text)
    if not new and (lone := _LONE.get(previous.name)):
        new = _lone_money(text, lone)
    found = {role: value for role, value in (previous.roles | new).items() if not _replaced(role, new)}
    side = "short" if _SHORT.search(text) else "long" if _LONG.search(text) else previous.inputs.get("side")
    name = next((name for name, cue in _NAME_CUES.items() if cue.search(text)), None)
    name = name if name is not None and "rate" not in new else previous.name
    if previous.name == "liquidation-price" and _IN_PERCENT.search(text):
        name = "move-to-liquidation"
    kept = {term: previous.inputs[term] for term in ("contract", "venue") if term in previous.inputs}
    terms = {term: value for term, value in (kept | _terms(name, text)).items() if name in HAS_CONTRACT}
    return _requested(name, found, str(side) if side else None, terms)


_LONE: Mapping[str, Role] = {"funding-payment": "notional", "effective-leverage": "equity"}
"""What an amount alone is taken for where a calculation is asked again."""


def _replaced(role: Role, new: Mapping[Role, float]) -> bool:
    """Whether a number given before is no longer meant: a leverage takes the place of a margin, and the other way."""
    return role not in new and {role, *new} >= {"margin", "leverage"}


def _terms(name: str, text: str) -> dict[str, float | str]:
    """The kind of contract and the venue that `text` names, as the calculator takes them."""
    terms: dict[str, float | str] = {}
    if name in HAS_CONTRACT and COIN_MARGINED.search(text):
        terms["contract"] = "inverse"
    venue = venue_in(text)
    if name == "liquidation-price" and venue and venues()[venue].convention(str(terms.get("contract", "linear"))):
        terms["venue"] = venue
    return terms


def _requested(
    name: Calculator, found: dict[Role, float], side: str | None, terms: Mapping[str, float | str]
) -> CalculationRequest:
    request = _BUILDERS[name](found, side)
    return request.model_copy(update={"inputs": {**request.inputs, **terms}, "roles": dict(found)})


def _lone_money(text: str, role: Role) -> dict[Role, float]:
    """The one amount of `text` whose words do not say what it is, taken for what the calculation lacks."""
    money = [quantity.value for said, quantity in roles_in(text) if said is None and quantity.unit in _MONEY]
    return {role: money[0]} if len(money) == 1 else {}


def _second_price(text: str) -> dict[Role, float]:
    """The second of two prices: "long from 104k, how big is my loss at 101k"."""
    prices = [quantity.value for role, quantity in roles_in(text) if role == "entry"]
    return {"exit": prices[1]} if len(prices) == 2 else {}


def venue_in(text: str) -> str | None:
    """The venue that `text` names, if it names one only."""
    named = {key for _, key in venue_spans(text)}
    return named.pop() if len(named) == 1 else None


def venue_spans(text: str) -> list[tuple[tuple[int, int], str]]:
    """Where `text` names a venue whose rules the calculators know, and its key there, in reading order."""
    return [
        ((mention.start, mention.end), mention.entity.id)
        for mention in Gazetteer.load().mentions(text)
        if mention.entity.id in VENUES
    ]


def _recovery(text: str) -> CalculationRequest | None:
    """The gain that a loss in percent needs, if the way back is asked for."""
    if not _WAY_BACK.search(text) or not _ASKS_FOR_GAIN.search(text):
        return None
    for quantity in quantities(text):
        said_to_fall = quantity.value < 0 or _FELL.search(text[: quantity.start] + text[quantity.end :])
        if quantity.unit == "percent" and said_to_fall:
            return CalculationRequest(name="recovery-gain", inputs={"loss": abs(quantity.value) / 100}, missing=())
    return None


def _name(text: str, found: Mapping[Role, float], side: str | None) -> Calculator | None:
    if "entry" in found and "exit" in found and "rate" not in found:
        return "pnl"
    name = next((name for name, cue in _NAME_CUES.items() if cue.search(text)), None)
    if name is None and "leverage" in found and ("entry" in found or side):
        return "liquidation-price"
    return name


def asks_of_a_rise(text: str) -> bool:
    """Whether `text` speaks of a rise and of no fall."""
    return bool(_RISING.search(text)) and not _FALLING.search(text)


def asks_to_calculate(text: str) -> bool:
    """Whether `text` asks for a calculation, complete or not."""
    return calculation_of(text) is not None


def speaks_of(name: Calculator, text: str, *, alone: bool) -> bool:
    """Whether `text` names what calculator `name` works out, or unless `alone` what any does, without numbers."""
    return any(cue.search(text) for other, cue in _NAME_CUES.items() if other == name or not alone)


def roles_in(text: str) -> list[tuple[Role | None, Quantity]]:
    """The numbers of `text` in reading order, each with what it stands for where the words beside it say so."""
    counted = [quantity for quantity in quantities(text) if quantity.unit not in {"date", "time", "duration"}]
    return [(_role(text, quantity), quantity) for quantity in counted]


def _roles(text: str) -> dict[Role, float]:
    found: dict[Role, float] = {}
    for role, quantity in roles_in(text):
        if role is None:
            continue
        value = quantity.value / 100 if quantity.unit == "percent" else quantity.value
        found.setdefault(role, value)
    return found


def _role(text: str, quantity: Quantity) -> Role | None:
    before, after = text[max(0, quantity.start - _REACH) : quantity.start], text[quantity.end : quantity.end + _REACH]
    if quantity.unit == "multiple" or re.search(r"\bleverage(?:\s+(?:of|is))?\s*$", before, re.IGNORECASE):
        return "leverage"
    if quantity.unit == "coin":
        return _of_coins(quantity, before, after)
    if _AT_SIGN.search(before):
        return "entry"
    is_rate = quantity.unit == "percent"
    cued = [role for role in _SAID_BEFORE_ONLY if _CUES_BEFORE[role].search(before)]
    cued += [role for role, cue in _CUES_AFTER.items() if cue.search(after)]
    cued += [role for role, cue in _CUES_BEFORE.items() if cue.search(before)]
    fitting = next((role for role in cued if (role in _RATES) == is_rate), None)
    if fitting or not is_rate:
        return fitting or ("notional" if quantity.unit == "usd" else None)
    return "mmr" if re.search(r"maintenance|mmr", text, re.IGNORECASE) else "rate"


def _of_coins(quantity: Quantity, before: str, after: str) -> Role:
    """A number before the name of a coin is a size in coins, unless the words beside it make it a price or a value.

    "entry 3,840 eth long" gives the price, "a 60k btc position" the value of the position.
    """
    if _CUES_BEFORE["entry"].search(before) and quantity.value >= _LEAST_PRICE:
        return "entry"
    if _CUES_AFTER["notional"].search(after) and re.search(r"\d\s?(?:k|m)\b", quantity.text, re.IGNORECASE):
        return "notional"
    return "quantity"


def _taken(found: dict[Role, float], *roles: Role) -> dict[str, float | str]:
    return {role: found[role] for role in roles if role in found}


def _liquidation(found: dict[Role, float], side: str | None) -> CalculationRequest:
    inputs = _taken(found, "entry", "leverage", "quantity", "mmr", "fee_rate", "extra_margin")
    if "leverage" not in inputs and "margin" in found and "quantity" in found:
        inputs |= _taken(found, "margin")
    elif "margin" in found and "notional" in found and found["margin"] > 0 and "leverage" not in inputs:
        inputs["leverage"] = found["notional"] / found["margin"]
    missing = []
    if side is None:
        missing.append(EITHER_SIDE)
    if "entry" not in inputs:
        missing.append(_ENTRY_MISSING)
    if "leverage" not in inputs and "margin" not in inputs:
        missing.append("the leverage, or the margin and the size in coins")
    return _request("liquidation-price", inputs, side, missing)


def _bankruptcy(found: dict[Role, float], side: str | None) -> CalculationRequest:
    request = _liquidation(found, side)
    wanted = {name: value for name, value in request.inputs.items() if name not in {"mmr", "fee_rate"}}
    return request.model_copy(update={"name": "bankruptcy-price", "inputs": wanted})


def _move(found: dict[Role, float], side: str | None) -> CalculationRequest:
    request = _liquidation(found, side)
    # In percent the move is the same from every entry, unless a margin or a size in coins comes with it.
    missing = tuple(word for word in request.missing if word != _ENTRY_MISSING or not _by_leverage(request.inputs))
    return request.model_copy(update={"name": "move-to-liquidation", "missing": missing})


def _by_leverage(inputs: Mapping[str, float | str]) -> bool:
    return "leverage" in inputs and not {"margin", "quantity", "extra_margin"}.intersection(inputs)


def _pnl(found: dict[Role, float], side: str | None) -> CalculationRequest:
    inputs = _taken(found, "entry", "exit", "quantity", "leverage")
    stake = found.get("margin", found.get("notional"))
    if "quantity" not in inputs and stake and "entry" in inputs:
        multiple = found.get("leverage", 1.0) if "margin" in found else 1.0
        inputs["quantity"] = stake * multiple / found["entry"]
    missing = []
    if side is None:
        missing.append(EITHER_SIDE)
    missing += [word for role, word in (("entry", "the entry price"), ("exit", "the exit price")) if role not in inputs]
    if "quantity" not in inputs and "leverage" not in inputs:
        missing.append("the size in coins")
    return _request("pnl", inputs, side, missing)


def _effective_leverage(found: dict[Role, float], _side: str | None) -> CalculationRequest:
    inputs: dict[str, float | str] = {}
    if "notional" in found:
        inputs["notional"] = found["notional"]
    elif "quantity" in found and "entry" in found:
        inputs["notional"] = found["quantity"] * found["entry"]
    equity = found.get("equity", found.get("margin_balance", found.get("margin")))
    if equity is not None:
        inputs["equity"] = equity + found.get("unrealised_profit", 0.0) - found.get("unrealised_loss", 0.0)
    words = (("notional", "the value of the position"), ("equity", "the equity behind it"))
    return _request("effective-leverage", inputs, None, [word for role, word in words if role not in inputs])


def _margin_ratio(found: dict[Role, float], _side: str | None) -> CalculationRequest:
    inputs = _taken(found, "maintenance_margin", "margin_balance")
    if "margin_balance" not in inputs and "equity" in found:
        inputs["margin_balance"] = found["equity"]
    words = (("maintenance_margin", "the maintenance margin"), ("margin_balance", "the margin balance"))
    return _request("margin-ratio", inputs, None, [word for role, word in words if role not in inputs])


def _funding(found: dict[Role, float], side: str | None) -> CalculationRequest:
    inputs = _taken(found, "notional", "rate")
    if "notional" not in inputs and "quantity" in found and "entry" in found:
        inputs["notional"] = found["quantity"] * found["entry"]
    missing = [] if side else [EITHER_SIDE]
    words = (("notional", "the value of the position"), ("rate", FUNDING_RATE))
    return _request("funding-payment", inputs, side, missing + [word for role, word in words if role not in inputs])


def _request(
    name: Calculator, inputs: dict[str, float | str], side: str | None, missing: list[str]
) -> CalculationRequest:
    return CalculationRequest(name=name, inputs=inputs | ({"side": side} if side else {}), missing=tuple(missing))


_BUILDERS: dict[str, Callable[[dict[Role, float], str | None], CalculationRequest]] = {
    "liquidation-price": _liquidation,
    "bankruptcy-price": _bankruptcy,
    "move-to-liquidation": _move,
    "pnl": _pnl,
    "effective-leverage": _effective_leverage,
    "margin-ratio": _margin_ratio,
    "funding-payment": _funding,
}

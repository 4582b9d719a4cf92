"""Amounts that prose gives for an event, held against the event's published figures."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.figures import Event
from knowledge.gazetteer.calendar import MONTHS

_AMOUNT = re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?) (million|billion|trillion) USD")
_SCALE = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
_TOTAL = re.compile(r"\bliquidat(ed|ions?)\b", re.IGNORECASE)
_INVENTED = re.compile(r"\bfor example\b|\bsay\b|\bsuppose\b", re.IGNORECASE)
_ONE_VENUE = re.compile(r"\b(Hyperliquid|ADL|auto-delever\w+|open interest|market value|volume|ETF)\b", re.IGNORECASE)


def disagreements(sentence: str, events: Sequence[Event]) -> Iterator[tuple[str, str]]:
    """(amount, what the events file says) for liquidation totals of a dated event that no figure of it carries.

    Held only where the sentence speaks of the whole market's liquidations on the date of exactly one event.
    """
    if not _TOTAL.search(sentence) or _INVENTED.search(sentence) or _ONE_VENUE.search(sentence):
        return
    named = {event.id: event for day in _days(sentence) for event in events if event.start <= day <= event.end}
    if len(named) != 1 or len({*_days(sentence)}) != 1:
        return
    (event,) = named.values()
    # Smaller ones are prices.
    published = [figure.value for figure in event.figures if figure.unit == "USD" and figure.value >= 1e6]
    for match in _AMOUNT.finditer(sentence):
        digits, scale = match[1].replace(",", ""), _SCALE[match[2]]
        shown = float(digits) * scale
        # "19.2 billion" is 19.16 rounded to what it shows.
        step = scale / 10 ** len(digits.partition(".")[2])
        if not any(abs(value - shown) <= step / 2 + 1e-6 * shown for value in published):
            near = min(published, key=lambda value: abs(value - shown), default=None)
            said = f"{event.id} has {near / 1e9:g} billion USD" if near is not None else f"{event.id} has no amount"
            yield match[0], said


def _days(sentence: str) -> list[date]:
    found = []
    for day, month, year in _DATE.findall(sentence):
        try:
            found.append(date(int(year), MONTHS.index(month) + 1, int(day)))
        except ValueError:
            continue
    return found

"""Fills a formula's template with the numbers of a result row."""

from collections.abc import Callable, Mapping
from datetime import datetime
from string import Formatter
from typing import Any

from market.numbers import moment_text, plain_text, price_text
from market.query import Row


def filled(template: str, row: Row) -> str:
    """`template` with its fields from `row`: `{peak:price}`, `{total:usd}`, `{fall:share}`, `{n:plain}`, `{at:moment}`.

    >>> filled("1 - {last:price}/{peak:price}", {"last": 101500.0, "peak": 124658.54})
    '1 - 101,500.00/124,658.54'
    """
    return _Filler().vformat(template, (), dict(row))


class _Filler(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return "unknown"
        if isinstance(value, datetime):
            return moment_text(value)
        style = _STYLES.get(format_spec)
        return style(float(value)) if style else str(value)


_STYLES: Mapping[str, Callable[[float], str]] = {
    "price": price_text,
    "usd": lambda value: f"{value:,.0f}",
    "share": lambda value: f"{value:.2%}",
    "plain": plain_text,
    "count": lambda value: f"{value:,.0f}",
}

"""Finds the assets a question names, however people write them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml


@lru_cache(maxsize=1)
def _names() -> Mapping[str, list[str]]:
    names: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("assets.yaml").read_text("utf-8"))
    return names


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {
        symbol: re.compile(rf"(?<![\w$])[$]?(?:{'|'.join(re.escape(alias) for alias in aliases)})(?!\w)", re.IGNORECASE)
        for symbol, aliases in _names().items()
    }


def asset_names() -> list[str]:
    """Every name of every asset."""
    return [name for symbol, aliases in _names().items() for name in (symbol, *aliases)]


def assets_in(text: str) -> tuple[str, ...]:
    """Base symbols in the order they are named, each once.

    >>> assets_in("is ether worse than bitcoin?")
    ('ETH', 'BTC')
    """
    found = [(match.start(), symbol) for symbol, pattern in _patterns().items() if (match := pattern.search(text))]
    return tuple(symbol for _, symbol in sorted(found))


def asset_spans(text: str) -> list[tuple[tuple[int, int], str]]:
    """Where `text` names an asset, and which, in reading order."""
    found = [(match.span(), symbol) for symbol, pattern in _patterns().items() for match in pattern.finditer(text)]
    return sorted(found)


def masked(text: str) -> str:
    """`text` with every asset called bitcoin, so that only what is asked about it remains."""
    for pattern in _patterns().values():
        text = pattern.sub("bitcoin", text)
    return text


def by_symbol(text: str) -> str:
    """`text` with every asset called by its symbol.

    >>> by_symbol("Bitcoin and ether fell.")
    'BTC and ETH fell.'
    """
    for symbol, pattern in _patterns().items():
        text = pattern.sub(symbol, text)
    return text


def replace_asset(text: str, old: str, new: str) -> str:
    """`text` with every mention of asset `old` replaced by the symbol `new`."""
    return _patterns()[old].sub(new, text)

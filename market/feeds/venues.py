"""The venues that live data come from, and the ccxt clients with which they are asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, Protocol, cast

Venue = Literal["binance", "bybit", "okx"]
Contract = Literal["spot", "perpetual"]

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Traits:
    """A venue's name, its ccxt client for each kind of contract, and how many rows one request may ask for."""

    name: str
    clients: Mapping[Contract, str]
    candles: int
    funding: int
    open_interest: int


TRAITS: Mapping[Venue, Traits] = {
    "binance": Traits("Binance", {"spot": "binance", "perpetual": "binanceusdm"}, 1_000, 1_000, 500),
    "bybit": Traits("Bybit", {"spot": "bybit", "perpetual": "bybit"}, 1_000, 200, 200),
    "okx": Traits("OKX", {"spot": "okx", "perpetual": "okx"}, 300, 100, 100),
}

_MARKETS = {
    "binance": ["spot"],
    "binanceusdm": ["linear"],
    "bybit": ["spot", "linear"],
    "okx": ["spot", "swap"],
}
"""What each client loads the metadata of: options and dated futures are left out, which are most of what there is."""

Params = Mapping[str, object]


class RestClient(Protocol):
    """What is used of a ccxt client to pull rows; times are milliseconds since 1970."""

    async def load_markets(self, reload: bool = ...) -> Mapping[str, object]: ...

    async def fetch_ohlcv(
        self, symbol: str, timeframe: str, since: int, limit: int, params: Params
    ) -> Sequence[Sequence[float]]: ...

    async def fetch_funding_rate_history(
        self, symbol: str, since: int, limit: int, params: Params
    ) -> Sequence[Mapping[str, Any]]: ...

    async def fetch_open_interest_history(
        self, symbol: str, timeframe: str, since: int, limit: int, params: Params
    ) -> Sequence[Mapping[str, Any]]: ...

    async def close(self) -> None: ...


def symbol_of(asset: str, contract: Contract) -> str:
    """The pair of `asset` with USDT, as ccxt writes it for every venue.

    >>> symbol_of("BTC", "spot"), symbol_of("BTC", "perpetual")
    ('BTC/USDT', 'BTC/USDT:USDT')
    """
    return f"{asset}/USDT" if contract == "spot" else f"{asset}/USDT:USDT"


def exchange_class(client: str) -> type[Any]:
    """The streaming class of ccxt for `client`, which can all that the plain one can. Importing it takes a second."""
    return cast("type[Any]", getattr(import_module(f"ccxt.pro.{client}"), client))


def configured(exchange: type[Any], client: str, gateway: str | None) -> Any:
    """A client that keeps to the venue's rate limit and gives up on an answer after ten seconds.

    With a `gateway` every address of the venue is reached through it.
    """
    made = exchange(
        {
            "enableRateLimit": True,
            "timeout": TIMEOUT_SECONDS * 1_000,
            "newUpdates": True,
            "has": {"fetchCurrencies": False},
            "options": {"fetchMarkets": {"types": _MARKETS[client]}},
        }
    )
    if gateway is not None:
        made.urls["api"] = _through(gateway, made.urls["api"])
    return made


def rest_clients(venue: Venue, gateway: str | None) -> Mapping[Contract, RestClient]:
    """The clients of `venue`; one for both kinds of contract where it trades both at one address."""
    made = {name: configured(exchange_class(name), name, gateway) for name in set(TRAITS[venue].clients.values())}
    return {contract: cast("RestClient", made[name]) for contract, name in TRAITS[venue].clients.items()}


def through(gateway: str | None, url: str) -> str:
    """`url` as reached through `gateway`, with the host as first part of the path; None leaves it as it is.

    >>> through("http://127.0.0.1:9000", "wss://fstream.binance.com/ws")
    'ws://127.0.0.1:9000/fstream.binance.com/ws'
    """
    if gateway is None:
        return url
    scheme, _, rest = url.partition("://")
    base = gateway.rstrip("/")
    return f"{base.replace('http', 'ws', 1) if scheme.startswith('ws') else base}/{rest}"


def _through(gateway: str, urls: Any) -> Any:
    if isinstance(urls, dict):
        return {name: _through(gateway, url) for name, url in urls.items()}
    return through(gateway, str(urls))

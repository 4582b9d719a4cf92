"""Pulls what no exchange tells: alternative.me's Fear & Greed index and CoinGecko's total market capitalisation."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from market.errors import MalformedMessage
from market.feeds.feed import DAY
from market.feeds.live import Row
from market.feeds.venues import TIMEOUT_SECONDS, through

FEAR_AND_GREED = "alternative.me"
MARKET_CAP = "CoinGecko"

_INDEX_URL = "https://api.alternative.me/fng/"
_TOTAL_URL = "https://api.coingecko.com/api/v3/global"


class _Value(BaseModel):
    value: float
    value_classification: str
    timestamp: int


class _IndexReply(BaseModel):
    data: list[_Value]


class _Dollars(BaseModel):
    usd: float


class _Total(BaseModel):
    total_market_cap: _Dollars
    updated_at: int


class _TotalReply(BaseModel):
    data: _Total


Reply = TypeVar("Reply", bound=BaseModel)


class Indices:
    """Both over one HTTP client. What httpx raises goes through; an answer of another shape is MalformedMessage."""

    def __init__(self, gateway: str | None) -> None:
        import httpx

        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)
        self._index_url = through(gateway, _INDEX_URL)
        self._total_url = through(gateway, _TOTAL_URL)

    async def close(self) -> None:
        await self._http.aclose()

    async def fear_and_greed(self, since: datetime | None, now: datetime) -> list[Row]:
        """The daily values after `since`; all there are where it is None."""
        # 0 asks for the whole history.
        days = 0 if since is None else (now - since) // DAY + 1
        reply = await self._reply(self._index_url, {"limit": str(days)}, _IndexReply)
        return [
            {"ts_utc": one.timestamp * 1_000, "value": one.value, "classification": one.value_classification}
            for one in reply.data
            if since is None or one.timestamp > since.timestamp()
        ]

    async def market_cap(self) -> list[Row]:
        """The total as of CoinGecko's last update."""
        total = (await self._reply(self._total_url, {}, _TotalReply)).data
        return [{"ts_utc": total.updated_at * 1_000, "usd": total.total_market_cap.usd}]

    async def _reply(self, url: str, params: Mapping[str, str], shape: type[Reply]) -> Reply:
        answer = (await self._http.get(url, params=params)).raise_for_status()
        try:
            return shape.model_validate_json(answer.content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise MalformedMessage(f"it answered something else than it should ({where}: {first['msg']})") from error

"""A server on this machine that speaks the REST shapes and streams of the venues, reached as GATEWAY/HOST/PATH.

Recorded replies are given as they were recorded, cut to what is asked for; candles that nobody recorded follow a
simple path, so that a test can say what each must be.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

MINUTE = 60_000
DAY = 86_400_000
ASSETS = ("BTC", "ETH")

Answer = object


def path_price(opened: int) -> float:
    """Where the path stands at a moment: a number below 101,000 that differs from minute to minute."""
    return 100_000.0 + (opened // MINUTE) % 977


def path_candle(opened: int) -> list[float]:
    """Open time, open, high, low, close, volume."""
    price = path_price(opened)
    return [opened, price, price + 3, price - 2, price + 1, 1.5]


@dataclass
class Script:
    """What a stream sends: the frames of each connection in turn; all but the last are then dropped."""

    connections: Sequence[Sequence[str]] = ((),)
    opened: int = 0
    subscriptions: list[str] = field(default_factory=list)


@dataclass
class LocalVenues:
    """`down` hosts answer with status 503, `asked` is every path that was asked for, `now` ends every series."""

    shared: Path
    now: int
    down: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    streams: dict[str, Script] = field(default_factory=dict)
    pause_seconds: float = 0.0
    gateway: str = ""

    @contextmanager
    def running(self) -> Iterator["LocalVenues"]:
        """Serves from a thread of its own until the block ends."""
        loop = asyncio.new_event_loop()
        runner = web.AppRunner(self._application(), shutdown_timeout=0.1)
        loop.run_until_complete(runner.setup())
        loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
        self.gateway = f"http://127.0.0.1:{runner.addresses[0][1]}"
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        yield self
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/{host}/{tail:.*}", self._serve)
        return application

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        host, path = request.match_info["host"], request.match_info["tail"]
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._stream(request, host)
        self.asked.append(f"{host}/{path}?{request.query_string}")
        await asyncio.sleep(self.pause_seconds)
        if host in self.down:
            return web.Response(status=503, text="down for maintenance")
        told = self.answers.get(f"{host}/{path}")
        if told is None:
            told = self._answer(f"{host}/{path}", dict(request.query))
        return web.json_response(told)

    async def _stream(self, request: web.Request, host: str) -> web.WebSocketResponse:
        script = self.streams[host]
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        number = min(script.opened, len(script.connections) - 1)
        script.opened += 1
        async for message in socket:
            if message.type == WSMsgType.TEXT and "subscribe" in message.data.lower():
                script.subscriptions.append(message.data)
                break
        for frame in script.connections[number]:
            await socket.send_str(frame)
        if number < len(script.connections) - 1:
            await asyncio.sleep(0.2)
            await socket.close()
        async for _ in socket:
            # Kept open; pings and further subscriptions need no answer here.
            pass
        return socket

    def _answer(self, path: str, query: Mapping[str, str]) -> Answer:
        for beginning, answer in _ANSWERS.items():
            if path == beginning:
                return answer(self, query)
        raise web.HTTPNotFound(text=f"nothing is served at {path}")

    def candles(self, step: int, first: int, last: int, most: int) -> list[list[float]]:
        """Candles that open from `first` to `last`, both included, the earliest `most` of those that have opened."""
        opened = range(-(-first // step) * step, min(last, self.now) + 1, step)
        return [path_candle(moment) for moment in opened[:most]]

    def recorded(self, name: str) -> list[str]:
        return (self.shared / "feeds" / f"{name}.jsonl").read_text().splitlines()


Query = Mapping[str, str]


def _binance_info(_: LocalVenues, __: Query) -> Answer:
    return {"timezone": "UTC", "rateLimits": [], "symbols": [_binance_pair(asset) for asset in ASSETS]}


def _binance_contracts(_: LocalVenues, __: Query) -> Answer:
    dated = {"contractType": "PERPETUAL", "marginAsset": "USDT", "deliveryDate": 4133404800000}
    described = [{**_binance_pair(asset), **dated, "pair": f"{asset}USDT"} for asset in ASSETS]
    return {"timezone": "UTC", "rateLimits": [], "symbols": described}


def _binance_pair(asset: str) -> Mapping[str, object]:
    pair = {"symbol": f"{asset}USDT", "baseAsset": asset, "quoteAsset": "USDT"}
    return {**pair, "status": "TRADING", "isSpotTradingAllowed": True, "filters": []}


def _binance_klines(venues: LocalVenues, query: Query) -> Answer:
    if query["interval"] == "1d":
        (line,) = (line for line in venues.recorded("binance.candles_rest")[:1])
        days = [day for day in json.loads(line) if day[0] <= venues.now]
        return _within(days, query, lambda day: day[0])
    found = venues.candles(MINUTE, int(query["startTime"]), int(query["endTime"]), int(query["limit"]))
    return [[int(row[0]), *map(str, row[1:]), int(row[0]) + MINUTE - 1, "1", 1, "1", "1", "0"] for row in found]


def _binance_funding(venues: LocalVenues, query: Query) -> Answer:
    rates = [rate for line in venues.recorded("binance_futures.funding_rest") for rate in json.loads(line)]
    return _within(
        [rate for rate in rates if rate["symbol"] == query["symbol"]], query, lambda rate: rate["fundingTime"]
    )


def _binance_open_interest(venues: LocalVenues, query: Query) -> Answer:
    step = 5 * MINUTE
    opened = range(-(-int(query["startTime"]) // step) * step, min(int(query["endTime"]), venues.now) + 1, step)
    return [
        {
            "symbol": query["symbol"],
            "sumOpenInterest": "1000.5",
            "sumOpenInterestValue": str(1000.5 * path_price(moment)),
            "timestamp": moment,
        }
        for moment in opened[: int(query["limit"])]
    ]


def _bybit(result: Mapping[str, object]) -> Answer:
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": 1}


def _bybit_info(_: LocalVenues, query: Query) -> Answer:
    def described(asset: str) -> Mapping[str, object]:
        return {
            "symbol": f"{asset}USDT", "contractType": "LinearPerpetual", "status": "Trading", "baseCoin": asset,
            "quoteCoin": "USDT", "settleCoin": "USDT", "launchTime": "1584230400000", "deliveryTime": "0",
            "priceScale": "2", "fundingInterval": 480, "leverageFilter": {}, "priceFilter": {"tickSize": "0.10"},
            "lotSizeFilter": {"qtyStep": "0.001", "basePrecision": "0.000001"},
        }  # fmt: skip

    return _bybit({"category": query["category"], "list": [described(asset) for asset in ASSETS], "nextPageCursor": ""})


def _bybit_kline(venues: LocalVenues, query: Query) -> Answer:
    step = {"1": MINUTE, "5": 5 * MINUTE, "D": DAY}[query["interval"]]
    first, last, most = int(query["start"]), int(query["end"]), int(query["limit"])
    # Bybit gives the latest of a stretch that holds more than the limit, newest first.
    found = venues.candles(step, first, last, 10**6)[-most:]
    return _bybit({"list": [[str(int(row[0])), *map(str, row[1:]), "1"] for row in reversed(found)]})


def _bybit_funding(venues: LocalVenues, query: Query) -> Answer:
    step = 8 * 60 * MINUTE
    opened = range(-(-int(query["startTime"]) // step) * step, min(int(query["endTime"]), venues.now) + 1, step)
    rates = [{"symbol": query["symbol"], "fundingRate": "0.0001", "fundingRateTimestamp": str(at)} for at in opened]
    return _bybit({"category": "linear", "list": rates[::-1]})


def _bybit_open_interest(venues: LocalVenues, query: Query) -> Answer:
    step = 5 * MINUTE
    opened = range(-(-int(query["startTime"]) // step) * step, min(int(query["endTime"]), venues.now) + 1, step)
    samples = [{"openInterest": "2000.5", "timestamp": str(moment)} for moment in opened]
    return _bybit({"symbol": query["symbol"], "category": "linear", "list": samples[::-1], "nextPageCursor": ""})


def _okx(data: Sequence[object]) -> Answer:
    return {"code": "0", "msg": "", "data": data}


def _okx_info(_: LocalVenues, query: Query) -> Answer:
    swap = query["instType"] == "SWAP"

    def described(asset: str) -> Mapping[str, object]:
        return {
            "instType": query["instType"], "instId": f"{asset}-USDT{'-SWAP' if swap else ''}", "uly": f"{asset}-USDT",
            "instFamily": f"{asset}-USDT", "baseCcy": "" if swap else asset, "quoteCcy": "" if swap else "USDT",
            "settleCcy": "USDT" if swap else "", "ctVal": {"BTC": "0.01", "ETH": "0.1"}[asset] if swap else "",
            "ctMult": "1" if swap else "", "ctValCcy": asset if swap else "", "ctType": "linear" if swap else "",
            "state": "live", "tickSz": "0.1", "lotSz": "0.01", "minSz": "0.01", "expTime": "", "listTime": "1600000000",
            "lever": "100", "optType": "", "stk": "", "alias": "",
        }  # fmt: skip

    return _okx([described(asset) for asset in ASSETS])


def _okx_candles(venues: LocalVenues, query: Query) -> Answer:
    step = {"1m": MINUTE, "1Dutc": DAY}[query["bar"]]
    # `before` and `after` are exclusive: later than the one, earlier than the other.
    found = venues.candles(step, int(query["before"]) + 1, int(query["after"]) - 1, 10**6)[-int(query["limit"]) :]
    # Volume: of spot in coins and in dollars; of a swap in contracts, in coins and in dollars.
    swap = query["instId"].endswith("-SWAP")
    volumes = ["150", "1.5", "150000"] if swap else ["1.5", "150000", "150000"]
    return _okx([[str(int(row[0])), *map(str, row[1:5]), *volumes, "1"] for row in reversed(found)])


def _okx_funding(venues: LocalVenues, query: Query) -> Answer:
    step = 8 * 60 * MINUTE
    opened = list(range((int(query["before"]) // step + 1) * step, venues.now + 1, step))[-int(query["limit"]) :]
    return _okx(
        [
            {"instId": query["instId"], "fundingRate": "0.0002", "realizedRate": "0.00015", "fundingTime": str(at)}
            for at in reversed(opened)
        ]
    )


def _okx_open_interest(venues: LocalVenues, query: Query) -> Answer:
    step = 5 * MINUTE
    opened = range((int(query["begin"]) // step + 1) * step, min(int(query["end"]) - 1, venues.now) + 1, step)
    return _okx([[str(at), "300000", "3000", str(3000 * path_price(at))] for at in reversed(opened)])


def _index(venues: LocalVenues, query: Query) -> Answer:
    history = json.loads(venues.recorded("fear_greed")[0])
    known = [value for value in history if int(value["timestamp"]) * 1_000 <= venues.now]
    return {
        "name": "Fear and Greed Index",
        "data": known[: int(query["limit"]) or None],
        "metadata": {"error": None},
    }


def _total(venues: LocalVenues, _: Query) -> Answer:
    return json.loads(venues.recorded("coingecko_global")[0])


_ANSWERS: Mapping[str, Callable[[LocalVenues, Query], Answer]] = {
    "api.binance.com/api/v3/exchangeInfo": _binance_info,
    "api.binance.com/api/v3/klines": _binance_klines,
    "fapi.binance.com/fapi/v1/exchangeInfo": _binance_contracts,
    "fapi.binance.com/fapi/v1/klines": _binance_klines,
    "fapi.binance.com/fapi/v1/fundingRate": _binance_funding,
    "fapi.binance.com/futures/data/openInterestHist": _binance_open_interest,
    "api.bybit.com/v5/market/instruments-info": _bybit_info,
    "api.bybit.com/v5/market/kline": _bybit_kline,
    "api.bybit.com/v5/market/mark-price-kline": _bybit_kline,
    "api.bybit.com/v5/market/funding/history": _bybit_funding,
    "api.bybit.com/v5/market/open-interest": _bybit_open_interest,
    "www.okx.com/api/v5/public/instruments": _okx_info,
    "www.okx.com/api/v5/market/candles": _okx_candles,
    "www.okx.com/api/v5/market/history-candles": _okx_candles,
    "www.okx.com/api/v5/public/funding-rate-history": _okx_funding,
    "www.okx.com/api/v5/rubik/stat/contracts/open-interest-history": _okx_open_interest,
    "api.alternative.me/fng/": _index,
    "api.coingecko.com/api/v3/global": _total,
}


def _within(rows: Sequence[Any], query: Query, moment: Callable[[Any], int]) -> Answer:
    """Binance's way: from startTime to endTime, both included, the earliest of them."""
    found = [row for row in rows if int(query["startTime"]) <= moment(row) <= int(query["endTime"])]
    return found[: int(query["limit"])]

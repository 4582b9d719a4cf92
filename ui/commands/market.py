"""`market-pulse market`: import and pull market data, list metrics and read them."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from market.tables import Kind
from ui.commands.moments import as_of_option
from ui.context import home_of

if TYPE_CHECKING:
    from market.feeds.feed import FeedReport
    from market.feeds.watching import Watching
    from market.importing import Progress
    from market.metrics.registry import Metric
    from market.reading import Reading

app = typer.Typer(help="Market data and the metrics computed from them.", no_args_is_help=True)


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV, Parquet or Feather file.")],
    kind: Annotated[Kind, typer.Option(help="What the rows are; decides the columns the file must have.")],
    source: Annotated[
        str | None, typer.Option(help="Name the data keep in every reading; left out: the file's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")] = False,
    skip_wrong: Annotated[
        bool, typer.Option("--skip-wrong", help="Leave out rows that are wrong, and say which and why.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Import FILE: everything in it, or, if anything is wrong, nothing.

    \b
    candles       ts_utc,symbol,open,high,low,close,volume
    liquidations  ts_utc,exchange,symbol,side,price,quantity,usd
    funding       ts_utc,symbol,funding_rate[,mark_price]
    open_interest ts_utc,symbol,open_interest_coins,open_interest_usd
    sentiment     ts_utc,value[,classification]
    market_cap    ts_utc,usd

    Times are ISO 8601 in UTC, or milliseconds since 1970; the side of a liquidation is that of the position
    closed, long or short. Importing a file again changes nothing. Candles may also come as freqtrade
    (BTC_USDT-5m.feather) and Binance's public archive (BTCUSDT-5m-2025-11-04.csv) lay them out.

    market-pulse market import candles-5m.csv --kind candles --source "Binance spot"
    """
    from market.importing import import_file
    from market.market import open_store
    from market.settings import MarketSettings

    opened = open_store(home_of(context), MarketSettings(), read_only=False)
    with closing(opened) as store, _bar(file) as progress:
        summary = import_file(store, file, kind, source, progress, skip_wrong=skip_wrong, dry_run=dry_run)
    sys.stdout.write((summary.model_dump_json(indent=2) if as_json else summary.told()) + "\n")


@app.command()
def sync(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reports as JSON.")] = False,
) -> None:
    """Pull what is missing since the last row of every live feed, and say what became of each.

    Candles, funding and open interest of MARKET_PULSE_MARKET_ASSETS come from the first of
    MARKET_PULSE_MARKET_VENUES that answers; Fear & Greed from alternative.me, the total market
    capitalisation from CoinGecko.

    market-pulse market sync
    """
    import asyncio
    from random import Random

    from market.feeds.syncing import pull_once, require_an_answer
    from market.market import open_store
    from market.settings import MarketSettings

    settings = MarketSettings()
    with closing(open_store(home_of(context), settings, read_only=False)) as store:

        async def pulled() -> "list[FeedReport]":
            reports = []
            async for report in pull_once(store, settings, lambda: datetime.now(UTC), Random()):  # noqa: S311 - spreads retries
                reports.append(report)
                if not as_json:
                    sys.stdout.write(report.told(datetime.now(UTC)) + "\n")
                    sys.stdout.flush()
            return reports

        reports = asyncio.run(pulled())
    if as_json:
        sys.stdout.write(json.dumps([report.model_dump(mode="json") for report in reports], indent=2) + "\n")
    require_an_answer(reports)


@app.command()
def watch(context: typer.Context) -> None:
    """Stream liquidations into the store until stopped with Ctrl-C; a status line on stderr says how it goes.

    Binance and OKX send those of every perpetual contract, Bybit those of MARKET_PULSE_MARKET_ASSETS.

    market-pulse market watch
    """
    import asyncio
    from random import Random

    from market.feeds.backoff import Backoff
    from market.feeds.watching import Watching
    from market.market import open_store
    from market.settings import MarketSettings

    settings = MarketSettings()
    with closing(open_store(home_of(context), settings, read_only=False)) as store:
        watching = Watching(store, settings, lambda: datetime.now(UTC), Backoff(Random()))  # noqa: S311 - spreads retries
        asyncio.run(_until_interrupted(watching))
    sys.stdout.write(f"stopped: {watching.told()}\n")


@app.command()
def compact(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Make hourly candles of finer ones that are older than MARKET_PULSE_MARKET_COMPACT_AFTER, such as P30D.

    Hours with a candle missing, liquidations and the bundled reconstruction stay as they are. Compacting again changes
    nothing.

    market-pulse market compact --dry-run
    """
    from market.compacting import compact as compacted
    from market.errors import InvalidInput
    from market.market import open_store
    from market.settings import MarketSettings

    settings = MarketSettings()
    if settings.compact_after is None:
        raise InvalidInput("nothing is ever too old: set MARKET_PULSE_MARKET_COMPACT_AFTER, to P30D for thirty days")
    with closing(open_store(home_of(context), settings, read_only=False)) as store:
        done = compacted(store, settings.compact_after, datetime.now(UTC), dry_run=dry_run)
    sys.stdout.write((done.model_dump_json(indent=2) if as_json else done.told()) + "\n")


@app.command()
def metrics(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="The metric to read; without it all are listed.")] = None,
    *,
    asset: Annotated[str | None, typer.Option(help="Base symbol such as BTC, or ALL for the market.")] = None,
    window: Annotated[str | None, typer.Option(help="How far to look back: 90m, 24h, 7d.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Read as of this moment (ISO 8601) instead of now.")] = None,
    param: Annotated[list[str] | None, typer.Option(help="A parameter as key=value; may be repeated.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the Reading, or the list, as JSON.")] = False,
) -> None:
    """Read one metric, or list them all.

    market-pulse market metrics

    market-pulse market metrics max_drawdown --asset BTC --window 24h --as-of 2025-11-05T00:00:00Z

    market-pulse market metrics distance_to_level --param level=95000 --json
    """
    span, moment, params = _window(window), as_of_option(as_of), _params(param or [])
    if name is None:
        from market.metrics import metrics as registered

        _list(list(registered().values()), as_json=as_json)
        return
    from market.market import Market
    from market.settings import MarketSettings

    with closing(Market.open(home_of(context), MarketSettings())) as market:
        reading = market.read(name, asset=asset, window=span, as_of=moment, params=params)
        title = market.metrics()[name].title
    sys.stdout.write(reading.model_dump_json(indent=2) + "\n" if as_json else _told(reading, title))


async def _until_interrupted(watching: "Watching") -> None:
    """Runs until Ctrl-C or a polite request to end; what was heard until then is written."""
    import asyncio
    import signal

    from ui.progress import status_line

    running = asyncio.create_task(watching.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    with status_line() as tell:
        while not running.done():
            tell(watching.told())
            await asyncio.wait([running], timeout=1)
    if not running.cancelled():
        running.result()


def _list(registered: "Sequence[Metric]", *, as_json: bool) -> None:
    if not as_json:
        for metric in registered:
            sys.stdout.write(f"{metric.name:<31} {metric.description}\n")
        return
    rows = [
        {
            "name": metric.name,
            "title": metric.title,
            "description": metric.description,
            "unit": metric.unit,
            "formula": metric.formula,
            "formula_source": metric.formula_source,
            "default_asset": metric.default_asset,
            "windowed": metric.windowed,
            "parameters": [
                {"name": one.name, "type": one.type, "default": one.default, "meaning": one.meaning}
                for one in metric.parameters
            ],
            "examples": list(metric.examples),
        }
        for metric in registered
    ]
    sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")


def _told(reading: "Reading", title: str) -> str:
    from rag.phrasing import reading_value

    over = f" over {reading.window}" if reading.window else ""
    return (
        f"{title}, {reading.asset}{over}: {reading_value(reading)}\n"
        f"  as of        {reading.as_of:%Y-%m-%dT%H:%M:%SZ}\n"
        f"  data         {reading.mode}: {reading.source}\n"
        f"  formula      {reading.formula}\n"
        f"  completeness {reading.completeness}\n"
    )


def _window(text: str | None) -> timedelta | None:
    from market.durations import duration_of
    from market.errors import InvalidInput

    try:
        return None if text is None else duration_of(text)
    except InvalidInput as error:
        raise typer.BadParameter(str(error), param_hint="--window") from error


def _params(pairs: Sequence[str]) -> dict[str, str]:
    params = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise typer.BadParameter(f"'{pair}' is not key=value, such as level=95000", param_hint="--param")
        params[key.strip()] = value.strip()
    return params


@contextmanager
def _bar(file: Path) -> "Iterator[Progress]":
    """A progress bar on stderr that counts the bytes of `file`."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Importing {task.fields[file]}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    # Into a file or a pipe goes no bar: what stands there is for reading.
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = None

        def tell(done: int, total: int) -> None:
            nonlocal task
            if task is None:
                task = bar.add_task("import", total=total, file=file.name)
            bar.update(task, completed=done, total=total)

        yield tell

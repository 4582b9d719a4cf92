"""Counts what the faces do, for Prometheus: answers by face and status, stages, requests, errors, age of the data.

Nothing here says who asked or what.
"""

from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from market.feeds.states import FeedStatus
from market.reading import DataStatus
from rag.answer import Answer
from rag.questionlog import Face
from ui.series import (
    ABANDONED,
    ANSWERS,
    FAILED,
    FEED_AGE,
    FEED_UP,
    MARKET_DATA,
    PASSAGES,
    REQUEST_SECONDS,
    REQUESTS,
    STAGE_SECONDS,
    UNDER_WAY,
    Series,
)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Telemetry:
    """The counters of one running house; safe to share between threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = self._counter(ANSWERS)
        self._under_way = Gauge(UNDER_WAY.name, UNDER_WAY.about, UNDER_WAY.labels, registry=self.registry)
        self._abandoned = self._counter(ABANDONED)
        self._failed = self._counter(FAILED)
        self._stages = self._histogram(STAGE_SECONDS)
        self._requests = self._counter(REQUESTS)
        self._request_seconds = self._histogram(REQUEST_SECONDS)

    @contextmanager
    def answering(self, face: Face) -> Iterator[Callable[[Answer], None]]:
        """Around the making of one answer; call what it gives with the answer."""
        given: list[Answer] = []
        under_way = self._under_way.labels(face)
        under_way.inc()
        try:
            yield given.append
        except (CancelledError, GeneratorExit):  # whoever read a stream may also just stop reading
            if not given:
                self._abandoned.labels(face).inc()
            raise
        except Exception as error:
            self._failed.labels(face, type(error).__name__).inc()
            raise
        finally:
            under_way.dec()
            for answer in given:
                self._answered(face, answer.status, answer.model, answer.timings_ms)

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """One HTTP request, by the pattern of its route, so that the labels stay few."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def watch(
        self, passages: Callable[[], int], data: Callable[[], DataStatus], feeds: Callable[[], Sequence[FeedStatus]]
    ) -> None:
        """Also tells, whenever it is asked, the size of the index, the mode of the data and how each feed is doing."""
        self.registry.register(_State(passages, data, feeds))

    def exposition(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self.registry)

    def _counter(self, series: Series) -> Counter:
        return Counter(series.name, series.about, series.labels, registry=self.registry)

    def _histogram(self, series: Series) -> Histogram:
        return Histogram(series.name, series.about, series.labels, buckets=_SECONDS, registry=self.registry)

    def _answered(self, face: Face, status: str, model: str, timings_ms: Mapping[str, float]) -> None:
        self._answers.labels(face, status, model).inc()
        for stage, took in timings_ms.items():
            self._stages.labels(stage).observe(took / 1000)


class _State(Collector):
    """What is looked up when asked, not counted along the way."""

    def __init__(
        self, passages: Callable[[], int], data: Callable[[], DataStatus], feeds: Callable[[], Sequence[FeedStatus]]
    ) -> None:
        self._passages = passages
        self._data = data
        self._feeds = feeds

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(PASSAGES.name, PASSAGES.about, value=self._passages())
        mode = GaugeMetricFamily(MARKET_DATA.name, MARKET_DATA.about, labels=MARKET_DATA.labels)
        mode.add_metric([self._data().mode], 1)
        yield mode
        # A reconstruction and imported files are as old as they are; only a feed can fall behind.
        if feeds := self._feeds():
            yield from _of_feeds(feeds)


def _of_feeds(feeds: Sequence[FeedStatus]) -> Iterator[GaugeMetricFamily]:
    ages = GaugeMetricFamily(FEED_AGE.name, FEED_AGE.about, labels=FEED_AGE.labels)
    up = GaugeMetricFamily(FEED_UP.name, FEED_UP.about, labels=FEED_UP.labels)
    for feed in feeds:
        up.add_metric([feed.name], feed.state == "ok")
        if feed.age_seconds is not None:
            ages.add_metric([feed.name], feed.age_seconds)
    yield ages
    yield up

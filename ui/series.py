"""The series that Prometheus is given: name, kind, meaning and labels, for what counts them and what documents them."""

from typing import Literal, NamedTuple


class Series(NamedTuple):
    """One series by the name it is asked for; a histogram is three, which end in _bucket, _sum and _count."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    about: str
    labels: tuple[str, ...] = ()


ANSWERS = Series("market_pulse_answers_total", "counter", "Answers given.", ("face", "status", "model"))
UNDER_WAY = Series("market_pulse_answers_under_way", "gauge", "Answers being made now.", ("face",))
ABANDONED = Series("market_pulse_answers_abandoned_total", "counter", "Answers nobody waited for.", ("face",))
FAILED = Series("market_pulse_answers_failed_total", "counter", "Answers that ended in an error.", ("face", "error"))
STAGE_SECONDS = Series("market_pulse_stage_seconds", "histogram", "How long each stage of an answer took.", ("stage",))
REQUESTS = Series("market_pulse_requests_total", "counter", "HTTP requests.", ("method", "route", "status"))
REQUEST_SECONDS = Series(
    "market_pulse_request_seconds", "histogram", "How long HTTP requests took, to their last byte.", ("route",)
)
PASSAGES = Series("market_pulse_index_passages", "gauge", "Passages in the index.")
MARKET_DATA = Series(
    "market_pulse_market_data", "gauge", "The market data answers stand on: 1 for its mode.", ("mode",)
)
FEED_AGE = Series("market_pulse_feed_age_seconds", "gauge", "Age of the newest row of a feed.", ("feed",))
FEED_UP = Series("market_pulse_feed_up", "gauge", "1 where a feed is pulled and answers, else 0.", ("feed",))

SERIES = (
    ANSWERS,
    UNDER_WAY,
    ABANDONED,
    FAILED,
    STAGE_SECONDS,
    REQUESTS,
    REQUEST_SECONDS,
    PASSAGES,
    MARKET_DATA,
    FEED_AGE,
    FEED_UP,
)
"""All of them. The last two are there once a feed was asked."""

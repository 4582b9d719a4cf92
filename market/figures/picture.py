"""A figure under its title, with what data it shows and the same in words; an empty one says what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from market.behind import Behind
from market.figures.look import LOOKS, Look, Theme
from market.figures.words import moment, origin

_LINE = 52
"""Letters of a line of small text on a phone."""

_LINE_HEIGHT = 16
_LEGEND_HEIGHT = 26


@dataclass(frozen=True)
class Mark:
    """An event to be marked in time: at a moment, or, where only its days are known, from `at` to `until`."""

    at: datetime
    label: str
    until: datetime | None = None

    def touches(self, after: datetime, until: datetime) -> bool:
        """Whether any of it lies later than `after` and no later than `until`."""
        return self.at <= until and (self.until or self.at) > after


@dataclass(frozen=True)
class Picture:
    """`summary` says what the figure shows, for those who do not see it; `shown` is what data it shows, as of when."""

    title: str
    shown: tuple[str, ...]
    summary: str
    figure: Any


def told(behind: Behind) -> tuple[str, ...]:
    """What data stand behind a figure: as of when, from where, and how complete they are."""
    return (f"as of {moment(behind.as_of)}", origin(behind.mode, behind.source), behind.completeness)


def framed(figure: Any, title: str, shown: Sequence[str], summary: str, theme: Theme, height: int = 420) -> Picture:
    """`figure` with its title; below it, small, `shown`."""
    look = LOOKS[theme]
    lines = _lines(shown)
    has_legend = sum(trace.showlegend is not False for trace in figure.data) > 1
    figure.update_layout(
        template=look.template,
        height=height,
        margin={"l": 8, "r": 12, "t": 40 + _LINE_HEIGHT * len(lines) + (_LEGEND_HEIGHT if has_legend else 0), "b": 8},
        title={
            "text": f"<b>{escape(title)}</b>",
            "x": 0,
            "xref": "container",
            "pad": {"l": 8, "t": 8},
            "y": 1,
            "yanchor": "top",
            "font": {"size": 16, "color": look.text},
            "subtitle": {"text": "<br>".join(lines), "font": {"size": 12, "color": look.quiet}},
        },
    )
    return Picture(title, tuple(shown), summary, figure)


def missing(title: str, as_of: datetime, reason: str, theme: Theme) -> Picture:
    """A figure without data, whose summary says what is missing and what to do."""
    figure = go.Figure()
    say_missing(figure, "No data in this window", LOOKS[theme])
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return framed(figure, title, (f"as of {moment(as_of)}", "No data"), f"No data: {reason}.", theme, height=260)


def time_axis(figure: Any, window: timedelta, as_of: datetime) -> None:
    """Shows the whole window, also where there are no data, on every time axis of `figure`."""
    figure.update_xaxes(type="date", range=[as_of - window, as_of])
    *_, lowest = figure.select_xaxes()
    lowest.title = "Time in UTC"


def say_missing(figure: Any, words: str, look: Look, axis: str = "") -> None:
    """Writes `words` where the data would stand, in the middle of the axes numbered `axis`."""
    # Axes that no trace refers to are not drawn.
    figure.add_scatter(x=[None], y=[None], xaxis=f"x{axis}", yaxis=f"y{axis}", showlegend=False)
    figure.layout[f"yaxis{axis}"].visible = False
    figure.add_annotation(
        text=escape(words),
        xref=f"x{axis} domain",
        yref=f"y{axis} domain",
        x=0.5,
        y=0.5,
        showarrow=False,
        align="left",
        font={"color": look.quiet, "size": 12},
    )


def _lines(parts: Sequence[str]) -> list[str]:
    return [escape(line) for part in parts for line in wrap(part, _LINE)]

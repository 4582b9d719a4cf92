"""How figures look, light and dark: colours that differ for every kind of colour vision, quiet axes, no ground.

The colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), lightened where they stand on dark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

Theme = Literal["light", "dark"]

FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif"


@dataclass(frozen=True)
class Look:
    """Colours by what they stand for; `bands` run from fear to greed."""

    text: str
    quiet: str
    grid: str
    price: str
    fall: str
    long: str
    short: str
    mark: str
    bands: tuple[str, str, str, str, str]

    @property
    def template(self) -> Any:
        """The Plotly template: the page's own ground shows through, so that a figure belongs to it."""
        axis = {
            "gridcolor": self.grid,
            "linecolor": self.quiet,
            "zerolinecolor": self.quiet,
            "tickcolor": self.quiet,
            "tickfont": {"color": self.quiet, "size": 12},
            "title": {"font": {"color": self.quiet, "size": 12}},
            "exponentformat": "B",
            "automargin": True,
        }
        return go.layout.Template(
            layout={
                "font": {"family": FONT, "color": self.text, "size": 13},
                "paper_bgcolor": "rgba(0,0,0,0)",
                "plot_bgcolor": "rgba(0,0,0,0)",
                "colorway": [self.price, self.long, self.short, self.mark],
                "xaxis": {**axis, "showgrid": False, "showline": True},
                "yaxis": {**axis, "zeroline": False},
                "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12}},
                "hovermode": "x unified",
                "bargap": 0.15,
            }
        )


LOOKS: Mapping[Theme, Look] = {
    "light": Look(
        text="#1b2430",
        quiet="#5b6675",
        grid="#e3e7ec",
        price="#0072b2",
        fall="rgba(213,94,0,0.25)",
        long="#d55e00",
        short="#0072b2",
        mark="#5b6675",
        bands=(
            "rgba(213,94,0,0.32)",
            "rgba(230,159,0,0.25)",
            "rgba(128,128,128,0.12)",
            "rgba(86,180,233,0.25)",
            "rgba(0,114,178,0.32)",
        ),
    ),
    "dark": Look(
        text="#e8edf3",
        quiet="#a3afbe",
        grid="#2c3644",
        price="#56b4e9",
        fall="rgba(240,130,60,0.35)",
        long="#f0823c",
        short="#56b4e9",
        mark="#a3afbe",
        bands=(
            "rgba(240,130,60,0.38)",
            "rgba(230,159,0,0.28)",
            "rgba(160,160,160,0.16)",
            "rgba(86,180,233,0.25)",
            "rgba(60,150,215,0.42)",
        ),
    ),
}

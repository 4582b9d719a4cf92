"""A small shelf that tests may change: two articles, a FAQ, a glossary and an event."""

from pathlib import Path

import pytest

ARTICLE = """---
title: Mark price and last price
topic: liquidations
level: beginner
updated: 2026-11-24
sources:
  - name: Example exchange help page
    url: https://example.org/mark
    date: 2025-01-01
---

The mark price decides when a position is liquidated.

## How the mark price is built

Exchanges average spot prices of several venues into an index. The mark price follows that index.

## Why the last price differs

The last price is the latest trade on one venue. A thin order book lets it jump.
"""

SECOND = """---
title: Funding payments
topic: funding
updated: 2026-11-24
sources:
  - {name: Example funding page}
---

Funding is a payment between longs and shorts of a perpetual contract.
"""

FAQ = """title: Asked and answered
topic: liquidations
updated: 2026-11-24
entries:
  - id: who-gets-my-margin
    question: Who gets my margin when I am liquidated?
    alternates:
      - what happens to the money after liquidation
      - does binance keep my collateral
    answer: The margin that is left after closing goes to the insurance fund on most venues.
"""

GLOSSARY = """title: Glossary
updated: 2026-11-24
entries:
  - id: auto-deleveraging
    term: Auto-deleveraging
    aliases: [ADL]
    definition: Auto-deleveraging is the forced closing of winning positions when the insurance fund runs dry.
"""

EVENT = """id: 2022-11_ftx
name: FTX collapse
aliases: [FTX crash]
start: 2022-11-08
end: 2022-11-10
updated: 2026-11-24
summary: The exchange FTX failed in November 2022.
causes: [A rush of withdrawals drained FTX in November 2022.]
aftermath: [Lenders that were exposed to FTX failed in the weeks after the FTX collapse.]
figures:
  - {quantity: btc_low_usd, value: 15588, unit: USD, window: 9 Nov 2022, source: example.org,
     source_url: "https://example.org/ftx", source_date: "2022-11-10", grade: A}
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The folder of a small shelf; tests change its files."""
    content = tmp_path / "content"
    for name, text in {
        "articles/mark-price.md": ARTICLE,
        "articles/funding.md": SECOND,
        "faq/basics.yaml": FAQ,
        "glossary/glossary.yaml": GLOSSARY,
        "events/2022-11_ftx.yaml": EVENT,
    }.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return content

"""Two and three turns over the whole chain: what a follow-up leaves out is carried, and what it changes is changed."""

import re

import pytest

from rag.question import Question
from ui.app import App

_LIQ = "Where is my liquidation price on a 20x long from 104k?"
_PNL = "long 2 eth from 3500 to 3800 profit?"
_FUNDING = "how much funding does a 10,000 usd long pay at 0.01%?"
_RECORD = "how much was liquidated on 10 October 2025?"
_DAY = "how much was liquidated in the last 24 hours"
_LONGS = "how many longs were liquidated in the last 24h"
_ATH = "How far is BTC below its high?"

_CONVERSATIONS: list[tuple[str, str]] = [
    # The asset.
    (f"{_ATH} >> and for ETH?", r"^ETH stands [\d.]+% below"),
    (f"{_ATH} >> and for ETH? >> and btc again?", r"^BTC stands [\d.]+% below"),
    ("how volatile is bitcoin this week >> and eth?", r"^The annualised realised volatility of ETH over 7 days"),
    ("what is the funding rate of btc >> and eth?", r"^The newest funding rate of ETH"),
    ("what is the price of bitcoin now >> and ether?", r"^ETH traded at"),
    ("how low did btc go in the ftx collapse >> and eth?", r"^In the FTX collapse, Ethereum fell"),
    ("how low did btc go on 10 october 2025 >> what about ether", r"lowest price of ETH over 24 hours was 3,4\d\d USD"),
    # The side.
    (f"{_DAY} >> and the longs?", r"^[\d.]+ billion USD of long crypto positions"),
    (f"{_DAY} >> what about the long side?", r"^[\d.]+ billion USD of long crypto positions"),
    (f"{_DAY} >> only shorts", r"^[\d.]+ million USD of short crypto positions"),
    (f"{_LONGS} >> and the shorts?", r"^[\d.]+ million USD of short crypto positions"),
    (f"{_RECORD} >> and the longs?", r"^In the 10-11 October 2025 record cascade, longs made up"),
    ("what about the long side in the last 24h?", r"^[\d.]+ billion USD of long crypto positions"),
    (f"{_LIQ} >> and for a short?", r"^A short opened at 104,000 USD .* 108,680 USD"),
    (f"{_PNL} >> and short?", r"^A short .* loss of 600 USD"),
    (f"{_FUNDING} >> and a short?", r"^At a funding rate of 0.01% a short of 10,000 USD receives 1 USD"),
    # The window and the day.
    (f"{_LONGS} >> and in the last hour?", r"of long crypto positions were liquidated over 1 hour"),
    ("how much did btc move in the last 24h >> and over 12 hours?", r"^BTC (?:rose|fell) .* over 12 hours"),
    (f"{_DAY} >> and the longs? >> and in the last hour?", r"of long crypto positions were liquidated over 1 hour"),
    ("what is the price of bitcoin >> and on 10 october 2025?", r"BTC traded at 113,007 USD"),
    # The crash.
    (f"{_RECORD} >> and in the ftx collapse?", r"^In the FTX collapse, leveraged positions"),
    (f"{_RECORD} >> and on 19 may 2021?", r"^In the 19 May 2021 crash"),
    (f"{_RECORD} >> and on 19 may 2021? >> and how low did btc go?", r"^On 19 May 2021 bitcoin fell to 30,000"),
    (f"{_RECORD} >> how many traders?", r"^In the 10-11 October 2025 record cascade, 1,700,000 traders"),
    ("what happened on 19 may 2021 >> how much was liquidated", r"^In the 19 May 2021 crash, published values"),
    ("what happened in march 2020 >> how low did it go?", r"^In the Black Thursday .*, bitcoin fell as low as 4,100"),
    ("what happened with luna >> how low did ust go", r"^In the Terra / LUNA collapse, the stablecoin UST"),
    (f"{_RECORD} >> why?", r"^A US tariff threat"),
    ("how much was liquidated in the ftx collapse >> why did that happen", r"^.*(?:FTX|Alameda)"),
    ("what happened with luna >> when?", r"^The Terra / LUNA collapse ran from 9 to 13 May 2022"),
    (f"{_RECORD} >> when was that?", r"^The 10-11 October 2025 record cascade ran from 10 to 11 October 2025"),
    # The venue.
    (f"{_LIQ} >> and on binance?", r"99,296 USD .*Binance"),
    (f"{_RECORD} >> on bybit?", r"positions were liquidated on Bybit over 24 hours"),
    (f"{_RECORD} >> what about hyperliquid", r"^In the 10-11 October 2025 record cascade, .* on Hyperliquid"),
    # The numbers of a calculation.
    (f"{_LIQ} >> and at 10x?", r"94,120 USD"),
    (f"{_LIQ} >> and from 98k?", r"93,590 USD"),
    (f"{_LIQ} >> and at 10x? >> and short?", r"113,880 USD"),
    (f"{_LIQ} >> and with 1% maintenance margin?", r"99,840 USD"),
    (f"{_LIQ} >> what if i add 500 usd margin with 0.5 btc?", r"98,320 USD"),
    (f"{_LIQ} >> in percent?", r"^The price has to fall 4.5% from 104,000 USD"),
    (f"{_PNL} >> and if it goes to 3200?", r"loss of 600 USD"),
    (f"{_PNL} >> and at 5 eth?", r"profit of 1,500 USD"),
    (f"{_FUNDING} >> and at 0.05%?", r"pays 5 USD"),
    (f"{_FUNDING} >> and on 50k?", r"a long of 50,000 USD pays 5 USD"),
    ("what is the funding rate of btc >> how much is that on 10k?", r"a long of 10,000 USD (?:pays|receives)"),
    ("where is my liquidation price on a 20x long? >> entry is 104k", r"99,320 USD"),
    # The unit.
    ("how far is btc below its ath >> how much in dollars?", r"^BTC stands [\d,]+ USD below"),
    ("how many dollars is btc below its ath >> in percent?", r"^BTC stands [\d.]+% below"),
    ("how much did btc move in the last 24h >> in dollars?", r"^BTC (?:rose|fell) [\d,]+ USD over 24 hours"),
    ("how low did btc go on 10 october 2025 >> in percent?", r"^In the 10-11 .*, bitcoin fell at least 17%"),
    # What is explained.
    ("what is cross margin >> and isolated?", r"^Isolated margin"),
    ("what is open interest >> is it the same as volume?", r"^Open interest is not trading volume"),
    ("what is adl >> can i avoid it?", r"leverage"),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "answer"), _CONVERSATIONS)
def test_a_conversation_is_carried_on(app: App, turns: str, answer: str) -> None:
    *history, question = turns.split(" >> ")
    assert re.search(answer, app.ask(Question.ask(question, history)).answer)


def test_a_question_that_stands_alone_keeps_nothing_of_the_conversation(app: App) -> None:
    asked = Question.ask("what is a margin call in crypto?", [_RECORD])
    assert app.ask(asked).standalone_question == "what is a margin call in crypto?"

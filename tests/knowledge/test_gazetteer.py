"""What texts name is found however people write it, and ordinary words are left alone."""

import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.gazetteer import Gazetteer
from knowledge.gazetteer.calendar import MONTHS, SPOKEN_MONTH_PATTERN, WEEKDAYS, month_number
from knowledge.gazetteer.entity import KINDS
from knowledge.gazetteer.ordinary import near_names, shelf_words
from knowledge.gazetteer.reading import GazetteerInvalid, read_lists
from knowledge.gazetteer.tokens import key_of
from market.calculators.venues import venues
from market.feeds.venues import TRAITS
from market.symbols import _COINS, _DOLLARS, _DOLLARS_THAT_END_LIKE_COINS

FOLDER = Path(__file__).parents[2] / "knowledge" / "gazetteer"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


NAMED = [
    # Coins by name, symbol, pair and amount
    ("bitcoin", ["bitcoin"]),
    ("Bitcoin's fall", ["bitcoin"]),
    ("bitcoin’s fall", ["bitcoin"]),
    ("how many bitcoins are there", ["bitcoin"]),
    ("is BTC dead", ["bitcoin"]),
    ("$BTC to zero", ["bitcoin"]),
    ("btc-margined contracts", ["bitcoin"]),
    ("BTCUSDT perp funding", ["bitcoin"]),
    ("BTC/USDT on the weekend", ["bitcoin"]),
    ("btc-usd chart", ["bitcoin"]),
    ("BTC-USDT-SWAP", ["bitcoin"]),
    ("BTC_USDT", ["bitcoin"]),
    ("XBTUSD", ["bitcoin"]),
    ("I hold 2btc", ["bitcoin"]),
    ("0.5 BTC long", ["bitcoin"]),
    ("₿ is back", ["bitcoin"]),
    ("500k sats", ["bitcoin"]),
    ("BITCOIN IS DEAD", ["bitcoin"]),
    ("ＢＴＣ fell", ["bitcoin"]),
    ("Is ether money?", ["ethereum"]),
    ("eth 4k when", ["ethereum"]),
    ("ETH/BTC ratio", ["ethereum", "bitcoin"]),
    ("ethusdt liquidations", ["ethereum"]),
    ("Ethereum Classic 51% attack", ["ethereum-classic"]),
    ("bitcoin cash fork", ["bitcoin-cash"]),
    ("why is sol down", ["solana"]),
    ("Solana outage", ["solana"]),
    ("ripple coin news", ["xrp"]),
    ("XRP lawsuit", ["xrp"]),
    ("doge to the moon", ["dogecoin"]),
    ("Dogecoin, shib and pepe", ["dogecoin", "shiba-inu", "pepe"]),
    ("Cardano vs Polkadot", ["cardano", "polkadot"]),
    ("bnb chain halted", ["bnb-coin"]),
    ("litecoin halving", ["litecoin"]),
    ("matic renamed", ["polygon"]),
    ("POL and ARB fell", ["polygon", "arbitrum"]),
    ("terra luna victims", ["luna"]),
    ("what is luna classic", ["luna-classic"]),
    ("the hype token fell", ["hyperliquid-token"]),
    ("Avalanche outage", []),
    ("the AVAX outage", ["avalanche"]),
    ("$NEAR and $LINK", ["near-protocol", "chainlink"]),
    ("LINKUSDT long", ["chainlink"]),
    ("dogwifhat rug", ["dogwifhat"]),
    ("FARTCOIN short", ["fartcoin"]),
    ("melania memecoin crash", ["official-melania"]),
    # Stablecoins
    ("did USDT depeg", ["tether"]),
    ("usd₮ supply", ["tether"]),
    ("USDe fell to 65 cents on Binance", ["ethena-usde", "binance"]),
    ("UST lost its peg", ["terrausd"]),
    ("DAI trade at 1.11", ["dai"]),
    ("fdusd depeg", ["first-digital-usd"]),
    ("xUSD collapse", ["stream-usd"]),
    ("what backs PYUSD", ["paypal-usd"]),
    ("BUSD wound down", ["binance-usd"]),
    ("USDC in March 2023", ["usd-coin"]),
    # Venues, also by the names they had
    ("why did Binance freeze", ["binance"]),
    ("binance’s apology", ["binance"]),
    ("OKEx withdrawals", ["okx"]),
    ("Huobi insolvent?", ["htx"]),
    ("Mt. Gox payouts", ["mt-gox"]),
    ("mtgox coins", ["mt-gox"]),
    ("mt gox hack", ["mt-gox"]),
    ("QuadrigaCX founder", ["quadrigacx"]),
    ("BTC-e seized", ["btc-e"]),
    ("gate.io delisting", ["gate"]),
    ("is my money safe on gate", ["gate"]),
    ("I trade at Gate and Bybit", ["gate", "bybit"]),
    ("thodex ceo jailed", ["thodex"]),
    ("JPEX scandal", ["jpex"]),
    ("Coincheck NEM theft", ["coincheck", "nem"]),
    ("WazirX hack", ["wazirx"]),
    ("FTX and Alameda", ["ftx", "alameda-research"]),
    ("cme gap", ["cme"]),
    ("hyperliquid whale", ["hyperliquid"]),
    ("dydx insurance fund", ["dydx"]),
    ("crypto.com card", ["crypto-com"]),
    ("Deribit expiry", ["deribit"]),
    ("BitMEX XBTUSD", ["bitmex", "bitcoin"]),
    # Protocols and bridges
    ("aave liquidation", ["aave"]),
    ("AAVE token price", ["aave-token"]),
    ("$AAVE", ["aave-token"]),
    ("buy aave", ["aave-token"]),
    ("Compound finance oracle", ["compound"]),
    ("the compound protocol", ["compound"]),
    ("liquidated on MakerDAO", ["sky"]),
    ("Black Thursday at Maker", ["sky"]),
    ("Solend whale", ["solend"]),
    ("mango markets exploit", ["mango-markets"]),
    ("the curve finance hack", ["curve"]),
    ("anchor protocol yield", ["anchor"]),
    ("stream finance loss", ["stream-finance"]),
    ("drift exploit", ["drift"]),
    ("Ronin bridge", ["ronin"]),
    ("wormhole hack", ["wormhole"]),
    ("anyswap", ["multichain"]),
    # Funds, lenders, firms
    ("3AC blew up", ["three-arrows-capital"]),
    ("three arrows capital loans", ["three-arrows-capital"]),
    ("wintermute sold", ["wintermute"]),
    ("celsius froze withdrawals", ["celsius"]),
    ("creditors of Celsius", ["celsius"]),
    ("blockfi refund", ["blockfi"]),
    ("microstrategy margin call", ["strategy"]),
    ("will Strategy sell", ["strategy"]),
    ("MSTR premium", ["strategy"]),
    ("SVB and Silvergate", ["silicon-valley-bank", "silvergate"]),
    ("BlackRock sells", ["blackrock"]),
    ("tesla sold its coins", ["tesla"]),
    # People
    ("satoshi's coins", ["satoshi-nakamoto"]),
    ("SBF in prison", ["sam-bankman-fried"]),
    ("Sam Bankman-Fried", ["sam-bankman-fried"]),
    ("do kwon arrested", ["do-kwon"]),
    ("did trump crash the market", ["donald-trump"]),
    ("trump coin", ["official-trump"]),
    ("$TRUMP unlock", ["official-trump"]),
    ("CZ pleaded guilty", ["changpeng-zhao"]),
    ("Powell speaks", ["jerome-powell"]),
    ("elon tweeted", ["elon-musk"]),
    ("Mark Karpeles", ["mark-karpeles"]),
    ("Mark Karpelès", ["mark-karpeles"]),
    # Products
    ("IBIT outflows", ["ibit"]),
    ("spot bitcoin ETFs bled", ["spot-bitcoin-etfs"]),
    ("GBTC discount", ["gbtc"]),
    ("WBETH and BNSOL depegged", ["wbeth", "bnsol"]),
    ("stETH discount", ["steth"]),
    ("coinbase bitcoin loans liquidation", ["coinbase-bitcoin-loans"]),
    # Places, regulators, publishers, indexes
    ("US traders lost", ["united-states"]),
    ("American investors", ["united-states"]),
    ("u.s. tariffs on china", ["united-states", "china"]),
    ("tax in the UK", ["united-kingdom"]),
    ("german tax law", ["germany"]),
    ("korean premium", ["south-korea"]),
    ("the SEC sued Binance", ["sec", "binance"]),
    ("does the fed matter", ["federal-reserve"]),
    ("MiCA rules", ["mica"]),
    ("BaFin and ESMA", ["bafin", "esma"]),
    ("coinglass numbers", ["coinglass"]),
    ("Bybt data", ["coinglass"]),
    ("alternative.me index", ["alternative-me"]),
    ("fear & greed at 10", ["fear-and-greed-index"]),
    ("Fear and Greed Index", ["fear-and-greed-index"]),
    ("S&P 500 and Nasdaq", ["s-p-500", "nasdaq"]),
    ("DXY up", ["dxy"]),
    # Lists carry a name to its neighbours
    ("btc, link and ada", ["bitcoin", "chainlink", "cardano"]),
    ("eth vs near", ["ethereum", "near-protocol"]),
    # Misspelled
    ("etherium gas", ["ethereum"]),
    ("ethereuem", ["ethereum"]),
    ("hyperliqud outage", ["hyperliquid"]),
    ("binanace down", ["binance"]),
    ("coinbsae support", ["coinbase"]),
    ("bitcion crash", ["bitcoin"]),
    ("dogecion", ["dogecoin"]),
    ("microstratgy", ["strategy"]),
    ("polymarkt odds", ["polymarket"]),
    ("quadrigacs", ["quadrigacx"]),
]

ORDINARY = [
    "the gate of the garden",
    "a link to the page",
    "the price is near the low",
    "btc near 100k",
    "losses compound over time",
    "one token can be worth less",
    "the market maker quotes both sides",
    "my strategy is to hold",
    "it drifts, and may drift further",
    "tell us what happened",
    "wait a sec",
    "i am fed up",
    "an avalanche of liquidations",
    "the ripple effects of a crash",
    "a blur of red candles",
    "cash flow is negative",
    "the sky is the limit",
    "30 degrees celsius",
    "a circle of friends",
    "gas prices rose",
    "they anchor expectations",
    "in the stream of news",
    "at the core of the matter",
    "is it safe to hold",
    "time is money",
    "people panic",
    "NOT a loss",
    "an 8h candle",
    "what gains count",
    "the dot on the chart",
    "a block of orders",
    "he made a strike",
    "a curve in the chart",
    "One day it fell",
    "the jump at noon",
    "voyages of discovery",
    "across coins",
    "a balanced book",
    "the balance of my account",
    "etc and so on",
    "a comparison of ranges",
    "What Happened To The Market Near The Low",
    "LONG OR SHORT NEAR THE LOW",
    "Link your account first",
    "Near the low everybody sold",
    "sentiment and millennia",
]


@pytest.mark.parametrize(("text", "ids"), NAMED)
def test_what_a_text_names(gazetteer: Gazetteer, text: str, ids: list[str]) -> None:
    assert [entity.id for entity in gazetteer.entities(text)] == ids


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_name_nothing(gazetteer: Gazetteer, text: str) -> None:
    named = [entity.id for entity in gazetteer.entities(text) if entity.id != "bitcoin"]
    assert named == []


def test_the_longest_name_wins_and_mentions_do_not_overlap(gazetteer: Gazetteer) -> None:
    text = "Binance Coin on Binance, wrapped bitcoin and Bitcoin Cash."
    mentions = gazetteer.mentions(text)
    assert [text[one.start : one.end] for one in mentions] == [
        "Binance Coin", "Binance", "wrapped bitcoin", "Bitcoin Cash",
    ]  # fmt: skip


def test_assets_are_told_by_symbol_and_stablecoins_are_money(gazetteer: Gazetteer) -> None:
    assert gazetteer.assets("is ether worse than bitcoin, or ether again?") == ("ETH", "BTC")
    assert gazetteer.assets("100 USDT of margin, and USDC") == ()
    assert gazetteer.assets("BTC/USDT and SOL-USD") == ("BTC", "SOL")
    assert gazetteer.assets("flows of spot bitcoin ETFs") == ("BTC",)


def test_masking_leaves_what_is_asked(gazetteer: Gazetteer) -> None:
    assert gazetteer.masked("Why did $ETH and Solana's price fall?") == "Why did bitcoin and bitcoin's price fall?"
    assert gazetteer.by_symbol("Bitcoin and ether fell.") == "BTC and ETH fell."


@pytest.mark.parametrize(
    ("id_", "text", "named"),
    [
        ("okx", "OKEx froze withdrawals in October 2020.", True),
        ("sky", "Maker auctions ran at zero bids.", True),
        ("sky", "Maker's auctions", True),
        ("strategy", "MicroStrategy bought more", True),
        ("strategy", "A strategy for falling markets", False),
        ("bitcoin", "The coin fell", False),
        ("bitcoin", "Bitcoin Cash fell", False),
        ("bitcoin", "Flows of the spot bitcoin ETFs", True),
        ("aave", "The AAVE token fell", True),
        ("aave-token", "Aave liquidated loans", True),
        ("coinglass", "Bybt counted 10 billion", True),
        ("ftx", "Voyager lent to FTX", True),
        ("celsius", "It was 20 degrees celsius", False),
        ("grayscale", "the Grayscale Bitcoin Trust", True),
    ],
)
def test_whether_a_passage_names_what_is_asked_of(gazetteer: Gazetteer, id_: str, text: str, named: bool) -> None:
    assert gazetteer.named_in(gazetteer.entity(id_), text) is named


@pytest.mark.parametrize(
    "text",
    ["$" * 16_000, "mt. " * 4_000, "a" * 16_000, "BTC/" * 4_000, "btc, link, " * 1_500, "1" * 16_000, "s&p " * 4_000,
     "U.S. " * 3_200, "bitcion " * 2_000, "'" * 16_000, "e\u0301" * 8_000, "binance coin " * 1_200, "usdt" * 4_000],
    ids=str.split,
)  # fmt: skip
def test_long_texts_are_read(gazetteer: Gazetteer, text: str) -> None:
    mentions = gazetteer.mentions(text)
    assert all(one.end <= two.start for one, two in pairwise(mentions))


@given(st.text(max_size=200))
def test_any_text_is_read_without_overlap(text: str) -> None:
    gazetteer = Gazetteer.load()
    mentions = gazetteer.mentions(text)
    assert all(0 <= one.start < one.end <= len(text) for one in mentions)
    assert all(one.end <= two.start for one, two in pairwise(mentions))


def test_every_unmistakable_name_is_found_in_any_case(gazetteer: Gazetteer) -> None:
    plain = gazetteer.unmistakable_names()
    for entity in gazetteer.all:
        for name in entity.names:
            if name.lower() in plain:
                for written in (name, name.lower(), unicodedata.normalize("NFD", name)):
                    assert gazetteer.named_in(entity, f"what about {written} now"), (entity.id, written)


def test_a_name_means_one_thing_or_is_declared_to_be_shared(gazetteer: Gazetteer) -> None:
    shared = read_lists(FOLDER).shared
    holders = Counter(key for entity in gazetteer.all for key in {key_of(name) for name in entity.names})
    assert {key for key, count in holders.items() if count > 1} == set(shared)
    assert max(holders.values()) <= 2


def test_there_is_something_of_every_kind(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.all) >= 700
    counted = Counter(entity.kind for entity in gazetteer.all)
    assert min(counted[kind] for kind in KINDS) >= 30
    assert counted["venue"] >= 70
    assert counted["asset"] >= 200


def test_names_are_in_lower_case(gazetteer: Gazetteer) -> None:
    assert {"bitcoin", "okex", "mt. gox", "gate"} <= gazetteer.names()
    assert "gate" not in gazetteer.unmistakable_names()


def test_the_market_room_names_nothing_that_is_not_here(gazetteer: Gazetteer) -> None:
    ids = {entity.id for entity in gazetteer.of_kind("venue")}
    assert set(venues()) | set(TRAITS) <= ids
    assert all(gazetteer.entity(key).name == venue.name for key, venue in venues().items())
    symbols = {entity.symbol.upper() for entity in gazetteer.of_kind("asset", "stablecoin") if entity.symbol}
    assert {*_COINS, *_DOLLARS, *_DOLLARS_THAT_END_LIKE_COINS} <= symbols


def test_words_of_the_shelf_are_no_misspellings(gazetteer: Gazetteer) -> None:
    listed = set((FOLDER / "ordinary.txt").read_text("utf-8").split())
    near = set(near_names(shelf_words(FOLDER.parent), gazetteer))
    assert near <= listed, "run python -m knowledge.gazetteer.ordinary"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Binance: other name", "is also in"),
        ("New venue: bybit", "also names Bybit"),
        ("New venue: [a, b]", "is not a line of names"),
        ("New venue: '...'", "holds no word"),
        ("New: 'unclosed", "correct the YAML"),
    ],
)
def test_a_faulty_line_is_named_with_file_and_key(tmp_path: Path, line: str, problem: str) -> None:
    folder = copytree(FOLDER, tmp_path / "lists")
    path = folder / "fund.yaml"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(GazetteerInvalid, match=r"fund\.yaml") as caught:
        read_lists(folder)
    assert problem in str(caught.value)


def test_a_coin_needs_a_name(tmp_path: Path) -> None:
    folder = copytree(FOLDER, tmp_path / "lists")
    (folder / "asset.yaml").write_text("ABC:\n", encoding="utf-8")
    with pytest.raises(GazetteerInvalid, match="'ABC': has no name"):
        read_lists(folder)


def test_a_default_meaning_must_exist(tmp_path: Path) -> None:
    folder = copytree(FOLDER, tmp_path / "lists")
    with (folder / "shared.yaml").open("a", encoding="utf-8") as shared:
        shared.write("no such name: binance\n")
    with pytest.raises(GazetteerInvalid, match=r"shared.yaml: 'no such name'"):
        read_lists(folder)


def test_months_and_weekdays() -> None:
    assert (len(MONTHS), len(WEEKDAYS)) == (12, 7)
    assert [month_number(word) for word in ("may", "Sept", "sep.", "Mayor")] == [5, 9, 9, None]
    assert SPOKEN_MONTH_PATTERN.startswith("january|")
    assert SPOKEN_MONTH_PATTERN.endswith("sept")

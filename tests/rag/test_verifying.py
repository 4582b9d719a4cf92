"""A number without a receipt is not said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence import Evidence
from rag.phrasing import percent, usd
from rag.verifying import unsupported_numbers


def passage(text: str) -> Evidence:
    return Evidence(kind="passage", title="A passage", text=text)


def figure(value: float, unit: str, text: str = "") -> Evidence:
    return Evidence(kind="figure", title="A figure", text=text, detail={"value": value, "unit": unit})


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("About 19.16 billion USD were liquidated.", "CoinGlass counted 19.16 billion USD."),
        ("About 19 billion USD were liquidated.", "CoinGlass counted 19.16 billion USD."),
        ("It was $1.3bn.", "It was 1,300,000,000 USD."),
        ("Longs were 87%.", "Longs were 87.2 percent."),
        ("On 10 October 2025 it fell.", "It fell on 2025-10-10."),
        ("In October 2025 it fell.", "It fell on 10 October 2025."),
        ("In 2025 it fell.", "It fell on 10 October 2025."),
        ("Nothing is counted here.", "No numbers."),
    ],
)
def test_the_same_number_in_other_words_is_supported(claim: str, evidence: str) -> None:
    assert unsupported_numbers(claim, [passage(evidence)]) == ()


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("About 19.16 billion USD were liquidated.", "CoinGlass counted about 19 billion USD."),
        ("About 19.16 million USD were liquidated.", "CoinGlass counted 19.16 billion USD."),
        ("Longs were 87 USD.", "Longs were 87%."),
        ("Longs were 87%.", "Longs were 87 of them."),
        ("It rose 6.4%.", "It moved -6.4%."),
        ("On 11 October 2025 it fell.", "It fell on 10 October 2025."),
        ("On 10 October 2025 it fell.", "It fell in October 2025."),
        ("In 2024 it fell.", "It fell on 10 October 2025."),
        ("Leverage was 20x.", "Leverage was 25x."),
        ("It took 2 hours.", "It took 2 days."),
    ],
)
def test_another_unit_sign_magnitude_date_or_more_digits_is_not(claim: str, evidence: str) -> None:
    assert unsupported_numbers(claim, [passage(evidence)]) != ()


def test_a_claim_that_cites_nothing_may_state_no_number() -> None:
    assert unsupported_numbers("It fell 12%.", []) == ("12%",)


def test_a_fall_said_in_words_supports_a_negative_value() -> None:
    reading = figure(-0.064, "fraction")
    assert unsupported_numbers("BTC fell 6.4%.", [reading]) == ()
    assert unsupported_numbers("BTC gained 6.4%.", [reading]) == ("6.4%",)


@given(st.floats(min_value=1, max_value=9e12, allow_nan=False))
def test_our_own_rounding_for_people_is_always_supported(value: float) -> None:
    assert unsupported_numbers(f"It was {usd(value)}.", [figure(value, "USD")]) == ()


@given(st.floats(min_value=0.0001, max_value=1, allow_nan=False))
def test_a_fraction_said_as_percent_is_supported(value: float) -> None:
    assert unsupported_numbers(f"It fell {percent(value * 100)}.", [figure(value, "fraction")]) == ()


@given(st.floats(min_value=1000, max_value=9e12, allow_nan=False), st.sampled_from([0.5, 0.9, 1.1, 2.0, 10.0]))
def test_a_different_number_never_is(value: float, factor: float) -> None:
    assert unsupported_numbers(f"It was {usd(value * factor)}.", [figure(value, "USD")]) != ()

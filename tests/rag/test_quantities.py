"""Numbers are read with unit, scale, precision and date, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.quantities import Unit, quantities


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$1.3 billion", 1.3e9, "usd"),
        ("19.16 billion USD", 19.16e9, "usd"),
        ("USD 4.523 million", 4.523e6, "usd"),
        ("$4.5M", 4.5e6, "usd"),
        ("4,523,000 dollars", 4_523_000, "usd"),
        ("3.44 trillion USD", 3.44e12, "usd"),
        ("87%", 87, "percent"),
        ("51.4 percent", 51.4, "percent"),
        ("-0.05 pct", -0.05, "percent"),
        ("−6.4%", -6.4, "percent"),
        ("20x leverage", 20, "multiple"),
        ("0.05 btc", 0.05, "coin"),
        ("62k", 62_000, "plain"),
        ("a 24-hour window", 86_400, "duration"),
        ("8h funding", 28_800, "duration"),
        ("index at 21", 21, "plain"),
        ("with 2000 equity", 2000, "plain"),
        ("4 523 000 USD", 4_523_000, "usd"),
        ("62\u202f000 USD", 62_000, "usd"),
        ("a 4.5-million-dollar position", 4.5e6, "usd"),
        ("4.5 million US-dollars", 4.5e6, "usd"),
        ("$4.5 M", 4.5e6, "usd"),
        ("USD148.30", 148.3, "usd"),
        ("a million dollars", 1e6, "usd"),
        ("half a billion USD", 5e8, "usd"),
        ("a 3-fold rise", 3, "multiple"),
    ],
)
def test_reads_value_and_unit(text: str, value: float, unit: Unit) -> None:
    (found,) = quantities(text)
    assert found.value == pytest.approx(value)
    assert found.unit == unit


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 10 October 2025", "2025-10-10"),
        ("October 10, 2025", "2025-10-10"),
        ("10th of October 2025", "2025-10-10"),
        ("2025-11-04", "2025-11-04"),
        ("in November 2025", "2025-11"),
        ("the 2022 crash", "2022"),
        ("4 Nov", "--11-04"),
    ],
)
def test_reads_dates_as_one_quantity(text: str, day: str) -> None:
    (found,) = quantities(text)
    assert (found.unit, found.day) == ("date", day)


@pytest.mark.parametrize("text", ["$1.2-1.5 billion", "$1.2 to 1.5 billion", "1.2 to 1.5 billion USD", "$1.2bn–$1.5bn"])
def test_both_ends_of_a_range_have_its_unit_and_scale(text: str) -> None:
    assert [(found.value, found.unit) for found in quantities(text)] == [(1.2e9, "usd"), (1.5e9, "usd")]


def test_a_sign_of_multiplication_makes_no_multiple() -> None:
    assert quantities("entry 60,000.00 x (1 - 0.1)")[0].unit == "plain"


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert all(found.day is None for found in quantities("31 November 2025 or 2025-13-40"))


def test_a_month_name_that_is_a_verb_is_no_date() -> None:
    assert [found.unit for found in quantities("it may 12 percent fall")] == ["percent"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("between 30 and 40 billion USD", [30e9, 40e9]),
        ("85–90% of it", [85, 90]),
        ("from 122,574 to 104,782 USD", [122_574, 104_782]),
    ],
)
def test_the_first_number_of_a_range_borrows_scale_and_unit(text: str, values: list[float]) -> None:
    found = quantities(text)
    assert [quantity.value for quantity in found] == values
    assert len({quantity.unit for quantity in found}) == 1


def test_step_is_the_worth_of_the_last_digit_stated() -> None:
    assert [found.step for found in quantities("19 billion USD, 19.16 billion USD, 1,300 USD")] == [1e9, 1e7, 1]


@given(st.integers(min_value=1, max_value=10**9))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert [q.value for q in quantities(f"{number:,} USD")] == [q.value for q in quantities(f"{number} dollars")]


@given(st.text(max_size=200))
def test_any_text_is_read_without_fail_and_in_order(text: str) -> None:
    starts = [found.start for found in quantities(text)]
    assert starts == sorted(starts)

"""Small words of sentences about figures: counts spelled out, so that only published numbers stand in digits."""

from rag.phrasing import in_a_sentence

_ONES = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def count_in_words(count: int) -> str:
    """A count spelled out; a hundred and more are "over a hundred".

    >>> count_in_words(0), count_in_words(12), count_in_words(23)
    ('no', 'twelve', 'twenty-three')
    """
    if count < len(_ONES):
        return _ONES[count]
    if count >= 100:
        return "over a hundred"
    tens, ones = divmod(count, 10)
    return f"{_TENS[tens - 2]}{f'-{_ONES[ones]}' if ones else ''}"


def either(parts: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return "".join(parts) if len(parts) < 2 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def capitalised(text: str) -> str:
    """`text` with its first letter large."""
    return f"{text[:1].upper()}{text[1:]}"


def superlative(*, of_two: bool, high: bool) -> str:
    """The degree of the first of two, or of many."""
    return ("higher" if high else "lower") if of_two else ("highest" if high else "lowest")


def label_in_words(label: str) -> str:
    """A label behind a preposition; what there is one of has its article.

    >>> label_in_words("Bitcoin low"), label_in_words("Liquidations over 24 hours")
    ('the bitcoin low', 'liquidations over 24 hours')
    """
    one = label.casefold().endswith(
        ("low", "fall", "price", "index", "factor", "depeg", "capitalisation", "percent", "length", "rate")
    )
    return f"{'the ' if one else ''}{in_a_sentence(label)}"

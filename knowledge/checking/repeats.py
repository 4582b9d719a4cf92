"""Sections that say nearly the same: found by the runs of words they share."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

_RUN = 4
_SAME = 0.6
"""Share of the shorter text's word runs from which two texts count as one written twice."""
_LEAST = 12
"""Runs; shorter texts (a definition of one line) may well share most of theirs."""


def near_duplicates(texts: Mapping[str, str]) -> list[tuple[str, str, float]]:
    """(name, name, share) of texts that share most of their runs of four words, most alike first."""
    runs = {name: _runs(text) for name, text in texts.items()}
    runs = {name: each for name, each in runs.items() if len(each) >= _LEAST}
    holders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, each in runs.items():
        for run in each:
            holders[run].append(name)
    shared: Counter[tuple[str, str]] = Counter()
    for names in holders.values():
        shared.update((a, b) for n, a in enumerate(names) for b in names[n + 1 :])
    found = [(a, b, count / min(len(runs[a]), len(runs[b]))) for (a, b), count in shared.items()]
    return sorted((row for row in found if row[2] >= _SAME), key=lambda row: (-row[2], row[:2]))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)}

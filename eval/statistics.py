"""Intervals and tests for scores of cases. Seeded, so that the same scores always give the same interval.

The rule for nothing: no cases give no estimate (None), never 0.0.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

SEED = 20251104
RESAMPLES = 4000
CONFIDENCE = 0.95
_BLOCK = 500


class Estimate(BaseModel):
    """A mean with its bootstrap confidence interval; `cases` is how many it stands on."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float
    cases: int


def mean_with_interval(values: Sequence[float], confidence: float = CONFIDENCE, seed: int = SEED) -> Estimate | None:
    """The mean of `values` and its percentile bootstrap interval (Efron 1979); None for no values.

    A single value, or values that are all the same, have an interval without width: resampling cannot know
    what it has not seen.
    """
    if not values:
        return None
    given = np.asarray(values, dtype=np.float64)
    low, high = np.quantile(_resampled_means(given, RESAMPLES, seed), _tails(confidence))
    return Estimate(value=_rounded(given.mean()), low=_rounded(low), high=_rounded(high), cases=len(values))


def paired_difference(
    before: Sequence[float], after: Sequence[float], confidence: float = CONFIDENCE, seed: int = SEED
) -> Estimate | None:
    """Mean of after minus before over the same cases, with its interval: cases are resampled, not scores."""
    changes = np.subtract(np.asarray(after, dtype=np.float64), np.asarray(before, dtype=np.float64))
    return mean_with_interval(changes.tolist(), confidence, seed)


def mcnemar_exact(fixed: int, broken: int) -> float:
    """Two-sided exact p that `fixed` and `broken` cases are equally likely (McNemar 1947); 1.0 if nothing changed.

    >>> mcnemar_exact(0, 8)
    0.0078125
    """
    changed = fixed + broken
    if changed == 0:
        return 1.0
    tail: float = sum(math.comb(changed, count) for count in range(min(fixed, broken) + 1)) / 2**changed
    return min(1.0, 2 * tail)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` of `values` lie, in [0, 1]; None for no values."""
    return round(float(np.quantile(values, share)), 1) if values else None


def _resampled_means(values: npt.NDArray[np.float64], resamples: int, seed: int) -> npt.NDArray[np.float64]:
    # Blocks bound the memory: 4,000 resamples of ten thousand cases would be 320 MB at once.
    generator = np.random.default_rng(seed)
    blocks = [
        values[generator.integers(0, len(values), size=(min(_BLOCK, resamples - start), len(values)))].mean(axis=1)
        for start in range(0, resamples, _BLOCK)
    ]
    return np.concatenate(blocks)


def _tails(confidence: float) -> tuple[float, float]:
    return (1 - confidence) / 2, (1 + confidence) / 2


def _rounded(value: float | np.float64) -> float:
    return round(float(value), 4)

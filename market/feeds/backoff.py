"""How long to wait before trying again: longer after each failure, and never the same for two who failed together."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Backoff:
    """Full jitter: a pause drawn evenly from nothing up to a bound that doubles with every failure."""

    random: Random
    first_seconds: float = 1.0
    longest_seconds: float = 60.0

    def seconds(self, failures: int) -> float:
        """The pause after so many failures in a row."""
        bound = min(self.longest_seconds, self.first_seconds * 2.0 ** min(failures, 30))
        return bound * self.random.random()

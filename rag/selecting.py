"""Chooses the sentences of found passages that answer what is asked: its rare words, and the kind of thing wanted.

Words only, no vectors: which passages are near in meaning has been decided before, and a choice by counted words is the
same on every machine.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from knowledge.index import Hit
from rag.quantities import quantities
from rag.sentences import sentences

_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*[a-z0-9]|[a-z0-9]")
_COMMON = 0.12
"""A word in a larger share of the passages says little about any of them."""
_KEPT = 20_000
"""Sentences whose words are remembered."""

_LEANS = re.compile(
    r"^(?:for example|in the (?:example|same)|such|this|these|that|those|it|its|they|their|he|she|the same|another|also"
    r"|a second|other|others|both|neither|either|beyond|however|therefore|thus|so|but|and|then|there|here|too)\b",
    re.IGNORECASE,
)
"""How a sentence begins that needs the one before it."""

_WHY = r"\b(?:why|causes?|caused|reasons?|behind|how come|set off|trigger\w*|led to)\b"
_BECAUSE = r"\b(?:because|since|caused?|reasons?|due to|set off|trigger\w*|so that|therefore|after)\b"
_WHO = r"\bwho\b"
_SOMEBODY = r"\b(?:traders?|exchanges?|venues?|longs|shorts|funds?|users?|binance|bybit)\b"
_HOW = r"\b(?:how (?:do|can|to|would|does)|steps?|where (?:do|can|to))\b"
_STEP = r"\b(?:shows?|stands?|can be|set|choose|add|button|field|order form|formula|menu|page)\b"
_WANTS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(gives, re.IGNORECASE))
    for asks, gives in ((_WHY, _BECAUSE), (_WHO, _SOMEBODY), (_HOW, _STEP))
)
_HOW_MUCH = re.compile(
    r"\bhow (?:much|many|low|high|far|big|large|long|often|deep)\b"
    r"|\b(?:what price|percent|number of|total|lowest|highest)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\bwhen\b|\bwhat (?:day|date|year|month)\b", re.IGNORECASE)
_WANTED = 0.12
_OPENING = 1.1
"""How much more the first sentences of a FAQ entry weigh: they answer its question, which was found near."""


@dataclass(frozen=True)
class Chosen:
    """Sentences of one passage, in its own order."""

    hit: Hit
    spoken: tuple[str, ...]


class Weights:
    """How much each word says: rare ones on the shelf much, common ones nothing."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self.of = lru_cache(_KEPT)(self._of)
        self._found: dict[str, int] = {}
        self._count = 0
        for text in texts:
            self._count += 1
            for stem in set(self._stemmer.stemWords(_WORD.findall(text.lower()))):
                self._found[stem] = self._found.get(stem, 0) + 1

    def _of(self, text: str) -> Mapping[str, float]:
        """The telling stems of `text` with their weights; unknown words weigh nothing, since nothing can match them."""
        stems = dict.fromkeys(self._stemmer.stemWords(_WORD.findall(text.lower())))
        shares = {stem: self._found.get(stem, 0) / max(1, self._count) for stem in stems}
        return {stem: -math.log(share) for stem, share in shares.items() if 0 < share <= _COMMON and len(stem) > 1}


def coverage(wanted: Mapping[str, float], said: Mapping[str, float]) -> float:
    """The share of the wanted weight that is said, in [0, 1]."""
    total = sum(wanted.values())
    return sum(weight for stem, weight in wanted.items() if stem in said) / total if total else 0.0


def fit(question: str, sentence: str, wanted: Mapping[str, float], weights: Weights) -> float:
    """How well `sentence` answers `question`: its telling words, and whether it holds the kind of thing asked for."""
    bonus = sum(_WANTED for asks, gives in _WANTS if asks.search(question) and gives.search(sentence))
    numbers = quantities(sentence) if _HOW_MUCH.search(question) or _WHEN.search(question) else []
    if _HOW_MUCH.search(question) and any(number.unit != "date" for number in numbers):
        bonus += _WANTED
    if _WHEN.search(question) and any(number.unit == "date" for number in numbers):
        bonus += _WANTED
    return coverage(wanted, weights.of(sentence)) + bonus


def best_run(hit: Hit, question: str, count: int, weights: Weights) -> Chosen:
    """Up to `count` neighbouring sentences of one passage that answer best, the first of which stands alone."""
    spoken = sentences(hit.passage.text)
    if len(spoken) <= count:
        return Chosen(hit, tuple(spoken))
    wanted = weights.of(question)
    fits = [fit(question, sentence, wanted, weights) for sentence in spoken]
    # A run that the end of the passage cuts short would only be its tail.
    starts = [n for n in range(len(spoken) - count + 1) if n == 0 or not leans(spoken[n])]

    def worth(start: int) -> tuple[float, int]:
        run = fits[start : start + count]
        # What answers should come first, so earlier sentences of the run count more.
        opening = _OPENING if start == 0 and hit.passage.kind == "faq" else 1.0
        return opening * sum(value / (1 + 0.3 * place) for place, value in enumerate(run)), -start

    start = max(starts, key=worth)
    return Chosen(hit, tuple(spoken[start : start + count]))


def beside(
    hits: Sequence[Hit], question: str, said: Sequence[str], count: int, gain: float, weights: Weights
) -> list[Chosen]:
    """Sentences that say what of the question is not yet `said`: each adds at least `gain` of its telling words."""
    wanted = weights.of(question)
    total = sum(wanted.values())
    heard = {stem for sentence in said for stem in weights.of(sentence)}
    candidates = [
        (hit, sentence)
        for hit in hits
        for sentence in sentences(hit.passage.text)
        if not leans(sentence) and sentence not in said
    ]
    found: list[Chosen] = []
    while candidates and total and len(found) < count:
        added = [_new(wanted, weights.of(sentence), heard) / total for _, sentence in candidates]
        place = max(range(len(candidates)), key=lambda n: (added[n], -n))
        if added[place] < gain:
            break
        hit, sentence = candidates.pop(place)
        found.append(Chosen(hit, (sentence,)))
        heard |= set(weights.of(sentence))
    return found


def _new(wanted: Mapping[str, float], said: Mapping[str, float], heard: set[str]) -> float:
    return sum(weight for stem, weight in wanted.items() if stem in said and stem not in heard)


def leans(sentence: str) -> bool:
    """Whether `sentence` needs the one before it to be understood."""
    return bool(_LEANS.match(sentence))

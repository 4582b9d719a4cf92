"""How well verification tells supported claims from those that only look so, beside ROUGE-1 on the same pairs.

One half of the pairs set the threshold; the other only checks it. No evidence stands in both halves. A second file has
claims about passages of our own articles, halved alike, which set nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import LabelsInvalid
from eval.statistics import CONFIDENCE, RESAMPLES, SEED, Estimate
from rag.draft import DraftClaim
from rag.evidence import Evidence, EvidenceKind
from rag.verifying import Verifier

COMMITTED_CLAIMS = Path(__file__).parent / "labelled" / "claims.jsonl"
CLAIMS_OF_ARTICLES = COMMITTED_CLAIMS.with_name("claims-from-articles.jsonl")

ClaimTrap = Literal[
    "paraphrase", "number_format", "rounding", "wrong_number", "wrong_unit", "wrong_date", "wrong_bound",
    "wrong_direction", "negation", "swapped_asset", "swapped_side", "swapped_name", "swapped_roles",
    "neighbour_fact", "near_miss", "invented",
]  # fmt: skip
_TOKEN = re.compile(r"[a-z0-9]+")
_WANTED_PRECISION = 0.9
_GRID = np.arange(0.30, 0.96, 0.02)


class LabelledClaim(BaseModel):
    """A claim, the text it cites, and whether that supports it; `trap` names what makes it hard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str
    evidence: str
    kind: EvidenceKind
    supported: bool
    trap: ClaimTrap
    held_out: bool

    @property
    def draft(self) -> DraftClaim:
        return DraftClaim(self.claim, (Evidence(kind=self.kind, title="", text=self.evidence),))


class Half(BaseModel):
    """One half of the pairs: areas under the ROC curve with intervals, and what the threshold in use gives.

    `ahead` is ours less ROUGE-1. `kept` is the share of pairs kept by trap. `precision` is None if none was.
    """

    model_config = ConfigDict(frozen=True)

    pairs: int
    auc: Estimate
    rouge1_auc: Estimate
    ahead: Estimate
    threshold: float
    precision: float | None
    recall: float
    kept: dict[str, float]


class Verification(BaseModel):
    """Both halves, the threshold that the first of them sets, and both halves of the claims about articles.

    What `articles_seen` missed was looked at to mend the check, what `articles_held_out` missed was not.
    """

    model_config = ConfigDict(frozen=True)

    setting: Half
    held_out: Half
    articles_seen: Half
    articles_held_out: Half
    threshold_set: float


def load_claims(path: Path = COMMITTED_CLAIMS) -> list[LabelledClaim]:
    """The labelled claims of a file. Raises LabelsInvalid naming file, line and field."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            pairs.append(LabelledClaim.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "line"
            raise LabelsInvalid(f"{path}:{number}: field '{field}': {first['msg']}; correct the line") from error
    return pairs


def verification(
    pairs: Sequence[LabelledClaim], articles: Sequence[LabelledClaim], verifier: Verifier, threshold: float
) -> Verification:
    """How `verifier` does on both halves of `pairs`, and of `articles`, when claims are kept from `threshold` on."""
    halves = [[pair for pair in of if pair.held_out == held] for of in (pairs, articles) for held in (False, True)]
    scores = [np.array([verifier.score(pair.draft) for pair in half]) for half in halves]
    setting, held_out, seen, unseen = (_half(*one, threshold) for one in zip(halves, scores, strict=True))
    return Verification(
        setting=setting,
        held_out=held_out,
        articles_seen=seen,
        articles_held_out=unseen,
        threshold_set=threshold_for(scores[0], _labels(halves[0])),
    )


def threshold_for(scores: npt.NDArray[np.float64], supported: npt.NDArray[np.bool_]) -> float:
    """The lowest threshold of the grid from which on nine of ten kept claims are supported."""
    good = [float(t) for t in _GRID if (scores >= t).any() and supported[scores >= t].mean() >= _WANTED_PRECISION]
    return round(min(good), 2) if good else 1.0


def roc_auc(scores: npt.NDArray[np.float64], supported: npt.NDArray[np.bool_]) -> float:
    """The chance that a supported claim scores higher than an unsupported one, ties counting half.

    >>> roc_auc(np.array([0.9, 0.4, 0.4]), np.array([True, True, False]))
    0.75
    """
    good, bad = scores[supported][:, None], scores[~supported][None, :]
    return float((good > bad).mean() + 0.5 * (good == bad).mean())


def rouge1(claim: str, evidence: str) -> float:
    """ROUGE-1 F1 (Lin 2004): the unigrams the two share, over those of both.

    >>> rouge1("longs pay shorts", "shorts pay longs")
    1.0
    """
    ours, theirs = Counter(_TOKEN.findall(claim.lower())), Counter(_TOKEN.findall(evidence.lower()))
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 0.0


def _half(pairs: Sequence[LabelledClaim], scores: npt.NDArray[np.float64], threshold: float) -> Half:
    supported = _labels(pairs)
    baseline = np.array([rouge1(pair.claim, pair.evidence) for pair in pairs])
    kept = scores >= threshold
    groups = _by_evidence(pairs)
    traps = sorted({pair.trap for pair in pairs})
    of_trap = {trap: np.array([pair.trap == trap for pair in pairs]) for trap in traps}
    return Half(
        pairs=len(pairs),
        auc=_estimate(lambda rows: roc_auc(scores[rows], supported[rows]), groups, len(pairs)),
        rouge1_auc=_estimate(lambda rows: roc_auc(baseline[rows], supported[rows]), groups, len(pairs)),
        ahead=_estimate(
            lambda rows: roc_auc(scores[rows], supported[rows]) - roc_auc(baseline[rows], supported[rows]),
            groups,
            len(pairs),
        ),
        threshold=threshold,
        precision=round(float(supported[kept].mean()), 4) if kept.any() else None,
        recall=round(float(kept[supported].mean()), 4),
        kept={trap: round(float(kept[chosen].mean()), 4) for trap, chosen in of_trap.items()},
    )


def _labels(pairs: Sequence[LabelledClaim]) -> npt.NDArray[np.bool_]:
    return np.array([pair.supported for pair in pairs])


def _by_evidence(pairs: Sequence[LabelledClaim]) -> list[npt.NDArray[np.intp]]:
    places: dict[str, list[int]] = {}
    for place, pair in enumerate(pairs):
        places.setdefault(pair.evidence, []).append(place)
    return [np.array(group) for group in places.values()]


def _estimate(
    measure: Callable[[npt.NDArray[np.intp]], float], groups: Sequence[npt.NDArray[np.intp]], n: int
) -> Estimate:
    """`measure` with its bootstrap interval; whole evidence texts are resampled, as claims about one are alike."""
    generator = np.random.default_rng(SEED)
    drawn = generator.integers(0, len(groups), size=(RESAMPLES // 4, len(groups)))
    found = [measure(np.concatenate([groups[place] for place in row])) for row in drawn]
    low, high = np.quantile(found, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    whole = measure(np.arange(n))
    return Estimate(value=round(whole, 4), low=round(float(low), 4), high=round(float(high), 4), cases=n)

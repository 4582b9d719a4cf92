"""Did a change make the answers better: two runs, case by case, with intervals, a test and a gate."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from eval.errors import GateInvalid, RunDiffers
from eval.gate import Gate
from eval.run import CaseResult, Run
from eval.scoring.score import all_scorers
from eval.statistics import Estimate, mcnemar_exact, paired_difference
from eval.summary import values_of

Fault = Literal["below_floor", "significantly_worse"]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Difference(Frozen):
    """One metric in both runs, over the cases it applies to in both; `change` is after minus before."""

    metric: str
    before: float
    after: float
    change: Estimate


class Breach(Frozen):
    """Why the gate does not let the second run through."""

    metric: str
    fault: Fault
    told: str


class Comparison(Frozen):
    """Two runs over the cases that both hold unchanged.

    `fixed` and `broken` are the cases that passed only after, or only before; `p_value` is McNemar's exact test
    of the two. `unpaired` are cases that only one run has, or that were rewritten between them.
    """

    pairs: int
    unpaired: tuple[str, ...]
    ground_changed: tuple[str, ...]
    differences: tuple[Difference, ...]
    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    p_value: float
    breaches: tuple[Breach, ...]

    @property
    def passed(self) -> bool:
        return not self.breaches


def compare(before: Run, after: Run, gate: Gate, *, across_grounds: bool = False) -> Comparison:
    """Compares `after` with `before` and holds it to `gate`.

    Raises RunDiffers if the runs stand on other knowledge or market data, unless `across_grounds`; and if they
    share no case. Raises GateInvalid if the gate names a metric that no scorer gives.
    """
    changed = tuple(
        name for name, value in before.ground.model_dump().items() if after.ground.model_dump()[name] != value
    )
    moved = [name for name in ("corpus", "market_data", "as_of") if name in changed]
    if moved and not across_grounds:
        raise RunDiffers(
            f"the runs stand on different {' and '.join(moved)}, so a difference would not be the code's; "
            "run both on the same, or compare anyway with --across-corpora"
        )
    pairs, unpaired = _paired(before, after)
    if not pairs:
        raise RunDiffers("the runs share no case; compare runs of the same case files")
    differences = _differences([one for one, _ in pairs], [other for _, other in pairs], gate.confidence)
    fixed = tuple(other.case.id for one, other in pairs if other.passed and not one.passed)
    broken = tuple(other.case.id for one, other in pairs if one.passed and not other.passed)
    return Comparison(
        pairs=len(pairs),
        unpaired=unpaired,
        ground_changed=changed,
        differences=differences,
        fixed=fixed,
        broken=broken,
        p_value=round(mcnemar_exact(len(fixed), len(broken)), 6),
        breaches=_breaches(differences, after, gate),
    )


def _paired(before: Run, after: Run) -> tuple[list[tuple[CaseResult, CaseResult]], tuple[str, ...]]:
    """Results of the same case in both runs; a case whose text or demands changed is not the same case."""
    earlier = {result.case.id: result for result in before.results}
    later = {result.case.id: result for result in after.results}
    same = [
        (earlier[name], result)
        for name, result in later.items()
        if name in earlier and earlier[name].case == result.case
    ]
    kept = {result.case.id for result, _ in same}
    return same, tuple(sorted((earlier.keys() | later.keys()) - kept))


def _differences(
    before: Sequence[CaseResult], after: Sequence[CaseResult], confidence: float
) -> tuple[Difference, ...]:
    names = ["passed", *sorted({name for result in after for name in result.scores})]
    return tuple(found for name in names if (found := _difference(name, before, after, confidence)) is not None)


def _difference(
    name: str, before: Sequence[CaseResult], after: Sequence[CaseResult], confidence: float
) -> Difference | None:
    earlier, later = values_of(before, name), values_of(after, name)
    both = [case_id for case_id in later if case_id in earlier]
    old, new = [earlier[case_id] for case_id in both], [later[case_id] for case_id in both]
    change = paired_difference(old, new, confidence)
    if change is None:
        return None
    return Difference(
        metric=name, before=round(sum(old) / len(old), 4), after=round(sum(new) / len(new), 4), change=change
    )


def _breaches(differences: Sequence[Difference], after: Run, gate: Gate) -> tuple[Breach, ...]:
    by_name = {difference.metric: difference for difference in differences}
    breaches = []
    for name, bar in gate.metrics.items():
        if name not in {"passed", *all_scorers()}:
            raise GateInvalid(f"the gate names '{name}', which no scorer gives; take it out of the gate")
        values = list(values_of(after.results, name).values())
        if not values:
            # Of one's own few cases none may have relevant passages, say: there is nothing to hold to the bar.
            continue
        mean = round(sum(values) / len(values), 4)
        if mean < bar.floor:
            breaches.append(Breach(metric=name, fault="below_floor", told=f"{mean:.4f} is below {bar.floor:.4f}"))
        found = by_name.get(name)
        if found and found.change.high < 0 and -found.change.value > bar.tolerated_drop:
            told = f"{found.before:.4f} to {found.after:.4f}, change {interval(found.change)}"
            breaches.append(Breach(metric=name, fault="significantly_worse", told=told))
    return tuple(breaches)


def interval(estimate: Estimate) -> str:
    """A change as text: its mean and its interval, signed.

    >>> interval(Estimate(value=-0.03, low=-0.05, high=-0.01, cases=240))
    '-0.030 [-0.050, -0.010]'
    """
    return f"{estimate.value:+.3f} [{estimate.low:+.3f}, {estimate.high:+.3f}]"

"""What a reading will ask the store, and which of several readings can be asked in one query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from market.query import Bound, Row
from market.request import Request
from market.series import Series
from market.store import AnyStore
from market.view import View

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Wanted:
    """A reading to be asked for among others; what is left out is what `Market.read` takes without it."""

    name: str
    asset: str | None = None
    window: timedelta | None = None
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The rows a request stands on, and what is bound to its expression to see them."""

    request: Request
    series: Series
    companion: Series | None
    values: Mapping[str, Bound]

    @property
    def key(self) -> tuple[object, ...]:
        """Identifies the expression."""
        return "metric", self.request.metric.name, self.request.narrowed, self.request.shape

    def expression(self) -> "ir.Table":
        request = self.request
        return request.metric.expression(
            View(request.metric.table, narrowed=request.narrowed, params=request.params),
        )


class Asking:
    """Asks `store` for the rows of plans. Plans whose last step reads the same rows are one query: planning a query
    costs more than running it.
    """

    def __init__(self, store: AnyStore) -> None:
        self._store = store
        self._last_steps: dict[object, Any] = {}

    def grouped(self, plans: Sequence[Plan]) -> list[list[Plan]]:
        """The plans, those together that are one query."""
        groups: dict[object, list[Plan]] = {}
        for number, plan in enumerate(plans):
            groups.setdefault(self._shared(plan) or number, []).append(plan)
        return list(groups.values())

    def rows(self, plans: Sequence[Plan]) -> list[Row | None]:
        """The row of each of a group; None where it has none."""
        if len(plans) == 1:
            rows = self._store.rows(plans[0].key, plans[0].expression, plans[0].values)
            return [rows[0] if rows else None]
        rows = self._store.rows(
            ("together", *(plan.key for plan in plans)), lambda: self._joined(plans), plans[0].values
        )
        if not rows:
            return [None for _ in plans]
        found: list[dict[str, Any]] = [{} for _ in plans]
        for column, cell in rows[0].items():
            number, _, name = column.partition("_")
            found[int(number)][name] = cell
        return list(found)

    def _shared(self, plan: Plan) -> object | None:
        """The rows that the last step reads, and what is bound to see them; None where it has parameters of its own."""
        from ibis.expr.operations import Project

        step = self._last_step(plan)
        if plan.request.bound or not isinstance(step, Project):
            return None
        return step.parent, tuple(sorted(plan.values.items()))

    def _last_step(self, plan: Plan) -> Any:
        if plan.key not in self._last_steps:
            self._last_steps[plan.key] = plan.expression().op()
        return self._last_steps[plan.key]

    def _joined(self, plans: Sequence[Plan]) -> "ir.Table":
        steps = [self._last_step(plan) for plan in plans]
        columns = {
            f"{number}_{name}": value.to_expr()
            for number, step in enumerate(steps)
            for name, value in step.values.items()
        }
        joined: ir.Table = steps[0].parent.to_expr().select(**columns)
        return joined

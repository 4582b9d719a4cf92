"""Compares crashes by their published figures: one sentence that answers, then a small table with a receipt per row."""

from collections import Counter
from collections.abc import Sequence

from knowledge.figures import Figure
from rag.draft import DraftClaim, Paragraph
from rag.evidence import from_figure
from rag.figures import FigureGuide
from rag.phrasing import hedged, in_a_sentence
from rag.planning import FigureGroup

_DIFFER = 0.02
"""Values nearer than 2% are told as about equal."""
_LOWER_IS_MORE = frozenset({"btc_low_usd", "eth_low_usd", "ust_low_usd", "fear_greed_index"})


def compared(groups: Sequence[FigureGroup], guide: FigureGuide) -> list[Paragraph]:
    """The paragraphs that compare; empty unless at least two crashes have a figure for the same thing."""
    events = list({group.event.id: group.event for group in groups}.values())
    families = list(dict.fromkeys(group.family for group in groups))
    alike = {family: _alike([group for group in groups if group.family == family]) for family in families}
    best = {(group.event.id, family): group.main[0] for family in families for group in alike[family]}
    shared = [family for family in families if sum((event.id, family) in best for event in events) > 1]
    if len(events) < 2 or not shared:
        return []
    label = {family: guide.wording(_figures(best, family)[0].quantity).label for family in shared}
    rows = []
    for event in events:
        cells = [best.get((event.id, family)) for family in shared]
        evidence = tuple(
            from_figure(event, figure, label[family]) for family, figure in zip(shared, cells, strict=True) if figure
        )
        shown = " | ".join(hedged(figure) if figure else "not published" for figure in cells)
        rows.append(DraftClaim(f"| {event.name} | {shown} |", evidence))
    everything = tuple(item for row in rows for item in row.evidence)
    head = f"| Crash | {' | '.join(label[family] for family in shared)} |\n|---|{'---|' * len(shared)}"
    return [(_answer(alike[shared[0]], guide),), (DraftClaim(head, everything), *rows)]


def _alike(groups: Sequence[FigureGroup]) -> list[FigureGroup]:
    """Those of one family that give the quantity most of them give: percent and dollars do not share a column."""
    counts = Counter(group.main[0].quantity for group in groups)
    return [group for group in groups if group.main[0].quantity == counts.most_common(1)[0][0]]


def _figures(best: dict[tuple[str, str], Figure], family: str) -> list[Figure]:
    return [figure for (_, name), figure in best.items() if name == family]


def _answer(groups: Sequence[FigureGroup], guide: FigureGuide) -> DraftClaim:
    """Which crash comes first by one quantity."""
    pairs = [(group.event, group.main[0]) for group in groups]
    lower = pairs[0][1].quantity in _LOWER_IS_MORE
    (first, top), (second, next_) = sorted(pairs, key=lambda pair: pair[1].value * (1 if lower else -1))[:2]
    label = guide.wording(top.quantity).label
    named = in_a_sentence(label)
    evidence = (from_figure(first, top, label), from_figure(second, next_, label))
    if abs(top.value - next_.value) <= _DIFFER * abs(next_.value):
        text = f"For {named} the {first.name} stands at {hedged(top)} and the {second.name} at {hedged(next_)}."
    else:
        degree = "lower" if lower else "higher"
        against = f"{hedged(top)}, against {hedged(next_)} in the {second.name}"
        text = f"The {first.name} had the {degree} figure for {named}: {against}."
    return DraftClaim(text, evidence)

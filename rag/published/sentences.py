"""Says what the table of published figures gives: the answer first, then a small table with a receipt for each row."""

from collections.abc import Iterable, Sequence

from knowledge.figures import Event
from rag.draft import DraftClaim, Paragraph
from rag.evidence import Evidence
from rag.phrasing import amount, day_in_words, days_in_words, hedged, joined, moment_in_words
from rag.published.dimension import DATES, PublishedGuide, asset_in_words
from rag.published.query import Entry, FigureResult, Missing
from rag.published.receipts import Receipts
from rag.published.row import FigureRow
from rag.published.words import capitalised, count_in_words, either, label_in_words, superlative
from rag.quotation import Passages

_AGREE = 0.05
"""Figures whose values lie within 5% of each other are said as one."""
_SAME = 0.01
_PLAIN_SPANS = frozenset({"day", "minutes", "hours", "from a high"})
"""Spans that the publisher's own window shows."""
_DIFFER = 0.02
"""Values nearer than 2% are said to be about equal."""
_MOST_SOURCES = 4
_MOST_ROWS = 8
_MOST_NAMED = 3
_MOST_OTHERS = 2
_MOST_GAPS = 8


class FigureSentences:
    """Says results of the table; every number that it says has its receipt."""

    def __init__(self, guide: PublishedGuide, passages: Passages) -> None:
        self._guide = guide
        self._receipts = Receipts(guide, passages)

    def paragraphs(self, result: FigureResult, verdict: bool | None = None) -> tuple[Paragraph, ...]:
        """The answer; "Yes:" or "No:" leads it where `verdict` decides. Empty where the table has nothing."""
        entries = result.entries
        if not entries:
            return ()
        if result.query.aggregate == "count":
            said = [self._counted(result)]
        elif result.query.dimension == "longs_share" and (result.query.side == "short" or result.query.by == "side"):
            said = [claim for entry in entries[:_MOST_NAMED] for claim in self._sides(entry, result.query.side)]
        elif len(entries) == 1 or (len({entry.best.event.id for entry in entries}) == 1 and _waves(entries)):
            said = [claim for entry in entries[:_MOST_NAMED] for claim in self.entry(entry, result.beside)]
            said += self._other_windows(result)
        else:
            said = [self._leading(result), *self._coverage(result)]
        if verdict is not None:
            said[0] = DraftClaim(_after_verdict(said[0].text, verdict=verdict), said[0].evidence)
        table = self._table(result) if len(entries) > 1 and not _waves(entries) else ()
        left = len(entries) - _shown_rows(result)
        rest = [*self._apart(result.apart), *self._not_published(result)]
        if table and left > 0 and result.query.top is None:
            more = f"{capitalised(count_in_words(left))} more with a published figure follow{'s' if left == 1 else ''}."
            rest.insert(0, DraftClaim(more))
        return tuple(paragraph for paragraph in (tuple(said), table, tuple(rest)) if paragraph)

    def entry(self, entry: Entry, beside: Sequence[FigureRow] = ()) -> list[DraftClaim]:
        """One answer: its value, or the range where publishers differ, then what stands beside it."""
        row = entry.best
        if row.figure is None:
            return [self._dated(row)]
        strong = [one for one in entry.rows if one.grade != "C"] or list(entry.rows[:1])
        weak = [one for one in entry.rows if one.grade == "C" and one not in strong]
        claims = [self._value(row.event, strong[:_MOST_SOURCES])]
        others = [] if len(strong) > 1 else [one for one in weak if all(not _agree(one, known) for known in strong)]
        if others:
            values = joined([f"{_said(one)} ({_publisher(one)})" for one in others[:2]])
            claims.append(self._claim(f"Less well sourced reports gave {values}.", others[:2]))
        if beside:
            said = joined([f"{self._says(one)} ({_publisher(one)})" for one in beside])
            claims.append(self._claim(f"Beyond that, {said}.", beside))
        return claims

    def _other_windows(self, result: FigureResult) -> Iterable[DraftClaim]:
        rows = [row for row in result.others if not _within(row, result.entries[0], _AGREE)][:_MOST_OTHERS]
        if rows:
            said = joined([f"{_said(row)} ({_named(row)}; {row.window})" for row in rows])
            yield self._claim(f"Over other windows, {said} {'is' if len(rows) == 1 else 'are'} published.", rows)

    def entry_of(self, rows: Sequence[FigureRow]) -> list[DraftClaim]:
        """One answer from rows of one measure."""
        return self.entry(Entry(rows[0].event.name, tuple(rows)))

    def missing(self, gap: Missing) -> str:
        """What no source here gives, as a part of a sentence: "how much was liquidated in the FTX collapse"."""
        return f"{self._asked(gap)} in the {gap.event.name}"

    def _asked(self, gap: Missing) -> str:
        one = self._guide.dimensions[gap.dimension]
        on = f" on {gap.venue}" if gap.venue else ""
        asked = one.asks.format(asset=asset_in_words(gap.asset), on=on)
        if gap.side and gap.dimension != "longs_share":
            asked += f" in {gap.side}s"
        unit = {"percent": " in percent", "dollars": " in dollars", "coins": " in coins"}.get(gap.unit or "", "")
        return f"{asked}{unit}"

    def unpublished(self, gaps: Sequence[Missing]) -> Paragraph:
        """That nobody here publishes what is asked, with the record of the crash that it is said of."""
        if len(gaps) > _MOST_GAPS:
            count = count_in_words(len({gap.event.id for gap in gaps}))
            return (DraftClaim(f"No source here says {self._asked(gaps[0])} in any of {count} crashes."),)
        evidence = [receipt for gap in gaps for receipt in self._receipts.days(gap.event)]
        asked = dict.fromkeys(self._asked(gap) for gap in gaps)
        events = either([f"the {name}" for name in dict.fromkeys(gap.event.name for gap in gaps)])
        return (DraftClaim(f"No source here says {either(list(asked))} in {events}.", tuple(evidence)),)

    def _value(self, event: Event, rows: Sequence[FigureRow]) -> DraftClaim:
        first = rows[0]
        low, high = min(row.value for row in rows), max(row.value for row in rows)
        if high - low <= _AGREE * abs(high):
            return self._claim(
                f"In the {event.name}, {self._says(first)}, according to {_named(first)}{_remark(first)}.", [first]
            )
        ordered = sorted(rows, key=lambda row: row.value)
        values = joined([f"{_said(row)} ({_publisher(row)})" for row in ordered])
        label = label_in_words(self._guide.quantity(first.quantity).label)
        span = f"from {_plain(ordered[0])} to {_plain(ordered[-1])}"
        return self._claim(f"In the {event.name}, published values for {label} run {span}: {values}.", ordered)

    def _dated(self, row: FigureRow) -> DraftClaim:
        event = row.event
        when = days_in_words(event.start, event.end)
        if row.dimension == "duration":
            text = f"The {event.name} lasted {amount_of_days(row.value)}: it {when}."
        elif row.dimension == "low_time" and event.lowest_at is not None:
            text = f"In the {event.name}, bitcoin stood lowest on {moment_in_words(event.lowest_at)}."
        elif row.dimension == "end":
            text = f"The {event.name} ended on {day_in_words(event.end.isoformat())}."
        else:
            text = f"The {event.name} {when}."
        return DraftClaim(text, self._receipts.of(row))

    def _sides(self, entry: Entry, side: str | None) -> list[DraftClaim]:
        """Longs and shorts of one crash; what is not long is short."""
        row = entry.best
        short = 100 - row.value
        said = amount(short, "pct")
        formula = f"100% - {_plain(row)} = {said}"
        receipts = self._receipts.worked_out(row, "Share of shorts", formula)
        where = f"In the {row.event.name}"
        source = f"according to {_named(row)}{_remark(row)}"
        if side == "short":
            text = f"{where}, shorts made up {said} of the liquidations and longs {_plain(row)}, {source}."
        elif row.value >= 50:
            shares = f"they made up {_plain(row)} of the liquidations and shorts {said}"
            text = f"{where}, longs were hit harder: {shares}, {source}."
        else:
            shares = f"they made up {said} of the liquidations and longs {_plain(row)}"
            text = f"{where}, shorts were hit harder: {shares}, {source}."
        return [DraftClaim(text, receipts)]

    def _leading(self, result: FigureResult) -> DraftClaim:
        """Which comes first, and against what; with the difference where that is asked."""
        ordered = sorted(result.entries, key=lambda entry: -entry.best.value) if _unordered(result) else result.entries
        first, second = ordered[0], ordered[1]
        dimension = result.query.dimension
        one, other = first.best, second.best
        by_asset = result.query.by == "asset"
        label = label_in_words(
            self._guide.dimensions[dimension].label if by_asset else self._guide.quantity(one.quantity).label
        )
        evidence = (*self._receipts.of(one), *self._receipts.of(other))
        if dimension in DATES:
            return DraftClaim(self._leading_days(result, one, other), evidence)
        against = f"{_said(one)}{_also(first)}, against {_said(other)}{_also(second)} {_of(second, result)}"
        if result.query.aggregate == "difference":
            apart = amount(abs(one.value - other.value), one.unit)
            high, low = sorted((one, other), key=lambda row: -row.value)
            formula = f"{_plain(high)} - {_plain(low)} = {apart}"
            evidence = (*self._receipts.worked_out(high, "Difference", formula), *self._receipts.of(low))
            return DraftClaim(f"The difference for {label} is {apart}: {_said(one)} {_of(first, result)}, "
                              f"{_said(other)} {_of(second, result)}.", evidence)  # fmt: skip
        if abs(one.value - other.value) <= _DIFFER * abs(other.value):
            pair = [f"{_said(row)} {_of(entry, result)}" for row, entry in ((one, first), (other, second))]
            text = f"For {label} the two highest are about equal: {joined(pair)}, according to {_sources(one, other)}."
            if result.query.ascending:
                text = text.replace("highest", "lowest", 1)
            if len(result.entries) == 2:
                text = f"For {label} both are about equal: {joined(pair)}, according to {_sources(one, other)}."
            return self._claim_with(capitalised(text), evidence, first, second)
        degree = superlative(of_two=len(result.entries) == 2, high=one.value > other.value)
        lead = f"{_named_entry(first, result)} had the {degree} figure for {label}"
        text = f"{lead}: {against}, according to {_sources(one, other)}."
        return self._claim_with(capitalised(text), evidence, first, second)

    def _leading_days(self, result: FigureResult, one: FigureRow, other: FigureRow) -> str:
        if result.query.dimension == "duration":
            degree = "shortest" if result.query.ascending else "longest"
            if one.value == other.value:
                return (f"No single crash here is the {degree}: the {one.event.name} and the {other.event.name} both "
                        f"lasted {amount_of_days(one.value)}.")  # fmt: skip
            return (f"The {degree} was the {one.event.name}: it lasted {amount_of_days(one.value)}, against "
                    f"{amount_of_days(other.value)} for the {other.event.name}.")  # fmt: skip
        said = [f"the {row.event.name} {days_in_words(row.event.start, row.event.end)}" for row in (one, other)]
        return capitalised(f"{said[0]}, and {said[1]}.")

    def _counted(self, result: FigureResult) -> DraftClaim:
        found, asked = len(result.entries), result.asked
        label = label_in_words(self._guide.dimensions[result.query.dimension].label)
        evidence = [receipt for entry in result.entries for receipt in self._receipts.of(entry.best)]
        threshold = result.query.threshold
        beyond = f" {'above' if threshold.degree == 'more' else 'below'} the number asked about" if threshold else ""
        noun = "crash has" if found == 1 else "crashes have"
        return DraftClaim(
            f"{capitalised(count_in_words(found))} {noun} a published figure for {label}{beyond}, "
            f"of {count_in_words(asked)} looked at.",
            tuple(evidence),
        )

    def _coverage(self, result: FigureResult) -> list[DraftClaim]:
        """Over how many crashes the order goes, and that windows differ."""
        claims = []
        if result.asked > 2 and result.query.by == "event":
            have = count_in_words(len(result.entries))
            kind = "" if result.query.dimension in DATES else " with such a published figure"
            claims.append(
                DraftClaim(f"The order goes over {have} crashes{kind}, of {count_in_words(result.asked)} here.")
            )
        if len(result.spans) > 1:
            claims.append(DraftClaim("Not all figures count over the same window, as the table says."))
        return claims

    def _table(self, result: FigureResult) -> Paragraph:
        shown = result.entries[: _shown_rows(result)]
        name = {"venue": "Venue", "asset": "Coin"}.get(result.query.by, "Crash")
        one = self._guide.dimensions[result.query.dimension]
        label = (
            one.label
            if one.default_asset is None or result.query.by == "asset"
            else self._guide.quantity(shown[0].best.quantity).label
        )
        dated = result.query.dimension in DATES
        head = (
            f"| {name} | Days |\n|---|---|" if dated else f"| {name} | {label} | Window | Source |\n|---|---|---|---|"
        )
        rows = []
        for entry in shown:
            row = entry.best
            title = _cell_name(entry, result)
            if dated:
                said = (
                    amount_of_days(row.value)
                    if row.dimension == "duration"
                    else days_in_words(row.event.start, row.event.end)
                )
                rows.append(DraftClaim(f"| {title} | {said} |", self._receipts.of(row)))
            else:
                cells = f"{_said(row)}{_also(entry)} | {_window_cell(row)} | {_named(row)}"
                rows.append(DraftClaim(f"| {title} | {cells} |", self._evidence(entry)))
        everything = tuple(item for row in rows for item in row.evidence)
        return (DraftClaim(head, everything), *rows)

    def _apart(self, apart: Sequence[Entry]) -> Iterable[DraftClaim]:
        for entry in apart[:_MOST_NAMED]:
            row = entry.best
            yield self._claim(
                f"Outside this order is the {row.event.name}, because its figure is {_other_kind(row)}: "
                f"{self._says(row)}, according to {_named(row)}.",
                [row],
            )

    def _not_published(self, result: FigureResult) -> Iterable[DraftClaim]:
        missing = [gap for gap in result.missing if result.entries]
        if 0 < len(missing) <= _MOST_NAMED:
            yield from self.unpublished(missing)

    def _says(self, row: FigureRow) -> str:
        return self._guide.quantity(row.quantity).says.format(value=_said(row))

    def _claim(self, text: str, rows: Sequence[FigureRow]) -> DraftClaim:
        return DraftClaim(text, tuple(receipt for row in rows for receipt in self._receipts.of(row)))

    def _claim_with(self, text: str, evidence: tuple[Evidence, ...], *entries: Entry) -> DraftClaim:
        """A claim that says the range of each entry, so with the receipts of its ends."""
        return DraftClaim(text, (*evidence, *(item for entry in entries for item in self._evidence(entry)[1:])))

    def _evidence(self, entry: Entry) -> tuple[Evidence, ...]:
        ends = [row for row in entry.rows if row is not entry.best and row.value in _range(entry)]
        return tuple(receipt for row in (entry.best, *ends) for receipt in self._receipts.of(row))


def amount_of_days(value: float) -> str:
    return f"{value:.0f} day{'' if value == 1 else 's'}"


def _said(row: FigureRow) -> str:
    return hedged(row.figure) if row.figure else amount(row.value, row.unit)


def _plain(row: FigureRow) -> str:
    return amount(row.value, row.unit)


def _range(entry: Entry) -> tuple[float, ...]:
    """The lowest and the highest that good sources give, where they differ from the best one."""
    values = [row.value for row in entry.rows if row.grade != "C" or row is entry.best]
    best = entry.best.value
    return tuple(dict.fromkeys(end for end in (min(values), max(values)) if abs(end - best) > _AGREE * abs(best)))


def _also(entry: Entry) -> str:
    ends = [amount(value, entry.best.unit) for value in _range(entry)]
    return f" (also published: {joined(ends)})" if ends else ""


def _named(row: FigureRow) -> str:
    return f"{row.source}{f', {day_in_words(row.date)}' if row.date else ''}"


def _sources(*rows: FigureRow) -> str:
    return joined(list(dict.fromkeys(_named(row) for row in rows)))


def _publisher(row: FigureRow) -> str:
    return "; ".join(filter(None, (_named(row), _window(row))))


def _remark(row: FigureRow) -> str:
    """Scope, venue and the publisher's own remark, where they say more than the sentence does."""
    parts = (_window(row), row.scope, row.venue, "" if row.note == "lower bound" else row.note)
    said = "; ".join(dict.fromkeys(part for part in parts if part and part != "market"))
    return f" ({said})" if said else ""


def _window(row: FigureRow) -> str:
    """The publisher's window where the label does not say it already."""
    return "" if row.window in {"24 h", "event", "48 h", "4 h", "1 h"} else row.window


def _window_cell(row: FigureRow) -> str:
    span = "" if row.span in row.window or row.span in _PLAIN_SPANS else f" ({row.span})"
    return "; ".join(dict.fromkeys(part for part in (f"{row.window}{span}", row.venue) if part))


def _other_kind(row: FigureRow) -> str:
    if row.venue:
        return f"of {row.venue} alone"
    if row.asset:
        return f"of {asset_in_words(row.asset)} alone"
    return "in another unit or of the market as a whole"


def _named_entry(entry: Entry, result: FigureResult) -> str:
    if result.query.by == "asset":
        return asset_in_words(entry.best.asset)
    return entry.name if result.query.by == "venue" else f"the {entry.best.event.name}"


def _of(entry: Entry, result: FigureResult) -> str:
    """Where a value belongs, behind it."""
    if result.query.by == "asset":
        return f"for {asset_in_words(entry.best.asset)}"
    return f"on {entry.name}" if result.query.by == "venue" else f"in the {entry.best.event.name}"


def _cell_name(entry: Entry, result: FigureResult) -> str:
    event = entry.best.event.name
    if result.query.by == "event":
        return event
    name = capitalised(asset_in_words(entry.name)) if result.query.by == "asset" else entry.name
    return f"{name}, {event}"


def _waves(entries: Sequence[Entry]) -> bool:
    return len(entries) > 1 and len({(entry.name, entry.best.event.id) for entry in entries}) == 1


def _unordered(result: FigureResult) -> bool:
    return result.query.aggregate not in {"max", "min", "rank"}


def _shown_rows(result: FigureResult) -> int:
    return min(len(result.entries), result.query.top or _MOST_ROWS, _MOST_ROWS)


def _after_verdict(text: str, *, verdict: bool) -> str:
    first = (
        text if text[:1].isdigit() or not text.startswith(("The ", "In ", "For ")) else f"{text[0].lower()}{text[1:]}"
    )
    return f"{'Yes' if verdict else 'No'}: {first}"


def _within(row: FigureRow, entry: Entry, share: float) -> bool:
    return any(abs(row.value - known.value) <= share * abs(known.value) for known in entry.rows)


def _agree(one: FigureRow, other: FigureRow) -> bool:
    return abs(one.value - other.value) <= _SAME * abs(other.value)

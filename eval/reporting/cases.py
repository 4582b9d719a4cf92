"""One case on the page: what was asked and demanded, what came back, what was missed and why, and the trace."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from eval.reasons import MEANINGS
from eval.run import CaseResult, Timings
from rag.trace import Trace

_HARM = ("error", "advice_given", "obeyed_order", "number_without_receipt", "forbidden_said", "should_have_abstained")


def worst_first(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Harm before ignorance: people in distress not met, errors, advice, forbidden words; then what missed most."""

    def order(result: CaseResult) -> tuple[bool, bool, int, float, str]:
        harm = next((n for n, reason in enumerate(_HARM) if reason in result.reasons), len(_HARM))
        met = result.case.kind != "distress" or result.scores.get("status") == 1.0
        return result.passed, met, harm, result.scores.get("facts_found") or 0.0, result.case.id

    return sorted(results, key=order)


def case_block(result: CaseResult, earlier: CaseResult | None, timings: Timings, *, beside: bool) -> str:
    """The case as HTML; with `beside`, the earlier answer stands next to this one."""
    case = result.case
    change = _change(result, earlier) if beside else ""
    reasons = " ".join(f'<span class="tag why">{_plain(reason)}</span>' for reason in result.reasons)
    shown = '<span class="tag ok">passed</span>' if result.passed else '<span class="tag bad">missed</span>'
    taken = timings.get(case.id)
    answers = _answer(result, "This run" if beside else "Answer")
    if beside:
        answers = f'<div class="pair">{_answer(earlier, "Earlier")}{answers}</div>'
    return (
        f'<details class="case" data-kind="{case.kind}" data-passed="{str(result.passed).lower()}" '
        f'data-reasons="{" ".join(result.reasons)}" data-change="{change}" '
        f'data-text="{escape(f"{case.id} {case.question} {result.answer}".lower())}">'
        f"<summary>{shown} {_change_tag(change)}<b>{escape(case.question)}</b> "
        f'<span class="id">{case.id}</span> <span class="tag">{_plain(case.kind)}</span> {reasons}</summary>'
        f'<div class="body">{_history(case.history)}'
        f"<p>Expected: {_plain(case.expect)}; got: {_plain(result.status or 'nothing')}"
        f"{f'; {taken:.0f} ms' if taken is not None else ''}.</p>"
        f"{_error(result)}{_demands(result)}{_why(result)}{answers}{_scores(result.scores)}{_trace(result.trace)}"
        "</div></details>"
    )


def _answer(result: CaseResult | None, title: str) -> str:
    if result is None:
        return f'<section class="answer"><h4>{title}</h4><p class="none">not asked</p></section>'
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in result.answer.split("\n\n") if paragraph)
    receipts = "".join(
        f"<li><b>[{receipt.n}] {receipt.kind}</b> {escape(receipt.title)}<br><small>{escape(receipt.text)}</small></li>"
        for receipt in result.receipts
    )
    listed = f"<details><summary>{len(result.receipts)} receipts</summary><ul>{receipts}</ul></details>"
    none = '<p class="none">no text kept (a slim run)</p>'
    return (
        f'<section class="answer"><h4>{title}: {_plain(result.status or "error")}</h4>{text or none}'
        f"{listed if receipts else ''}</section>"
    )


def _demands(result: CaseResult) -> str:
    missed = set(result.misses.get("facts_found", ()))
    said = set(result.misses.get("nothing_forbidden", ()))
    rows = [
        (item not in missed, "must say", item) for item in result.case.must_say
    ] + [(item not in said, "must not say", item) for item in result.case.must_not_say]  # fmt: skip
    if not rows:
        return ""
    listed = "".join(
        f'<li class="{"ok" if right else "bad"}">{"✓" if right else "✗"} {kind}: {escape(item)}</li>'
        for right, kind, item in rows
    )
    return f'<ul class="demands">{listed}</ul>'


def _why(result: CaseResult) -> str:
    others = {name: found for name, found in result.misses.items() if name not in {"facts_found", "nothing_forbidden"}}
    told = [f"<li>{MEANINGS[reason]}</li>" for reason in result.reasons]
    told += [f"<li>{_plain(name)}: {escape('; '.join(found))}</li>" for name, found in others.items()]
    return f'<h4>Why</h4><ul class="why-list">{"".join(told)}</ul>' if told else ""


def _scores(scores: Mapping[str, float | None]) -> str:
    shown = ", ".join(f"{_plain(name)} {'n/a' if value is None else f'{value:.2f}'}" for name, value in scores.items())
    return f'<p class="scores">{shown}</p>'


def _trace(trace: Trace | None) -> str:
    if trace is None:
        return ""
    parts = "".join(
        f"<li><b>{escape(part.text)}</b><br>route {_pairs(part.routes.items())}; kind {_pairs(part.kinds.items())}; "
        f"guards {_pairs(part.guards.items())}; names {_list(part.entities)}; events {_list(part.events)}; "
        f"day {part.day or 'none'}; window {part.window or 'none'}; calculation {part.calculation or 'none'}"
        f"<br>readings {_list(f'{one.metric} {one.asset} {one.value}' for one in part.readings)}; "
        f"gaps {_list(part.gaps)}; answered by {escape(part.answered_by or 'nobody')}"
        f"<table><tr><th>passage</th><th>answers</th><th>helps</th></tr>"
        + "".join(
            f"<tr><td>{escape(one.id)}</td><td>{one.answers:.2f}</td><td>{one.helps:.2f}</td></tr>"
            for one in part.graded
        )
        + "</table></li>"
        for part in trace.parts
    )
    dropped = "".join(
        f'<li class="bad">dropped: {escape(one.text)} ({escape(", ".join(one.unsupported) or "an order")})</li>'
        for one in trace.sentences
        if not one.kept
    )
    return (
        f'<details class="trace"><summary>trace</summary><p>Stand-alone: {escape(trace.standalone)}</p>'
        f"<ol>{parts}</ol><ul>{dropped}</ul></details>"
    )


def _history(history: Sequence[str]) -> str:
    return "".join(f'<p class="history">before: {escape(turn)}</p>' for turn in history)


def _error(result: CaseResult) -> str:
    return f'<p class="bad">{escape(result.error)}</p>' if result.error else ""


def _change(result: CaseResult, earlier: CaseResult | None) -> str:
    if earlier is None:
        return "new"
    if result.passed == earlier.passed:
        return "same"
    return "fixed" if result.passed else "broken"


def _change_tag(change: str) -> str:
    colour = {"fixed": "ok", "broken": "bad", "new": ""}.get(change)
    return f'<span class="tag {colour}">{change}</span> ' if colour is not None else ""


def _pairs(pairs: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in pairs)


def _list(items: Iterable[str]) -> str:
    return escape(", ".join(items)) or "none"


def _plain(name: str) -> str:
    return escape(name.replace("_", " "))

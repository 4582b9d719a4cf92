"""How an answer came about, as text for a terminal or as JSON: what `market-pulse ask --explain` shows."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from rag.questionlog import reason_for
from rag.trace import Explained, Generation, TracedPart
from ui.render import answer_text

Name = TypeVar("Name", bound=str)


def explained_json(explained: Explained) -> str:
    """One document with `answer` and `trace`."""
    answer, trace = explained.answer.model_dump(mode="json"), explained.trace.model_dump(mode="json")
    return json.dumps({"answer": answer, "trace": trace}, indent=2, ensure_ascii=False)


def explained_text(explained: Explained) -> str:
    """The answer, then what was understood, retrieved and planned, and which sentences were kept."""
    trace = explained.trace
    lines = [answer_text(explained.answer), "", "How this answer came about"]
    if trace.standalone != trace.question:
        lines.append(f"  read as: {trace.standalone}")
    for number, part in enumerate(trace.parts, start=1):
        lines += _part(number, part)
    lines.append("  sentences")
    lines += [
        f"    {'kept   ' if one.kept else 'dropped'} {one.text}" + (f"  ({one.reason})" if one.reason else "")
        for one in trace.sentences
    ]
    if trace.generation is not None:
        lines += _generation(trace.generation)
    lines.append(f"  status {explained.answer.status}, reason {reason_for(explained.answer, trace)}")
    return "\n".join(lines)


def _generation(written: Generation) -> Iterator[str]:
    kept = sum(one.kept for one in written.sentences)
    used = "used" if written.used else f"not used, as {written.failure}"
    yield f"  {written.model} wrote {len(written.sentences)} sentences, {kept} verified; {used}"
    for one in written.sentences:
        yield f"    {'kept   ' if one.kept else 'dropped'} {one.text}{f'  ({one.reason})' if one.reason else ''}"


def _part(number: int, part: TracedPart) -> Iterator[str]:
    yield f"  part {number}: {part.text}"
    yield f"    route {_likely(part.routes)}; kind {_likely(part.kinds)}; guards {_likely(part.guards)}"
    yield f"    names {_list(part.entities)}; events {_list(part.events)}; aggregate {part.aggregate}"
    yield f"    day {part.day or 'none'}; window {part.window or 'none'}"
    if part.unknown_names:
        yield f"    names nobody here has written about: {_list(part.unknown_names)}"
    if part.calculation:
        missing = f", still missing {_list(part.missing)}" if part.missing else ""
        yield f"    calculation {part.calculation}{missing}{f': {part.refusal}' if part.refusal else ''}"
    for reading in part.readings:
        window = reading.window or "no window"
        yield f"    reading {reading.metric} of {reading.asset} over {window}: {reading.value} {reading.unit}"
    for one in part.calculations:
        inputs = _list(f"{name}={given}" for name, given in one.inputs.items())
        yield f"    calculated {one.calculation}: {one.value} {one.unit} from {inputs}"
    for gap in part.gaps:
        yield f"    not to be had: {gap}"
    yield f"    tried {_list(part.tried)}; answered by {part.answered_by or 'nobody'}"
    yield "    judged      answers   helps"
    for graded in part.graded:
        yield f"      {graded.answers:>11.2f}  {graded.helps:>6.2f}  {graded.id}"
    yield "    retrieved     score  cosine  question   BM25"
    for found in part.passages:
        yield (
            f"      {found.score:>12.3f}  {found.similarity:>6.3f}  {found.question_similarity:>8.3f}"
            f"  {found.bm25:>5.1f}  {found.id}"
        )


def _likely(probabilities: Mapping[Name, float]) -> str:
    return ", ".join(f"{name} {probability:.2f}" for name, probability in probabilities.items())


def _list(items: Iterable[str]) -> str:
    return ", ".join(items) or "none"

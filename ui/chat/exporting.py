"""An answer as Markdown that can be pasted anywhere: the text, then every receipt in full."""

from rag.answer import Answer
from rag.phrasing import moment_in_words


def as_markdown(answer: Answer) -> str:
    """Question, text, receipts with their sources, the data it stands on, and the standing notice."""
    lines = [f"# {answer.question}", "", answer.answer, ""]
    if answer.evidence:
        lines += ["## Receipts", ""]
    for item in answer.evidence:
        source = f" <{item.source_url}>" if item.source_url else ""
        lines.append(f"{item.n}. **{item.title}** ({item.kind}): {' '.join(item.text.split())}{source}")
    data = answer.data
    basis = "none" if data.mode == "none" else f"{data.mode}, {data.source}, as of {moment_in_words(data.as_of)}"
    return "\n".join(
        [*lines, "", f"Market data: {basis}. Answer {answer.id} by {answer.model}.", "", answer.notice, ""]
    )

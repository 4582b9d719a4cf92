"""An answer as plain text for a terminal: the answer, its receipts, what data it stands on, the standing line."""

from rag.answer import Answer
from rag.phrasing import moment_in_words


def answer_text(answer: Answer) -> str:
    """The whole answer; each receipt on lines of its own under its number."""
    lines = [answer.answer, ""]
    if answer.evidence:
        lines.append("Receipts")
        for item in answer.evidence:
            lines.append(f"  [{item.n}] {item.kind}: {item.title}")
            if item.kind != "passage":
                lines.append(f"      {item.text}")
            if item.source_url:
                lines.append(f"      {item.source_url}")
        lines.append("")
    data = answer.data
    source = f", {data.source}" if data.source else ""
    lines.append(
        f"Market data: {data.mode}{source}, as of {moment_in_words(data.as_of)}{' (stale)' if data.stale else ''}"
    )
    if answer.follow_ups:
        lines.append("You could also ask: " + " | ".join(answer.follow_ups))
    lines.append(answer.notice)
    return "\n".join(lines)

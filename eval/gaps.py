"""What people ask and do not get answered: their questions clustered by meaning, as CSV and as FAQ stubs."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from rag.meaning.comparing import Embed
from rag.questionlog import LoggedQuestion

SAME_QUESTION = 0.66
"""Cosine to a cluster's centre from which a question joins it: "who gets my margin" and "where does my margin go"."""

_STUB_HEAD = """\
# FAQ stubs made from questions that went unanswered. Complete each answer with its sources, then move the
# entries to a file in knowledge/faq/ and run 'market-pulse knowledge check'.
"""


class Cluster(BaseModel):
    """Questions of one meaning: the most central, the others, how often they were asked, and why they failed."""

    model_config = ConfigDict(frozen=True)

    question: str
    others: tuple[str, ...]
    count: int
    rated_badly: int
    reasons: Mapping[str, int]


def clusters(asked: Sequence[LoggedQuestion], embed: Embed) -> list[Cluster]:
    """Clusters of `asked`, most frequent first. The same questions always give the same clusters.

    Questions are taken by how often they were asked, then by their words; each joins the nearest cluster
    whose centre is near enough, or begins one.
    """
    counts = Counter(one.standalone for one in asked)
    texts = sorted(counts, key=lambda text: (-counts[text], text))
    if not texts:
        return []
    vectors = dict(zip(texts, embed(texts), strict=True))
    groups: list[list[str]] = []
    for text in texts:
        near = [float(_centre(group, vectors) @ vectors[text]) for group in groups]
        if near and max(near) >= SAME_QUESTION:
            groups[int(np.argmax(near))].append(text)
        else:
            groups.append([text])
    found = [_cluster(group, vectors, asked) for group in groups]
    return sorted(found, key=lambda cluster: (-cluster.count, cluster.question))


def gap_lines(found: Sequence[Cluster]) -> str:
    """The clusters as one JSON document."""
    return TypeAdapter(list[Cluster]).dump_json(list(found), indent=2).decode() + "\n"


def write_csv(found: Sequence[Cluster], path: Path) -> None:
    """One row for each cluster: count, bad ratings, reasons, the central question, the others."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["count", "rated_badly", "reasons", "question", "others"])
    for cluster in found:
        reasons = "; ".join(f"{name} {count}" for name, count in cluster.reasons.items())
        others = " | ".join(cluster.others)
        rows.writerow([cluster.count, cluster.rated_badly, reasons, _inert(cluster.question), _inert(others)])
    path.write_text(text.getvalue(), encoding="utf-8")


def write_stubs(found: Sequence[Cluster], path: Path) -> None:
    """Writes the stubs of `found` to `path`."""
    path.write_text(stubs(found), encoding="utf-8")


def stubs(found: Sequence[Cluster]) -> str:
    """FAQ entries in the form of `knowledge/faq/`, with the questions as asked and the answers left to write."""
    entries = [
        {
            "id": f"stub-{number}",
            "question": cluster.question,
            "alternates": list(cluster.others[:8]),
            "answer": f"TODO: asked {cluster.count} times, not answered.",
            "sources": [],
        }
        for number, cluster in enumerate(found, start=1)
    ]
    body = yaml.safe_dump(
        {"topic": "todo", "title": "TODO", "updated": None, "entries": entries}, sort_keys=False, allow_unicode=True
    )
    return _STUB_HEAD + body


def _cluster(group: Sequence[str], vectors: Mapping[str, "np.ndarray"], asked: Sequence[LoggedQuestion]) -> Cluster:
    centre = _centre(group, vectors)
    central = max(group, key=lambda text: (round(float(centre @ vectors[text]), 6), text))
    members = [one for one in asked if one.standalone in set(group)]
    reasons = Counter(one.reason for one in members)
    return Cluster(
        question=central,
        others=tuple(text for text in group if text != central),
        count=len(members),
        rated_badly=sum(one.rating == "down" for one in members),
        reasons=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _centre(group: Sequence[str], vectors: Mapping[str, "np.ndarray"]) -> "np.ndarray":
    mean = np.mean([vectors[text] for text in group], axis=0)
    centre: np.ndarray = mean / np.linalg.norm(mean)
    return centre


def _inert(text: str) -> str:
    """Text that a spreadsheet does not run as a formula; questions come from anyone."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text

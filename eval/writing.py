"""How much of a language model's own text survived verification, over a run."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from eval.run import CaseResult
from rag.trace import Generation


class Writing(BaseModel):
    """Cases in which a model was asked and in which its words are the answer; its sentences and the verified ones.

    `dropped` counts the first word or two of the reasons: "cites nothing", "no receipt", "meaning supported".
    """

    model_config = ConfigDict(frozen=True)

    asked: int
    used: int
    sentences: int
    kept: int
    unknown_codes: int
    dropped: Mapping[str, int]


def writing_of(results: Sequence[CaseResult]) -> Writing | None:
    """What became of the model's text in `results`; None where no model was asked."""
    written = list(_generations(results))
    if not written:
        return None
    sentences = [one for each in written for one in each.sentences]
    reasons = Counter(" ".join(one.reason.split()[:2]) for one in sentences if one.reason)
    return Writing(
        asked=len(written),
        used=sum(each.used for each in written),
        sentences=len(sentences),
        kept=sum(one.kept for one in sentences),
        unknown_codes=sum(each.unknown_codes for each in written),
        dropped=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _generations(results: Sequence[CaseResult]) -> Iterator[Generation]:
    for result in results:
        if result.trace is not None and result.trace.generation is not None:
            yield result.trace.generation

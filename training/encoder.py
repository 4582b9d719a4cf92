"""Trains the encoder from the packaged MiniLM: questions of one passage lie together, near its text, off near misses.

    python -m training.encoder OUT_FOLDER      about half an hour on two cores; then `ship`

Each step takes passages with two questions by different authors and a near miss, and a few judged questions with all
their candidates: cross-entropy within the batch, and against the grades squared. Passages that readers found to answer
the same question are no negatives of each other.
"""

import argparse
import math
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from knowledge.embedding import Embedder
from training.corpus import SEED, Judged, judged, passages, written
from training.export import export

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.document import Passage

_TEMPERATURE = 0.05
_BATCH = 48
_JUDGED = 3
_QUESTION_TOKENS, _PASSAGE_TOKENS = 64, 128
_UNSEEN_JUDGES = frozenset({"15", "16", "s1", "s2", "s3", "s4", "s5", "s6", "s7"})
"""Their judgements are never trained on: the judge is fitted and measured on strangers' questions."""


class Sentences(torch.nn.Module):
    """BERT, then the mean over a text's tokens, then unit length."""

    def __init__(self, folder: Path, attention: str) -> None:
        super().__init__()
        from transformers import BertModel

        self.bert = BertModel.from_pretrained(
            folder,
            attn_implementation=attention,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        hidden = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()
        weights = attention_mask.unsqueeze(-1).float()
        return functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)


def train(out: Path, rounds: int) -> None:
    """Writes the trained model into `out` after every round over the passages."""
    from transformers import AutoTokenizer

    random.seed(SEED)
    torch.manual_seed(SEED)
    folder = Embedder.packaged().folder
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = Sentences(folder, "sdpa").train()

    def embed(texts: "Sequence[str]", most: int) -> torch.Tensor:
        tokens = tokenizer(list(texts), padding=True, truncation=True, max_length=most, return_tensors="pt")
        made: torch.Tensor = model(**tokens)
        return made

    shelf = passages()
    pairs, misses = _pairs(shelf)
    graded = [one for one in judged() if one.judge not in _UNSEEN_JUDGES and len(set(one.grades.values())) > 1]
    alike = _alike(graded)
    total = math.ceil(len(pairs) / _BATCH) * rounds
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-5, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / 40) * max(0.05, 1 - step / total)
    )
    began, step = time.perf_counter(), 0
    for turn in range(rounds):
        order = sorted(pairs)
        random.shuffle(order)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            chosen = [pairs[id_][turn % len(pairs[id_])] for id_ in batch]
            some = random.sample(graded, _JUDGED)
            candidates = [id_ for one in some for id_ in one.grades if id_ in shelf]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                asked = embed(
                    [one for one, _ in chosen]
                    + [other for _, other in chosen]
                    + [random.choice(misses[id_]) for id_ in batch]
                    + [one.question for one in some],
                    _QUESTION_TOKENS,
                )
                texts = embed([shelf[id_].embedded_text for id_ in (*batch, *candidates)], _PASSAGE_TOKENS)
            loss = _loss(asked, texts, batch, some, shelf, alike)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if step % 10 == 0:
                pace = (time.perf_counter() - began) / step
                sys.stdout.write(f"{step}/{total} loss {loss.item():.3f}, {pace:.1f} s a step\n")
                sys.stdout.flush()
        out.mkdir(parents=True, exist_ok=True)
        model.bert.save_pretrained(out)


def _loss(
    asked: torch.Tensor,
    texts: torch.Tensor,
    batch: "Sequence[str]",
    some: "Sequence[Judged]",
    shelf: "dict[str, Passage]",
    alike: dict[str, set[str]],
) -> torch.Tensor:
    count = len(batch)
    one, other, miss, questions = (
        asked[:count],
        asked[count : 2 * count],
        asked[2 * count : 3 * count],
        asked[3 * count :],
    )
    own, candidates = texts[:count], texts[count:]
    same = torch.tensor([[i != k and right in alike.get(left, ()) for k, right in enumerate(batch)]
                         for i, left in enumerate(batch)])  # fmt: skip

    def contrast(left: torch.Tensor, right: torch.Tensor, wrong: torch.Tensor | None = None) -> torch.Tensor:
        scores = (left @ right.T / _TEMPERATURE).masked_fill(same, -1e4)
        if wrong is not None:
            scores = torch.cat([scores, left @ wrong.T / _TEMPERATURE], 1)
        return functional.cross_entropy(scores, torch.arange(count))

    loss = contrast(one, own) + contrast(other, own) + 0.5 * contrast(own, one, miss) + contrast(one, other, miss)
    start = 0
    for place, each in enumerate(some):
        grades = torch.tensor([float(grade) for id_, grade in each.grades.items() if id_ in shelf])
        scores = questions[place] @ candidates[start : start + len(grades)].T / _TEMPERATURE
        start += len(grades)
        wanted = grades.square() / grades.square().sum().clamp_min(1e-6)
        loss = loss - 0.5 * (wanted * functional.log_softmax(scores, 0)).sum() / len(some)
    return loss


def _pairs(shelf: "dict[str, Passage]") -> tuple[dict[str, list[tuple[str, str]]], dict[str, list[str]]]:
    """For each passage its questions in pairs of two authors, and its near misses."""
    questions: dict[str, dict[int, list[str]]] = {}
    misses: dict[str, list[str]] = {}
    for one in written(shelf):
        if one.miss:
            misses.setdefault(one.passage, []).append(one.text)
        elif one.author:
            questions.setdefault(one.passage, {}).setdefault(one.author, []).append(one.text)
    pairs = {}
    for id_, by_author in sorted(questions.items()):
        first, *_, last = (by_author[author] for author in (min(by_author), max(by_author)))
        left, right = random.sample(first, len(first)), random.sample(last, len(last))
        pairs[id_] = list(zip(left, right, strict=False))
    return pairs, misses


def _alike(graded: "Sequence[Judged]") -> dict[str, set[str]]:
    """Passages that answer the same question, as readers judged."""
    alike: dict[str, set[str]] = {}
    for one in graded:
        good = [id_ for id_, grade in one.grades.items() if grade == 2]
        for id_ in good:
            alike.setdefault(id_, set()).update(set(good) - {id_})
    return alike


def ship(trained: Path, to: Path) -> None:
    """Writes the trained model as the ONNX file that answers use."""
    export(Sentences(trained, "eager"), to)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rounds", type=int, default=12)
    given = parser.parse_args()
    train(given.out, given.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())

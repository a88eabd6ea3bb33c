"""Trains the policy-area and importance model: models/areas/weights.npz.

    PYTHONPATH=. python models/training/areas_train.py [--data DIR] [--cache FILE]

Four acts: (1) vocabulary and document frequencies from unlabelled news; (2) a truncated SVD of the same
news, so that rare words lean on the common ones they keep company with; (3) linear models over the
n-grams and their SVD projection together, trained on gold/train; (4) self-training: models of three kinds
label unlabelled news, and a student learns from gold and from them. The mean of (3) and (4) ships. A
projection followed by a linear model is itself linear in the n-grams, so everything folds into one weight
per n-gram, field and output. Chosen by 5-fold cross-validation on gold/train; gold/dev is only reported.
About 15 minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.stats import spearmanr
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize
from sklearn.svm import SVC, SVR, LinearSVC

from briefing.classify import AREAS, BODY_CHARS, FIELDS, LEAD_CHARS, NGRAM_SIZES, Vocabulary
from briefing.text.similarity import content_codes, ngram_hashes

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "models" / "areas" / "weights.npz"
SEED = 0
VOCABULARY = 48_000
SVD_ROWS = 24_000
DIMENSIONS = 256
# Weight of the projection beside the n-grams: CV accuracy 0.791 / 0.795 / 0.771 at 0.7 / 1.5 / 3 (LOG.md).
PROJECTION_WEIGHT = 1.5
STUDENT_ROWS = 12_000
# What a taught row weighs beside a gold row; heavier students were not tried.
STUDENT_WEIGHT = 0.1
TEACHER_SHARPNESS = 1.2
# Margin of an area that no training row has.
ABSENT = -2.0

Pair = tuple[str, str]


def read(path: Path) -> list[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def unlabelled(data: Path, labelled: set[str]) -> list[Pair]:
    """About 46,000 (title, text) of every make; none that begins like a labelled text."""
    dice = random.Random(SEED)
    pools: list[tuple[int, list[Pair]]] = []
    bulletins = [i for row in read(data / "bulletins" / "xwlb_2012_2025.jsonl.xz") for i in row["items"]]
    pools.append((22_000, [(i["title"], i["text"]) for i in bulletins]))
    pages = read(data / "pages" / "rmrb_2020_jan_sep.jsonl.xz")
    pools.append(
        (
            14_000,
            list(
                {
                    a["text"][:60]: (" ".join(a["head"]), a["text"]) for p in pages for a in p["articles"]
                }.values()
            ),
        )
    )
    pools.append((8_000, [("", r["text"]) for r in read(data / "plain" / "news_2023.jsonl.xz")]))
    for name, count in (
        ("party_news_2020", 1_500),
        ("state_council_documents", 300),
        ("laws_and_regulations", 800),
    ):
        pools.append((count, [(r["title"], r["text"]) for r in read(data / "plain" / f"{name}.jsonl.xz")]))
    chosen: list[Pair] = []
    for count, pool in pools:
        usable = [p for p in pool if len(p[1]) > 60 and p[1][:40] not in labelled]
        chosen += dice.sample(usable, min(count, len(usable)))
    dice.shuffle(chosen)
    return chosen


def build_vocabulary(texts: list[Pair]) -> Vocabulary:
    """The n-grams found in most texts, with their inverse document frequency."""
    counts: dict[int, int] = {}
    for start in range(0, len(texts), 3000):
        batch = []
        for title, text in texts[start : start + 3000]:
            codes = content_codes(title + "\n" + text[:BODY_CHARS])
            keys = np.concatenate([ngram_hashes(codes, n) >> np.uint64(32) for n in NGRAM_SIZES])
            batch.append(np.unique(keys.astype(np.uint32)))
        keys, seen = np.unique(np.concatenate(batch), return_counts=True)
        often = seen > 3
        for key, count in zip(keys[often].tolist(), seen[often].tolist(), strict=True):
            counts[key] = counts.get(key, 0) + count
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:VOCABULARY]
    listed = sorted(best)
    idf = np.log(len(texts) / np.array([count for _, count in listed], float)) + 1.0
    return Vocabulary(np.array([key for key, _ in listed], np.uint32), idf)


def matrix(texts: list[Pair], vocabulary: Vocabulary) -> sp.csr_matrix:
    """Rows of the run-time features, the fields side by side, shape (texts, fields * vocabulary)."""
    indices, values, ends = [], [], [0]
    for title, text in texts:
        for field, piece in enumerate((title, text[:LEAD_CHARS], text[:BODY_CHARS])):
            found, weights = vocabulary.vector(piece)
            indices.append(found + field * len(vocabulary.keys))
            values.append(weights)
        ends.append(ends[-1] + sum(map(len, indices[-len(FIELDS) :])))
    width = len(FIELDS) * len(vocabulary.keys)
    return sp.csr_matrix(
        (np.concatenate(values), np.concatenate(indices), ends), shape=(len(texts), width), dtype=np.float32
    )


def widen(x: sp.csr_matrix, projection: np.ndarray) -> sp.csr_matrix:
    """The n-grams beside their projection (not scaled to unit length, so that it folds)."""
    return sp.hstack([x, sp.csr_matrix(x @ projection)]).tocsr().astype(np.float32)


def fold(weights: np.ndarray, projection: np.ndarray) -> np.ndarray:
    """Weights over n-grams and projection, (outputs, width + DIMENSIONS), as weights over n-grams alone."""
    width = len(projection)
    folded: np.ndarray = weights[:, :width] + weights[:, width:] @ projection.T
    return folded


class Gold:
    def __init__(self, path: Path) -> None:
        rows = read(path)
        self.texts: list[Pair] = [(r["title"], r["text"]) for r in rows]
        self.areas = np.array([AREAS.index(r["topic"]) for r in rows])
        self.importance = np.array([r["importance"] for r in rows], float)


def load(
    data: Path, cache: Path | None
) -> tuple[Gold, Gold, Vocabulary, sp.csr_matrix, sp.csr_matrix, sp.csr_matrix, np.ndarray]:
    """Acts 1 and 2."""
    train, dev = Gold(data / "gold" / "train.jsonl.xz"), Gold(data / "gold" / "dev.jsonl.xz")
    if cache and cache.exists():
        vocabulary, x, x_dev, x_pool, projection = pickle.loads(cache.read_bytes())
        return train, dev, vocabulary, x, x_dev, x_pool, projection
    pool = unlabelled(data, {text[:40] for _, text in train.texts + dev.texts})
    vocabulary = build_vocabulary(train.texts + pool)
    x, x_dev, x_pool = (matrix(texts, vocabulary) for texts in (train.texts, dev.texts, pool))
    svd = TruncatedSVD(DIMENSIONS, random_state=SEED, n_iter=3).fit(sp.vstack([x, x_pool[:SVD_ROWS]]))
    projection = svd.components_.T.astype(np.float32)
    # Mean length of a projected row brought to PROJECTION_WEIGHT.
    projection *= PROJECTION_WEIGHT / float(np.linalg.norm(x @ projection, axis=1).mean())
    if cache:
        cache.write_bytes(pickle.dumps((vocabulary, x, x_dev, x_pool, projection)))
    return train, dev, vocabulary, x, x_dev, x_pool, projection


class Features:
    """The wide features of gold rows, the projection alone at unit length, and both for unlabelled news."""

    def __init__(self, x: sp.csr_matrix, x_pool: sp.csr_matrix, projection: np.ndarray) -> None:
        self.wide, self.dense = widen(x, projection), normalize(x @ projection)
        pool = x_pool[:STUDENT_ROWS]
        self.pool_wide, self.pool_dense = widen(pool, projection), normalize(pool @ projection)


def spread(model: Any, rows: Any) -> np.ndarray:
    """Margins over all AREAS, also those that the training rows lack, brought to unit deviation."""
    margins = np.full((rows.shape[0], len(AREAS)), ABSENT)
    margins[:, model.classes_] = model.decision_function(rows)
    return margins / margins.std()


def teach(features: Features, gold: Gold, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Area probabilities and importance of the unlabelled news by models of three kinds, trained on `rows`."""
    wide, dense, areas, grades = (
        features.wide[rows],
        features.dense[rows],
        gold.areas[rows],
        gold.importance[rows],
    )
    margins = spread(LinearSVC(C=1.0, random_state=SEED).fit(wide, areas), features.pool_wide)
    margins += 0.7 * spread(LogisticRegression(C=5.0, max_iter=400).fit(dense, areas), features.pool_dense)
    margins += 0.7 * spread(SVC(C=3.0, gamma=1.2).fit(dense, areas), features.pool_dense)
    sharp = np.exp(TEACHER_SHARPNESS * (margins - margins.max(axis=1, keepdims=True)))
    ridge = Ridge(alpha=1.0, solver="sparse_cg", random_state=SEED).fit(wide, grades)
    support = SVR(C=2.0, gamma=1.0).fit(dense, grades)
    importance = (ridge.predict(features.pool_wide) + support.predict(features.pool_dense)) / 2
    return sharp / sharp.sum(axis=1, keepdims=True), importance


def fit(features: Features, gold: Gold, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights over the wide features, (AREAS + 1, width), and bias: the mean of a model of gold alone and of a
    student of gold and the teachers' labels."""
    areas, grades = gold.areas[rows], gold.importance[rows]
    direct = LinearSVC(C=0.5, random_state=SEED).fit(features.wide[rows], areas)
    grade = Ridge(alpha=1.0, solver="sparse_cg", random_state=SEED).fit(features.wide[rows], grades)
    taught, taught_grades = teach(features, gold, rows)
    # One regression of all outputs; importance in quarters, so that it weighs like an area.
    targets = np.vstack([
        np.column_stack([np.eye(len(AREAS))[areas], grades / 4]), np.column_stack([taught, taught_grades / 4]),
    ])  # fmt: skip
    weight = np.concatenate([np.ones(len(rows)), np.full(len(taught), STUDENT_WEIGHT)])
    student = Ridge(alpha=0.3, solver="sparse_cg", random_state=SEED)
    student.fit(sp.vstack([features.wide[rows], features.pool_wide]).tocsr(), targets, sample_weight=weight)
    weights, bias = np.zeros((len(AREAS) + 1, features.wide.shape[1])), np.zeros(len(AREAS) + 1)
    bias[:-1] = ABSENT
    weights[direct.classes_], bias[direct.classes_] = direct.coef_, direct.intercept_
    own = features.wide[rows] @ weights[:-1].T + bias[:-1]
    other = features.wide[rows] @ student.coef_[:-1].T + student.intercept_[:-1]
    weights[:-1] = weights[:-1] / own.std() + student.coef_[:-1] / other.std()
    bias[:-1] = bias[:-1] / own.std() + student.intercept_[:-1] / other.std()
    weights[-1] = grade.coef_ / 3 + student.coef_[-1] * 4 * 2 / 3
    bias[-1] = grade.intercept_ / 3 + student.intercept_[-1] * 4 * 2 / 3
    return weights, bias


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--cache", type=Path, help="keep acts 1 and 2 here between runs")
    options = parser.parse_args()
    train, dev, vocabulary, x, x_dev, x_pool, projection = load(options.data, options.cache)
    features = Features(x, x_pool, projection)
    weights, bias = fit(features, train, np.arange(len(train.areas)))
    out = widen(x_dev, projection) @ weights.T + bias
    report("gold/dev", out, dev)
    unseen = np.zeros((len(train.areas), len(AREAS) + 1))
    for inside, outside in StratifiedKFold(5, shuffle=True, random_state=SEED).split(x, train.areas):
        fold_weights, fold_bias = fit(features, train, inside)
        unseen[outside] = features.wide[outside] @ fold_weights.T + fold_bias
    report("cross-validation", unseen, train)
    save(fold(weights, projection), bias, best_sharpness(unseen[:, :-1], train.areas), vocabulary)


def report(name: str, out: np.ndarray, gold: Gold) -> None:
    right = (out[:, :-1].argmax(axis=1) == gold.areas).mean()
    print(f"{name}: areas {right:.3f}, importance {spearmanr(out[:, -1], gold.importance)[0]:.3f}", flush=True)


def best_sharpness(margins: np.ndarray, y: np.ndarray) -> float:
    """The softmax factor with the least cross-validated log loss."""
    losses = {}
    for sharpness in np.arange(0.5, 8.01, 0.25):
        z = sharpness * margins
        z -= z.max(1, keepdims=True)
        losses[float(sharpness)] = float(
            -(z - np.log(np.exp(z).sum(1, keepdims=True)))[np.arange(len(y)), y].mean()
        )
    best = min(losses, key=lambda s: losses[s])
    print(f"sharpness {best}: log loss {losses[best]:.3f}")
    return best


def save(weights: np.ndarray, bias: np.ndarray, sharpness: float, vocabulary: Vocabulary) -> None:
    """One byte a weight, one scale per field and output."""
    cube = weights.T.reshape(len(FIELDS), len(vocabulary.keys), -1)
    scales = np.abs(cube).max(axis=1) / 127
    scales[scales == 0] = 1.0
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        OUTPUT, keys=vocabulary.keys, idf=vocabulary.idf.astype(np.float32), scales=scales.astype(np.float32),
        weights=np.round(cube / scales[:, None, :]).astype(np.int8), bias=bias, sharpness=np.float64(sharpness),
        areas=np.array(AREAS),
    )  # fmt: skip
    print(f"{OUTPUT.name}: {OUTPUT.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()

"""Trains the policy-area and importance model: models/areas/weights.npz.

    PYTHONPATH=. python models/training/areas_train.py [--data DIR] [--cache FILE]

Four acts: (1) vocabulary and document frequencies from unlabelled news; (2) a truncated SVD of the same news, so
that rare words lean on the common ones they keep company with; (3) linear models over the n-grams and their SVD
projection together, trained on gold/train; (4) self-training: those models label the unlabelled news, and the
final linear models learn from both. A projection followed by a linear model is itself linear in the n-grams, so
everything folds into one weight per n-gram, field and output. Chosen by 5-fold cross-validation on gold/train;
gold/dev is only reported.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import pickle
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.stats import spearmanr
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import Ridge
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

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


def cross_validate(
    x: sp.csr_matrix,
    y: np.ndarray,
    folds: list[Any],
    fit: Callable[[sp.csr_matrix, np.ndarray], Callable[[Any], np.ndarray]],
) -> np.ndarray:
    out: list[Any] = [None] * len(y)
    for train, test in folds:
        for i, value in zip(test, fit(x[train], y[train])(x[test]), strict=True):
            out[i] = value
    return np.array(out)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--cache", type=Path, help="keep acts 1 and 2 here between runs")
    options = parser.parse_args()
    train, dev, vocabulary, x, x_dev, x_pool, projection = load(options.data, options.cache)
    wide, wide_dev = widen(x, projection), widen(x_dev, projection)
    folds = list(StratifiedKFold(5, shuffle=True, random_state=SEED).split(x, train.areas))

    def areas(a: sp.csr_matrix, y: np.ndarray) -> LinearSVC:
        return LinearSVC(C=1.0, random_state=SEED).fit(a, y)

    def importance(a: sp.csr_matrix, y: np.ndarray) -> Ridge:
        return Ridge(alpha=1.0, solver="sparse_cg", random_state=SEED).fit(a, y)

    margins = cross_validate(wide, train.areas, folds, lambda a, y: spread(areas(a, y)))
    graded = cross_validate(wide, train.importance, folds, lambda a, y: importance(a, y).predict)
    area_model, importance_model = areas(wide, train.areas), importance(wide, train.importance)
    for name, m, g, gold in (
        ("cross-validation", margins, graded, train),
        ("gold/dev", spread(area_model)(wide_dev), importance_model.predict(wide_dev), dev),
    ):
        print(
            f"{name}: areas {(m.argmax(1) == gold.areas).mean():.3f}, importance {spearmanr(g, gold.importance)[0]:.3f}"
        )
    sharpness = best_sharpness(margins, train.areas)
    weights = np.zeros((len(AREAS) + 1, wide.shape[1]))
    bias = np.zeros(len(AREAS) + 1)
    bias[:-1] = -2.0  # an area that no training row has
    weights[area_model.classes_], bias[area_model.classes_] = area_model.coef_, area_model.intercept_
    weights[-1], bias[-1] = importance_model.coef_, importance_model.intercept_
    save(fold(weights, projection), bias, sharpness, vocabulary)


def spread(model: LinearSVC) -> Callable[[sp.csr_matrix], np.ndarray]:
    """Margins over all AREAS, also where a fold lacks one."""

    def margins(rows: sp.csr_matrix) -> np.ndarray:
        out = np.full((rows.shape[0], len(AREAS)), -2.0)
        out[:, model.classes_] = model.decision_function(rows)
        return out

    return margins


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

"""Measures policy area and importance on gold/dev, beside baselines. Higher is better in every figure.

    PYTHONPATH=. python tests/quality/measure_areas.py [--data DIR]

`area_accuracy`, `area_macro_f1` (over the areas that occur), `importance_spearman`, and the same for rows
without a title; `majority_*` always says the commonest area of gold/train; `bayes_*` is multinomial naive
Bayes over the TF-IDF of character n-grams (1–3), trained on gold/train (needs scikit-learn; left out
without it).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import lzma
import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from briefing.classify import load_classifier
from briefing.records import Article

ROOT = Path(__file__).resolve().parents[2]


def _read(path: Path) -> list[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _article(row: dict[str, Any]) -> Article:
    return Article(
        id=row["id"], source=row["id"], title=row["title"], text=row["text"], sentences=(), origin=(),
    )  # fmt: skip


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks with ties at their mean."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middle: np.ndarray = (ends - (counts - 1) / 2)[inverse]
    return middle


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def macro_f1(said: np.ndarray, truth: np.ndarray) -> float:
    scores = []
    for area in sorted(set(truth)):
        hits = float(((said == area) & (truth == area)).sum())
        scores.append(2 * hits / float((said == area).sum() + (truth == area).sum()))
    return float(np.mean(scores))


def _bayes(train: list[dict[str, Any]], dev: list[dict[str, Any]]) -> np.ndarray:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.naive_bayes import MultinomialNB

    vectors = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 3), min_df=2, max_features=60_000, sublinear_tf=True
    )
    rows = vectors.fit_transform([r["title"] + "\n" + r["text"][:1500] for r in train])
    model = MultinomialNB(alpha=0.01).fit(rows, [r["topic"] for r in train])
    said: np.ndarray = model.predict(vectors.transform([r["title"] + "\n" + r["text"][:1500] for r in dev]))
    return said


def measure(data_dir: Path) -> dict[str, float]:
    """Named figures, 0–1, all higher is better."""
    train, dev = _read(data_dir / "gold" / "train.jsonl.xz"), _read(data_dir / "gold" / "dev.jsonl.xz")
    truth = np.array([r["topic"] for r in dev])
    importance = np.array([r["importance"] for r in dev], float)
    untitled = np.array([not r["title"] for r in dev])
    found = load_classifier().classify([_article(r) for r in dev])
    said, graded = np.array([f.area for f in found]), np.array([f.importance for f in found])
    majority = np.full(len(dev), Counter(r["topic"] for r in train).most_common(1)[0][0])
    figures = {
        "area_accuracy": float((said == truth).mean()),
        "area_macro_f1": macro_f1(said, truth),
        "importance_spearman": spearman(graded, importance),
        "untitled_area_accuracy": float((said == truth)[untitled].mean()),
        "untitled_importance_spearman": spearman(graded[untitled], importance[untitled]),
        "majority_area_accuracy": float((majority == truth).mean()),
    }
    if importlib.util.find_spec("sklearn"):
        bayes = _bayes(train, dev)
        figures |= {
            "bayes_area_accuracy": float((bayes == truth).mean()),
            "bayes_area_macro_f1": macro_f1(bayes, truth),
        }
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    options = parser.parse_args()
    for name, value in measure(options.data).items():
        print(f"{name} {value:.3f}")


if __name__ == "__main__":
    main()

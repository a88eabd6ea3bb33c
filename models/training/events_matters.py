"""Trains the scorer "is a later report of an earlier one's matter": models/events/matters.npz.

    PYTHONPATH=.:models/training python models/training/events_matters.py [--data DIR] [--check]

Labels: the train half of tests/quality/data/followup_pairs.jsonl; told again and gone on with are both of the
matter. A logistic regression, strongly held (226 pairs, some 55 features). --check prints precision and recall
threshold, each eighth by a model that saw nothing of it, and writes nothing. The dev half is
measured by tests/quality/measure_followups.py.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
from events_pairs import ROOT, load_items
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from briefing.dedupe.earlier import may_be_of_one_matter
from briefing.dedupe.matters import MATTER_FEATURES, UNUSED, matter_features, traits
from briefing.dedupe.pairs import FEATURES, load_scorer, pair_features, profile
from briefing.records import Article

JUDGED = ROOT / "tests" / "quality" / "data" / "followup_pairs.jsonl"
MODEL = ROOT / "models" / "events" / "matters.npz"
# 0.01, 0.03, 0.1: average precision of the train half 0.92, 0.93, 0.93.
LOGISTIC_C = 0.05
FOLDS = 8
USED = np.array([name not in UNUSED for name in MATTER_FEATURES])


def samples(data: Path, half: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (pairs, features), labels (pairs,), and which pairs no rule keeps apart."""
    items = load_items(data)
    scorer = load_scorer()
    x, y, allowed = [], [], []
    for row in map(json.loads, JUDGED.read_text(encoding="utf-8").splitlines()):
        if row["half"] != half:
            continue
        before, later = items[row["a"]], items[row["b"]]

        def timeless(item: Article, source: str) -> Article:
            return replace(item, published_on=None, outlet="", source=source)

        pair = (
            profile(timeless(before, "printed"), scorer.frequencies),
            profile(timeless(later, "new"), scorer.frequencies),
        )
        features = pair_features(*pair)
        chance = float(scorer.of_features([features])[0])
        x.append(
            matter_features(
                (before, traits(before)), (later, traits(later)), features, chance, scorer.frequencies
            )
        )
        y.append(row["verdict"] != "other")
        allowed.append(may_be_of_one_matter(before, later, features, chance))
    assert len(x[0]) == len(MATTER_FEATURES) > len(FEATURES)
    return np.array(x), np.array(y, float), np.array(allowed)


def fit(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias for features as they come."""
    scaler = StandardScaler().fit(x)
    scaler.scale_[scaler.var_ == 0] = 1.0
    model = LogisticRegression(C=LOGISTIC_C, max_iter=5000).fit(scaler.transform(x)[:, USED], y)
    linear = np.zeros(x.shape[1])
    linear[USED] = model.coef_[0] / scaler.scale_[USED]
    return linear, float(model.intercept_[0] - linear @ scaler.mean_)


def check(x: np.ndarray, y: np.ndarray, allowed: np.ndarray) -> None:
    chances = np.zeros(len(y))
    for seen, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(x, y):
        linear, bias = fit(x[seen], y[seen])
        chances[unseen] = 1 / (1 + np.exp(-(x[unseen] @ linear + bias)))
    for threshold in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        said = (chances >= threshold) & allowed
        print(f"≥{threshold}: right {int(y[said].sum())} of {said.sum()}, recall {y[said].sum() / y.sum():.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    x, y, allowed = samples(options.data, "train")
    if options.check:
        check(x, y, allowed)
        return
    linear, bias = fit(x, y)
    np.savez_compressed(MODEL, linear=linear, bias=np.float64(bias))


if __name__ == "__main__":
    main()

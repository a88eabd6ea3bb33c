"""Trains the scorer "do two articles report the same event": models/events/pairs.npz, pairs_linear.npz.

    PYTHONPATH=.:models/training python models/training/events_train.py [--data DIR]
    PYTHONPATH=.:models/training python models/training/events_train.py [--data DIR] --merged N
    PYTHONPATH=.:models/training python models/training/events_train.py [--data DIR] --undecided N

Labels: the hand-judged pairs of the dev half (tests/quality/data/event_pairs.jsonl), and weak labels from
the days of the same half, where titles or long shared passages leave no doubt. The mean of two models,
boosted trees and a logistic regression: on 260 judged pairs each errs elsewhere. In the trees every
feature that can only speak for, or only against, one event is constrained to do so. `--merged` prints
pairs that the shipped scorer would merge, drawn from all candidates, and `--undecided` pairs in between:
to be judged next.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
from pathlib import Path

import lightgbm as lgb
import numpy as np
from events_pairs import ROOT, Profiles, candidate_pairs, load_items, show
from export_trees import export_trees
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from briefing import resources
from briefing.dedupe.frequencies import load_frequencies
from briefing.dedupe.pairs import FEATURES, NEVER, load_scorer

JUDGED = ROOT / "tests" / "quality" / "data" / "event_pairs.jsonl"
TREES = ROOT / "models" / "events" / "pairs.npz"
LINEAR = ROOT / "models" / "events" / "pairs_linear.npz"
COLUMN = {name: i for i, name in enumerate(FEATURES)}
NEVER_COLUMNS = [COLUMN[name] for name in NEVER]
FOR = {name for name in FEATURES if name.endswith(("cosine", "_min", "_max"))} | {
    "runs6", "runs10", "head_runs8", "numbers_shared", "head_heaviest", "exact_numbers", "one_headline",
}  # fmt: skip
FOR -= {"title_missing_max", "length_log_min"}
AGAINST = {name for name in FEATURES if name.endswith(("_conflict", "_differs"))} | {
    "title_missing_max", "same_outlet", "same_outlet_later", "actor_missing",
}  # fmt: skip
# A judged pair weighs as much as this many weak ones (4, 12, 30: average precision 0.934, 0.941, 0.942).
TREE_JUDGED_WEIGHT = 12.0
LINEAR_JUDGED_WEIGHT = 5.0
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.05, "num_leaves": 7, "min_data_in_leaf": 6,
    "min_sum_hessian_in_leaf": 2.0, "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 5.0, "monotone_constraints": [1 if n in FOR else -1 if n in AGAINST else 0 for n in FEATURES],
    "seed": 7, "num_threads": 1, "verbose": -1, "deterministic": True,
}  # fmt: skip
ROUNDS = 200
LOGISTIC_C = 0.03

Sample = tuple[np.ndarray, np.ndarray]


def half(day: str) -> str:
    """Which half a day belongs to: even split by hash, fixed for good."""
    return "dev" if int(hashlib.sha256(day.encode()).hexdigest(), 16) % 2 else "test"


def pair_day(pair: tuple[str, str]) -> str:
    return min(name.split("/")[1] for name in pair)


def weak_label(f: list[float]) -> int | None:
    """1 or 0 where titles or shared passages leave no doubt, else None."""
    v = {name: f[i] for name, i in COLUMN.items()}
    titles, passage = v["title_in_title_min"], v["head_runs8"]
    if v["days_conflict"] == 0 and (
        (titles >= 0.4 and v["runs10"] >= 0.35 and v["same_outlet"] == 0)
        or (titles >= 0.75 and passage >= 0.2)
        or (passage >= 0.5 and v["title_in_text_max"] >= 0.7)
    ):
        return 1
    if v["title_in_title_max"] < 0.6 and v["runs10"] < 0.6 and v["head_cosine"] > 0.15:
        # A comment, a reaction, a preview, the next day's figures or the next meeting beside the report itself.
        other_kind = v["comment_differs"] + v["reaction_differs"] + v["preview_differs"]
        if other_kind or v["as_of_conflict"] or v["ordinal_conflict"]:
            return 0
    if v["same_outlet_later"] and v["head_cosine"] > 0.2 and v["runs10"] < 0.4:
        return 0
    if v["head_cosine"] < 0.12 and v["title_in_text_max"] < 0.45 and v["runs10"] < 0.05:
        return 0
    return None


def stack(judged: Sample, weak: Sample, weight: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weights = np.concatenate([np.full(len(judged[1]), weight), np.ones(len(weak[1]))])
    return np.concatenate([judged[0], weak[0]]), np.concatenate([judged[1], weak[1]]), weights


def limit(weak: Sample, positives: int, negatives: int) -> Sample:
    keep = [np.flatnonzero(weak[1] == 1)[:positives], np.flatnonzero(weak[1] == 0)[:negatives]]
    rows = np.concatenate(keep)
    return weak[0][rows], weak[1][rows]


def fit_trees(judged: Sample, weak: Sample) -> lgb.Booster:
    x, y, weight = stack(judged, limit(weak, 700, 1000), TREE_JUDGED_WEIGHT)
    return lgb.train(PARAMETERS, lgb.Dataset(x, y, weight=weight, feature_name=list(FEATURES)), ROUNDS)


def fit_linear(judged: Sample, weak: Sample) -> tuple[np.ndarray, float]:
    """Weights and bias for features as they come."""
    x, y, weight = stack(judged, limit(weak, 300, 400), LINEAR_JUDGED_WEIGHT)
    scaler = StandardScaler().fit(x)
    scaler.scale_[scaler.var_ == 0] = 1.0
    model = LogisticRegression(C=LOGISTIC_C, max_iter=2000).fit(scaler.transform(x), y, sample_weight=weight)
    linear = model.coef_[0] / scaler.scale_
    return linear, float(model.intercept_[0] - linear @ scaler.mean_)


def cross_validate(judged: Sample, days: np.ndarray, weak: Sample, weak_days: np.ndarray) -> np.ndarray:
    """Margins (trees, linear) of judged pairs from models that saw nothing of their fold's days, (pairs, 2)."""

    def fold_of(days: np.ndarray) -> np.ndarray:
        return np.array([int(hashlib.sha256(("fold" + d).encode()).hexdigest(), 16) % 6 for d in days])

    folds, weak_folds = fold_of(days), fold_of(weak_days)
    margins = np.zeros((len(days), 2))
    for fold in range(6):
        a, w = folds != fold, weak_folds != fold
        inside, weak_inside = (judged[0][a], judged[1][a]), (weak[0][w], weak[1][w])
        linear, bias = fit_linear(inside, weak_inside)
        margins[~a, 0] = fit_trees(inside, weak_inside).predict(judged[0][~a], raw_score=True)
        margins[~a, 1] = judged[0][~a] @ linear + bias
    return margins


def report(name: str, y: np.ndarray, p: np.ndarray) -> None:
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        said = p >= threshold
        precision = (y[said] == 1).mean() if said.any() else float("nan")
        recall = said[y == 1].mean()
        print(f"{name} ≥{threshold}: precision {precision:.3f} recall {recall:.3f} ({said.sum()} merged)")


def train(data: Path) -> None:
    items = load_items(data)
    frequencies = load_frequencies(resources.find("models", "events", "frequencies.npz"))
    profiles = Profiles(items, frequencies)
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    x = np.array([profiles.features((r["a"], r["b"])) for r in rows])
    y = np.array([r["same"] for r in rows], float)
    dev = np.array([r["half"] == "dev" for r in rows])
    days = np.array([pair_day((r["a"], r["b"])) for r in rows])

    known = {(r["a"], r["b"]) for r in rows}
    pairs = [p for p in candidate_pairs(items, frequencies) if p not in known and half(pair_day(p)) == "dev"]
    random.Random(5).shuffle(pairs)
    labelled = [(p, f, weak_label(f)) for p, f in ((p, profiles.features(p)) for p in pairs[:14000])]
    sure = [(p, f, label) for p, f, label in labelled if label is not None]
    weak = (np.array([f for _, f, _ in sure]), np.array([label for _, _, label in sure], float))
    weak_days = np.array([pair_day(p) for p, _, _ in sure])
    print(
        f"judged {len(y)} ({int(y.sum())} same), dev {dev.sum()}; weak {len(sure)} ({int(weak[1].sum())} same)"
    )

    # Platt (1999): one scale and shift for the mean of the two, from margins of unseen days.
    margins = cross_validate((x[dev], y[dev]), days[dev], weak, weak_days)
    spread = margins.std(axis=0)
    mixed = (margins / spread).sum(axis=1, keepdims=True)
    platt = LogisticRegression(C=10.0).fit(mixed, y[dev])
    scale, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    never = x[:, NEVER_COLUMNS].any(axis=1)
    report("dev, cross-validated", y[dev], np.where(never[dev], 0.0, platt.predict_proba(mixed)[:, 1]))

    linear, bias = fit_linear((x[dev], y[dev]), weak)
    export_trees(fit_trees((x[dev], y[dev]), weak), TREES)
    np.savez_compressed(
        LINEAR, linear=linear * scale / spread[1], bias=np.float64(bias * scale / spread[1] + shift),
        tree_weight=np.float64(scale / spread[0]),
    )  # fmt: skip
    report("test", y[~dev], load_scorer().of_features(x[~dev]))


def draw(data: Path, count: int, low: float, high: float) -> None:
    """Print `count` unjudged candidate pairs whose probability lies in [low, high], drawn at random."""
    items = load_items(data)
    scorer = load_scorer()
    profiles = Profiles(items, scorer.frequencies)
    judged = (json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines())
    known = {(r["a"], r["b"]) for r in judged}
    pairs = [p for p in candidate_pairs(items, scorer.frequencies) if p not in known]
    random.Random(11).shuffle(pairs)
    probabilities = scorer.of_features([profiles.features(p) for p in pairs[:25000]])
    found = [(p, pair) for p, pair in zip(probabilities, pairs, strict=False) if low <= p <= high]
    print(f"{len(found)} of {len(probabilities)} candidates lie in [{low}, {high}]")
    for p, (a, b) in found[:count]:
        print(f"#{p:.2f}\n  {show(items[a], 160)}\n  {show(items[b], 160)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--merged", type=int, metavar="N")
    parser.add_argument("--undecided", type=int, metavar="N")
    options = parser.parse_args()
    if options.merged:
        draw(options.data, options.merged, 0.5, 1.0)
    elif options.undecided:
        draw(options.data, options.undecided, 0.05, 0.5)
    else:
        train(options.data)


if __name__ == "__main__":
    main()

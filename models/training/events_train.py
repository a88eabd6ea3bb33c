"""Trains the scorer "do two articles report the same event": models/events/pairs.npz.

    PYTHONPATH=.:models/training python models/training/events_train.py [--data DIR] [boundary N]

Labels: the hand-judged pairs of the dev half (tests/quality/data/event_pairs.jsonl), and weak labels from the
days of the same half, where titles or long shared passages leave no doubt. Every feature that can only speak
for, or only against, one event is constrained to do so, which is what lets a few hundred judged pairs carry it.
`boundary N` prints N unjudged pairs of all days whose probability is undecided, to be judged next.
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

from briefing import resources
from briefing.dedupe.pairs import FEATURES
from briefing.text.similarity import load_frequencies

JUDGED = ROOT / "tests" / "quality" / "data" / "event_pairs.jsonl"
OUTPUT = ROOT / "models" / "events" / "pairs.npz"
COLUMN = {name: i for i, name in enumerate(FEATURES)}
FOR = {name for name in FEATURES if name.endswith(("cosine", "_min", "_max"))} | {
    "runs6", "runs10", "head_runs8", "numbers_shared", "head_heaviest", "exact_numbers",
}  # fmt: skip
FOR -= {"title_missing_max", "length_log_min"}
AGAINST = {name for name in FEATURES if name.endswith(("_conflict", "_differs"))} | {
    "title_missing_max", "same_outlet", "same_outlet_later", "actor_missing",
}  # fmt: skip
CONSTRAINTS = [1 if n in FOR else -1 if n in AGAINST else 0 for n in FEATURES]
# A judged pair weighs as much as this many weak ones.
JUDGED_WEIGHT = 12.0
PARAMETERS = dict(
    objective="binary", learning_rate=0.05, num_leaves=7, min_data_in_leaf=6, min_sum_hessian_in_leaf=2.0, feature_fraction=0.5,
    bagging_fraction=0.8, bagging_freq=1, lambda_l2=5.0, monotone_constraints=CONSTRAINTS, seed=7, num_threads=1,
    verbose=-1, deterministic=True,
)  # fmt: skip
ROUNDS = 200


def half(day: str) -> str:
    """Which half a day belongs to: even split by hash, fixed for good."""
    return "dev" if int(hashlib.sha256(day.encode()).hexdigest(), 16) % 2 else "test"


def pair_half(pair: tuple[str, str]) -> str:
    return half(min(name.split("/")[1] for name in pair))


def weak_label(f: list[float]) -> int | None:
    """1 or 0 where titles or shared passages leave no doubt, else None."""
    v = {name: f[i] for name, i in COLUMN.items()}
    if v["days_conflict"] == 0 and (
        (v["title_in_title_min"] >= 0.4 and v["runs10"] >= 0.35 and v["same_outlet"] == 0)
        or (v["title_in_title_min"] >= 0.75 and v["head_runs8"] >= 0.2)
        or (v["head_runs8"] >= 0.5 and v["title_in_text_max"] >= 0.7)
    ):
        return 1
    if v["title_in_title_max"] < 0.6 and v["runs10"] < 0.6:
        # A comment, a reaction, a preview, the next day's figures or the next meeting beside the report itself.
        other_kind = v["comment_differs"] + v["reaction_differs"] + v["preview_differs"]
        if v["head_cosine"] > 0.15 and (other_kind or v["as_of_conflict"] or v["ordinal_conflict"]):
            return 0
    if v["same_outlet_later"] and v["head_cosine"] > 0.2 and v["runs10"] < 0.4:
        return 0
    if v["head_cosine"] < 0.12 and v["title_in_text_max"] < 0.45 and v["runs10"] < 0.05:
        return 0
    return None


def judged() -> list[dict[str, object]]:
    return [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]


def fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> lgb.Booster:
    data = lgb.Dataset(x, y, weight=weight, feature_name=list(FEATURES))
    return lgb.train(PARAMETERS, data, num_boost_round=ROUNDS)


def cross_validate(
    x: np.ndarray, y: np.ndarray, days: np.ndarray, weak: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Probabilities of judged dev pairs from models that saw no judged pair of their fold's days."""
    folds = np.array([int(hashlib.sha256(("fold" + d).encode()).hexdigest(), 16) % 5 for d in days])
    p = np.zeros(len(y))
    for fold in range(5):
        a = folds != fold
        p[~a] = fit(*stack(x[a], y[a], weak)).predict(x[~a])
    return p


def stack(
    x: np.ndarray, y: np.ndarray, weak: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weight = np.concatenate([np.full(len(y), JUDGED_WEIGHT), np.ones(len(weak[1]))])
    return np.concatenate([x, weak[0]]), np.concatenate([y, weak[1]]), weight


def report(name: str, y: np.ndarray, p: np.ndarray) -> None:
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        said = p >= threshold
        precision = (y[said] == 1).mean() if said.any() else float("nan")
        print(
            f"{name} ≥{threshold}: precision {precision:.3f} recall {said[y == 1].mean():.3f} ({said.sum()} merged)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("boundary", nargs="*")
    options = parser.parse_args()
    items = load_items(options.data)
    frequencies = load_frequencies(resources.find("models", "events", "frequencies.npz"))
    profiles = Profiles(items, frequencies)
    rows = judged()
    x = np.array([profiles.features((str(r["a"]), str(r["b"]))) for r in rows])
    y = np.array([r["same"] for r in rows], float)
    dev = np.array([r["half"] == "dev" for r in rows])
    days = np.array([min(str(r["a"]).split("/")[1], str(r["b"]).split("/")[1]) for r in rows])

    known = {(r["a"], r["b"]) for r in rows}
    pairs = [p for p in candidate_pairs(items, frequencies) if p not in known]
    dice = random.Random(5)
    dice.shuffle(pairs)
    weak_x, weak_y = [], []
    for pair in [p for p in pairs if pair_half(p) == "dev"][:12000]:
        f = profiles.features(pair)
        label = weak_label(f)
        if label is not None:
            weak_x.append(f)
            weak_y.append(label)
    weak = (np.array(weak_x), np.array(weak_y, float))
    # More weak pairs than this change no figure.
    keep = np.concatenate([np.flatnonzero(weak[1] == 1)[:700], np.flatnonzero(weak[1] == 0)[:1000]])
    weak = (weak[0][keep], weak[1][keep])
    print(f"judged {len(y)} ({int(y.sum())} same), weak {len(keep)} ({int(weak[1].sum())} same)")

    p = cross_validate(x[dev], y[dev], days[dev], weak)
    report("dev, cross-validated", y[dev], p)
    for row, probability in zip([r for r, d in zip(rows, dev, strict=True) if d], p, strict=True):
        if (probability >= 0.5) != bool(row["same"]):
            print(
                f"  wrong {probability:.2f}, judged {row['same']}: "
                + " | ".join(show(items[str(row[k])], 60) for k in "ab")
            )
    booster = fit(*stack(x[dev], y[dev], weak))
    report("test", y[~dev], booster.predict(x[~dev]))
    gain = sorted(zip(booster.feature_importance("gain"), FEATURES, strict=True), reverse=True)
    print("; ".join(f"{name} {value:.0f}" for value, name in gain[:12]))
    export_trees(booster, OUTPUT)
    if options.boundary:
        found = []
        for pair in pairs[:15000]:
            p = float(booster.predict(np.array([profiles.features(pair)]))[0])
            if 0.12 <= p <= 0.97:
                found.append((p, pair))
        dice.shuffle(found)
        for p, (a, b) in found[: int(options.boundary[1])]:
            print(f"#{p:.2f}\n  {show(items[a], 160)}\n  {show(items[b], 160)}")


if __name__ == "__main__":
    main()

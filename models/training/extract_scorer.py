"""Act 2: the clause scorer — weak.npz, first.npz, second.npz, and the gold table in tables.npz.

    .venv/bin/python models/training/extract_scorer.py [--data DIR] [--work DIR]    about 12 minutes on one core

1. weak.npz   trees that predict, title hidden, how much of a clause stands in its (unseen) headline
2. gold table linear word model of what briefs repeat (gold/train), out of fold for the next stages
3. first.npz  trees over all features, on gold/train; every titled article is seen with and without its title
4. second.npz the same with the first stage's scores of the whole article as context
Folds are by article, so no stage ever saw what it scores for the next. `--work` receives the out-of-fold
scores of gold/train (oof.npz), which extract_tune.py uses to set the decoder.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import lightgbm as lgb
import numpy as np
from export_trees import export_trees
from extract_data import DEFAULT_DATA, MODEL, article, gold_labels, repeated_share, rows
from extract_tables import headline_articles, ridge_tables, sparse

from briefing.summarise.features import (
    FEATURES,
    WEAK_FEATURES,
    Reading,
    feature_rows,
    lexical_scores,
    read_words,
)
from briefing.summarise.scoring import FIRST_FEATURES, SECOND_FEATURES, load_tables, score_context
from briefing.summarise.units import read_document
from briefing.words import load_lexicon

FOLDS = 5
WEAK_ARTICLES = 5000
# Chosen by cross-validation on gold/train (LOG.md, "Extract: clause scorer").
WEAK_PARAMS = {"num_leaves": 31, "learning_rate": 0.06, "min_data_in_leaf": 100, "feature_fraction": 0.3}
PARAMS = {
    "num_leaves": 15,
    "learning_rate": 0.04,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.15,
    "lambda_l2": 20.0,
}
WEAK_ROUNDS, FIRST_ROUNDS, SECOND_ROUNDS = 250, 350, 300
# An untitled copy of a titled article: the share of articles that come without a title.
HIDDEN_WEIGHT = 0.4
WEAK_COLUMNS = [FEATURES.index(f) for f in WEAK_FEATURES]


def fit(x: np.ndarray, y: np.ndarray, names: tuple[str, ...], params: dict, rounds: int, **more) -> lgb.Booster:
    data = lgb.Dataset(x, y, feature_name=list(names), weight=more.get("weight"), free_raw_data=False)
    settings = {
        "objective": "regression",
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "num_threads": 1,
        "verbosity": -1,
        "seed": more.get("seed", 1),
        "deterministic": True,
        **params,
    }
    return lgb.train(settings, data, rounds)


def train_weak(data: Path, tables, lexicon) -> lgb.Booster:
    pairs = headline_articles(data, WEAK_ARTICLES, random.Random(9))
    x, y = [], []
    for source, head in pairs:
        document = read_document(source)
        if len(document.units) < 4:
            continue
        reading = read_words(document, lexicon, tables)
        rows_ = feature_rows(reading, np.zeros(len(document.units)), lexical_scores(tables.weak, reading))
        x.append(rows_[:, WEAK_COLUMNS].astype(np.float32))
        y.append(repeated_share([u.text for u in document.units], head))
    print(f"weak: {len(x)} articles")
    return fit(np.concatenate(x), np.concatenate(y), WEAK_FEATURES, WEAK_PARAMS, WEAK_ROUNDS)


def gold_table_scores(
    readings: list[Reading], labels: list[np.ndarray], folds: np.ndarray
) -> tuple[list, np.ndarray]:
    """Out-of-fold lexical scores of each article, and the table fitted on all of them."""
    from briefing.summarise.features import lexical_scores as score

    def table(keep: list[int]) -> np.ndarray:
        content = sparse([i for k in keep for i in readings[k].content])
        y = np.concatenate([labels[k] for k in keep])
        return ridge_tables(content, [readings[k].document for k in keep], y, alpha=80.0)

    scores: list = [None] * len(readings)
    for fold in range(FOLDS):
        fitted = tuple(table([i for i in range(len(readings)) if folds[i] != fold]).astype(np.float16))
        for i in np.flatnonzero(folds == fold):
            scores[i] = score(fitted, readings[i])
    return scores, table(list(range(len(readings))))


@dataclass(frozen=True)
class Rows:
    """Every clause of every article copy: label, weight, fold of its article; copy k at bounds[k]."""

    readings: list[Reading]
    y: np.ndarray
    weight: np.ndarray
    fold: np.ndarray
    bounds: np.ndarray


def out_of_fold(x: np.ndarray, clauses: Rows, names: tuple[str, ...], rounds: int) -> np.ndarray:
    predicted = np.zeros(len(clauses.y))
    for fold in range(FOLDS):
        keep = clauses.fold != fold
        model = fit(x[keep], clauses.y[keep], names, PARAMS, rounds, weight=clauses.weight[keep], seed=1)
        predicted[~keep] = model.predict(x[~keep])
    return predicted


def gold_rows(gold: list, readings: list[Reading], labels: list, lexical: list, folds: np.ndarray) -> tuple:
    """Features and Rows: every article as it is, then the titled ones again without their title."""
    lexicon, tables = load_lexicon(), load_tables(MODEL / "tables.npz")
    copies = [(i, False) for i in range(len(gold))] + [(i, True) for i, g in enumerate(gold) if g["title"]]
    copy_readings, x, y, weight, fold = [], [], [], [], []
    for i, hidden in copies:
        reading = readings[i]
        if hidden:
            bare = article("", gold[i]["text"], gold[i]["id"])
            reading = read_words(read_document(bare), lexicon, tables)
        copy_readings.append(reading)
        x.append(feature_rows(reading, lexical[i], lexical_scores(tables.weak, reading)))
        n = len(labels[i])
        y.append(labels[i])
        share = HIDDEN_WEIGHT if hidden else (1 - HIDDEN_WEIGHT if gold[i]["title"] else 1.0)
        # An article of 300 clauses may not outweigh ten of 30.
        weight.append(np.full(n, share * min(1.0, (40 / n) ** 0.5)))
        fold.append(np.full(n, folds[i]))
    bounds = np.cumsum([0] + [len(v) for v in y])
    clauses = Rows(copy_readings, np.concatenate(y), np.concatenate(weight), np.concatenate(fold), bounds)
    return np.concatenate(x), clauses


def with_context(x: np.ndarray, values: np.ndarray, readings: list[Reading], bounds: np.ndarray) -> np.ndarray:
    context = [score_context(r, values[a:b]) for r, a, b in zip(readings, bounds, bounds[1:], strict=False)]
    return np.column_stack([x, np.concatenate(context)])


def correlation(values: np.ndarray, y: np.ndarray, bounds: np.ndarray) -> float:
    """Mean over articles of the correlation of score and label: the figure that stages are compared by."""
    found = []
    for a, b in itertools.pairwise(bounds):
        if y[a:b].std() > 0 and values[a:b].std() > 0:
            found.append(np.corrcoef(values[a:b], y[a:b])[0, 1])
    return float(np.mean(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--keep-weak", action="store_true", help="use the weak.npz that is there")
    args = parser.parse_args()
    started = time.time()

    def say(*words: object) -> None:
        print(f"{time.time() - started:6.0f} s", *words)
        sys.stdout.flush()

    lexicon, tables = load_lexicon(), load_tables(MODEL / "tables.npz")
    if not args.keep_weak:
        export_trees(train_weak(args.data, tables, lexicon), MODEL / "weak.npz")
        say("weak trees written")
    from briefing.boosted import load_trees

    weak_trees = load_trees(MODEL / "weak.npz", WEAK_FEATURES)

    gold = list(rows(args.data, "gold/train"))
    documents = [read_document(article(r["title"], r["text"], r["id"])) for r in gold]
    keep = [i for i, d in enumerate(documents) if len(d.units) > 1]
    gold = [gold[i] for i in keep]
    readings = [read_words(documents[i], lexicon, tables) for i in keep]
    labels = [
        gold_labels([u.text for u in r.document.units], g["summary"])
        for r, g in zip(readings, gold, strict=True)
    ]
    folds = np.random.default_rng(5).permutation(len(gold)) % FOLDS
    say(len(gold), "gold articles read and labelled")
    lexical, gold_table = gold_table_scores(readings, labels, folds)
    say(
        "gold table, out-of-fold correlation",
        round(
            float(
                np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(lexical, labels, strict=True) if b.std() > 0])
            ),
            4,
        ),
    )

    x, clauses = gold_rows(gold, readings, labels, lexical, folds)
    y, weight, bounds = clauses.y, clauses.weight, clauses.bounds
    x = with_context(x, weak_trees.predict(x[:, WEAK_COLUMNS]), clauses.readings, bounds)
    say("features", x.shape)
    first = out_of_fold(x, clauses, FIRST_FEATURES, FIRST_ROUNDS)
    say("first stage, out-of-fold correlation", round(correlation(first, y, bounds), 4))
    x2 = with_context(x, first, clauses.readings, bounds)
    second = out_of_fold(x2, clauses, SECOND_FEATURES, SECOND_ROUNDS)
    say("second stage, out-of-fold correlation", round(correlation(second, y, bounds), 4))
    if args.work:
        args.work.mkdir(parents=True, exist_ok=True)
        np.savez(
            args.work / "oof.npz",
            ids=np.array([g["id"] for g in gold]),
            bounds=bounds,
            first=first,
            second=second,
            y=y,
        )

    final_first = fit(x, y, FIRST_FEATURES, PARAMS, FIRST_ROUNDS, weight=weight, seed=1)
    final_second = fit(x2, y, SECOND_FEATURES, PARAMS, SECOND_ROUNDS, weight=weight, seed=1)
    export_trees(final_first, MODEL / "first.npz")
    export_trees(final_second, MODEL / "second.npz")
    saved = dict(np.load(MODEL / "tables.npz"))
    saved["gold"] = gold_table.astype(np.float16)
    np.savez_compressed(MODEL / "tables.npz", **saved)
    say("written", {p.name: p.stat().st_size for p in sorted(MODEL.iterdir())})


if __name__ == "__main__":
    main()

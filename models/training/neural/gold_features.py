"""Act 4a: what the trees know of every gold clause, for the net to build on — features and out-of-fold scores.

    python models/training/neural/gold_features.py --work DIR [--data DIR]     about 8 minutes on one core

Writes work/stack/gold.npz: every article of gold/train as it is, then the titled ones again without their title
(`hidden`), with all second-stage features, the second stage's out-of-fold scores, the labels, and the fold of
each article. Nobody may train on an article of fold k and be measured on fold k, on top of these scores too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extract_data import DEFAULT_DATA, MODEL, article, gold_labels, rows
from extract_scorer import (
    FIRST_ROUNDS,
    FOLDS,
    SECOND_ROUNDS,
    WEAK_COLUMNS,
    correlation,
    gold_rows,
    gold_table_scores,
    out_of_fold,
    with_context,
)

from briefing.boosted import load_trees
from briefing.summarise.features import WEAK_FEATURES, read_words
from briefing.summarise.scoring import FIRST_FEATURES, SECOND_FEATURES, load_tables
from briefing.summarise.units import read_document
from briefing.words import load_lexicon


def fact_labels(units: list[str], facts: list[str]) -> np.ndarray:
    """Key facts that each clause holds whole, as tools/score.py looks for them (white space aside)."""
    plain = ["".join(u.split()) for u in units]
    wanted = ["".join(f.split()) for f in facts]
    return np.array([sum(f in u for f in wanted) for u in plain], np.float64)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args(argv)
    started = time.time()

    def say(*words: object) -> None:
        print(f"{time.time() - started:6.0f} s", *words, flush=True)

    lexicon, tables = load_lexicon(), load_tables(MODEL / "tables.npz")
    weak = load_trees(MODEL / "weak.npz", WEAK_FEATURES)
    gold = list(rows(args.data, "gold/train"))
    documents = [read_document(article(r["title"], r["text"], r["id"])) for r in gold]
    keep = [i for i, d in enumerate(documents) if len(d.units) > 1]
    gold = [gold[i] for i in keep]
    readings = [read_words(documents[i], lexicon, tables) for i in keep]
    texts = [[u.text for u in r.document.units] for r in readings]
    labels = [gold_labels(t, g["summary"]) for t, g in zip(texts, gold, strict=True)]
    facts = [fact_labels(t, g["key_facts"]) for t, g in zip(texts, gold, strict=True)]
    folds = np.random.default_rng(5).permutation(len(gold)) % FOLDS
    say(len(gold), "articles read")
    lexical, _ = gold_table_scores(readings, labels, folds)
    x, clauses = gold_rows(gold, readings, labels, lexical, folds)
    x = with_context(x, weak.predict(x[:, WEAK_COLUMNS]), clauses.readings, clauses.bounds)
    say("features", x.shape)
    first = out_of_fold(x, clauses, FIRST_FEATURES, FIRST_ROUNDS)
    say("first stage, out-of-fold correlation", round(correlation(first, clauses.y, clauses.bounds), 4))
    x = with_context(x, first, clauses.readings, clauses.bounds)
    second = out_of_fold(x, clauses, SECOND_FEATURES, SECOND_ROUNDS)
    say("second stage, out-of-fold correlation", round(correlation(second, clauses.y, clauses.bounds), 4))
    titled = [i for i, g in enumerate(gold) if g["title"]]
    order = [*range(len(gold)), *titled]
    (args.work / "stack").mkdir(parents=True, exist_ok=True)
    np.savez(
        args.work / "stack" / "gold.npz",
        ids=np.array([gold[i]["id"] for i in order]),
        hidden=np.arange(len(order)) >= len(gold),
        fold=folds[order],
        bounds=clauses.bounds,
        x=x.astype(np.float32),
        second=second,
        y=clauses.y,
        facts=np.concatenate([facts[i] for i in order]),
        weight=clauses.weight,
    )
    say("written")


if __name__ == "__main__":
    main()

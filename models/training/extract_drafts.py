"""Act 3 of the extract engine: the chooser — trees that rank the decoder's drafts (choose.npz).

    .venv/bin/python models/training/extract_drafts.py cases --work DIR [--data DIR]     once, then
    .venv/bin/python models/training/extract_drafts.py drafts --work DIR [--net NAME --net-weight W]
    .venv/bin/python models/training/extract_drafts.py train --work DIR [--final]

DIR/stack/gold.npz: neural/gold_features.py. Drafts are decoded from out-of-fold scores, so the chooser
learns from the mistakes that the scorer makes on articles it has not seen; its own figures are by the same
folds. What a draft is worth: the mean of ROUGE-1 and ROUGE-2 with the reference and a share of its key facts.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import time
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
from export_trees import export_trees
from extract_data import DEFAULT_DATA, MODEL, ROOT, article, rows
from extract_scorer import fit

from briefing.summarise import SummaryOptions
from briefing.summarise.choose import DRAFT_FEATURES, ClauseView, draft_rows
from briefing.summarise.clauses import distinct_drafts, draft_decoder
from briefing.summarise.features import FEATURES, lexical_scores, read_words
from briefing.summarise.grammar import analyse
from briefing.summarise.neural import combined, printed_chars
from briefing.summarise.scoring import load_tables
from briefing.summarise.units import read_document
from briefing.words import load_lexicon

sys.path.insert(0, str(ROOT / "tools"))
import score

FOLDS = 5
# Every third titled article is decoded again without its title.
HIDDEN_STEP = 3
FACTS_WEIGHT = 0.25
PARAMS = {
    "num_leaves": 7,
    "learning_rate": 0.05,
    "min_data_in_leaf": 300,
    "feature_fraction": 0.2,
    "lambda_l2": 50.0,
}
ROUNDS = 200


def read_fold(job: tuple[Path, Path, int]) -> int:
    data, work, fold = job
    saved = np.load(work / "stack" / "gold.npz")
    lexical_gold = saved["x"][:, FEATURES.index("lexical_gold")]
    by_id = {r["id"]: r for r in rows(data, "gold/train")}
    lexicon, tables = load_lexicon(), load_tables(MODEL / "tables.npz")
    cases: list[tuple[Any, ...]] = []
    for k in np.flatnonzero(saved["fold"] == fold):
        hidden, (a, b) = bool(saved["hidden"][k]), saved["bounds"][k : k + 2]
        if hidden and k % HIDDEN_STEP:
            continue
        row = by_id[str(saved["ids"][k])]
        title = "" if hidden else row["title"]
        reading = read_words(read_document(article(title, row["text"], row["id"])), lexicon, tables)
        if len(reading.document.units) == b - a:
            lexical = (lexical_gold[a:b].astype(float), lexical_scores(tables.weak, reading))
            cases.append((row, hidden, reading, analyse(reading), *lexical))
    (work / "drafts").mkdir(exist_ok=True)
    (work / "drafts" / f"cases{fold}.pkl").write_bytes(pickle.dumps(cases))
    return len(cases)


def worth(row: dict[str, Any], text: str) -> tuple[float, float, float]:
    """ROUGE-1, ROUGE-2, facts, 0-1."""
    found, want = score.toks(text), score.toks(row["summary"])
    facts = row["key_facts"]
    kept = sum(score.norm(f) in score.norm(text) for f in facts) / max(1, len(facts))
    return score.rouge_n(found, want, 1), score.rouge_n(found, want, 2), kept


def draft_fold(job: tuple[Path, int, str, float]) -> dict[str, np.ndarray]:
    """Rows of all drafts of one fold: x, worth (N, 3), case number, hidden."""
    work, fold, net, net_weight = job
    saved = np.load(work / "stack" / "gold.npz")
    bounds, second = saved["bounds"], saved["second"]
    at = {(str(i), bool(h)): k for k, (i, h) in enumerate(zip(saved["ids"], saved["hidden"], strict=True))}
    values = {key: second[bounds[k] : bounds[k + 1]] for key, k in at.items()}
    outputs: dict[tuple[str, bool], np.ndarray] = {}
    if net:
        made = np.load(work / "stack" / f"{net}.npz")
        means = (1 / (1 + np.exp(-made["logits"].astype(float)))).mean(0)
        for k, (id_, hidden) in enumerate(zip(made["ids"], made["hidden"], strict=True)):
            outputs[str(id_), bool(hidden)] = means[made["bounds"][k] : made["bounds"][k + 1]]
    decoder = draft_decoder()
    options = SummaryOptions()
    found: dict[str, list[Any]] = {"x": [], "worth": [], "case": [], "hidden": [], "fold": []}
    cases = pickle.loads((work / "drafts" / f"cases{fold}.pkl").read_bytes())
    for number, (row, hidden, reading, grammar, gold, weak) in enumerate(cases):
        key = row["id"], hidden
        if net and key not in outputs:
            continue
        scores = values[key]
        if net:
            pair = outputs[key][:, 0], outputs[key][:, 2]
            scores = combined(pair, scores, printed_chars(reading), net_weight)
        found_drafts = decoder.drafts(reading, grammar, scores, options)
        drafts, texts = distinct_drafts(reading, found_drafts, options)
        if not drafts:
            continue
        found["x"].append(draft_rows(reading, ClauseView(scores, gold, weak), drafts).astype(np.float32))
        found["worth"] += [worth(row, t) for t in texts]
        found["case"] += [fold * 10_000 + number] * len(drafts)
        found["hidden"] += [hidden] * len(drafts)
        found["fold"] += [fold] * len(drafts)
    x = np.concatenate(found.pop("x"))
    return {"x": x, **{name: np.array(v) for name, v in found.items()}}


def per_case(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Means over each case's drafts, repeated."""
    sizes = np.diff([*first, len(values)])
    return np.repeat(np.add.reduceat(values, first) / sizes, sizes)


def train(work: Path, *, final: bool) -> None:
    saved = dict(np.load(work / "drafts" / "drafts.npz"))
    x, fold = saved["x"], saved["fold"]
    first = np.flatnonzero(np.diff(saved["case"], prepend=-1))
    worth_ = 100 * (saved["worth"][:, :2].mean(1) + FACTS_WEIGHT * saved["worth"][:, 2])
    y = worth_ - per_case(worth_, first)
    sizes = np.diff([*first, len(y)])
    weight = np.repeat(1 / np.sqrt(sizes), sizes)
    predicted = np.zeros(len(y))
    for k in range(FOLDS):
        keep = fold != k
        model = fit(x[keep], y[keep], DRAFT_FEATURES, PARAMS, ROUNDS, weight=weight[keep])
        predicted[~keep] = model.predict(x[~keep])
    best = np.array([a + int(np.argmax(predicted[a : a + n])) for a, n in zip(first, sizes, strict=True)])
    oracle = np.array([a + int(np.argmax(worth_[a : a + n])) for a, n in zip(first, sizes, strict=True)])
    print(len(first), "cases", round(float(sizes.mean()), 1), "drafts each; ROUGE-1, ROUGE-2, facts")
    for name, chosen in (("decoder", first), ("chooser", best), ("best draft", oracle)):
        for kind, mask in (("titled", ~saved["hidden"][chosen]), ("hidden", saved["hidden"][chosen])):
            print(f"{name:12} {kind:8}", np.round(100 * saved["worth"][chosen[mask]].mean(0), 2), flush=True)
    gain = 100 * (saved["worth"][best] - saved["worth"][first])
    print("gain", np.round(gain.mean(0), 2), "standard error", np.round(gain.std(0) / len(gain) ** 0.5, 2))
    if final:
        booster = fit(x, y, DRAFT_FEATURES, PARAMS, ROUNDS, weight=weight)
        export_trees(booster, MODEL.parent / "clauses" / "choose.npz")
        top = np.argsort(-booster.feature_importance("gain"))[:20]
        print([DRAFT_FEATURES[i] for i in top])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=("cases", "drafts", "train"))
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--net", default="")
    parser.add_argument("--net-weight", type=float, default=0.5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--final", action="store_true")
    args = parser.parse_args()
    started = time.time()
    if args.act == "train":
        train(args.work, final=args.final)
        return
    with Pool(args.processes) as pool:
        if args.act == "cases":
            print(pool.map(read_fold, [(args.data, args.work, k) for k in range(FOLDS)], chunksize=1))
        else:
            jobs = [(args.work, k, args.net, args.net_weight) for k in range(FOLDS)]
            parts = pool.map(draft_fold, jobs, chunksize=1)
            merged = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
            np.savez(args.work / "drafts" / "drafts.npz", **merged)
            print(merged["x"].shape)
    print(f"{time.time() - started:.0f} s")


if __name__ == "__main__":
    main()

"""Trains the page splitter: hashed n-gram scorers, then boosted trees over the features of every line.

    python models/training/segment_train.py --data DIR [--pages N] [--rounds N] [--threads N]

Writes models/segment/language.npz and models/segment/labels_<label>.npz. Pages of 2020-01 to 2020-09 only; the
pages that teach the scorers are not shown to the trees, which would otherwise trust the scorers too much.
The damage is `segment_damage.py`; what it gives is measured by `tests/quality/measure_pages.py`.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from export_trees import export_trees  # noqa: E402
from segment_damage import (  # noqa: E402
    CONT,
    HEAD,
    LABELS,
    PARA,
    START,
    SUB,
    Line,
    Piece,
    body_rows,
    caption_piece,
    head_rows,
    make_page,
    print_page,
)
from segment_furniture import Style, byline, draw_style  # noqa: E402
from segment_short import MAX_ITEMS, draw_items, mixed_page, sections_of, sections_page, short_page  # noqa: E402

from briefing.segment.features import FEATURES, page_features  # noqa: E402
from briefing.segment.language import (  # noqa: E402
    SCORERS,
    SIZE,
    VECTOR_SIZE,
    Language,
    bigram_vector,
    ids_of,
    load_language,
)
from briefing.segment.units import make_units  # noqa: E402
from briefing.text.normalise import normalise  # noqa: E402

OUT = ROOT / "models" / "segment"
MAX_PARAS = 260
# Made pages for a hundred printed ones: of short items, of both, of one document in sections.
SHORT_PERCENT, MIXED_PERCENT, SECTIONS_PERCENT = 26, 10, 20


def default_data() -> Path:
    return Path(os.environ.get("BRIEFING_DATA", ROOT.parent / "shared" / "data"))


def is_caption(paras: list[str]) -> bool:
    text = "".join(paras)
    return len(text) < 260 and bool(re.search(r"摄|新华社发|图为", text))


@dataclass(frozen=True)
class Sheet:
    """What one page is made of. `kind`: "page" (articles as printed, or a bulletin), "short" (short items),
    "mixed" (the first articles as printed, the last `items` short), "sections" (one document)."""

    pieces: list[Piece]
    kind: str = "page"
    items: int = 0


# Pages from this day on are shown to nothing: tests/quality/measure_pages.py damages and splits them.
HELD_OUT_FROM = "2020-09-21"


def load_pages(data: Path, *, held_out: bool = False) -> list[list[Piece]]:
    """Newspaper pages as pieces, those for training or those held out; pages with a whole law code on them are
    left out."""
    pages = []
    with lzma.open(data / "pages" / "rmrb_2020_jan_sep.jsonl.xz", "rt") as file:
        for row in map(json.loads, file):
            if (row["date"] >= HELD_OUT_FROM) != held_out:
                continue
            pieces = []
            for article in row["articles"]:
                paras = [p for p in article["text"].split("\n") if p.strip()]
                if paras:
                    pieces.append(Piece(article["head"], paras, is_caption(paras)))
            if pieces and sum(len(p.paras) for p in pieces) <= MAX_PARAS:
                pages.append(pieces)
    return pages


def load_bulletins(data: Path, rng: random.Random, share: float) -> list[list[Piece]]:
    """Digests of bulletin items, a day each."""
    pages = []
    with lzma.open(data / "bulletins" / "xwlb_2012_2025.jsonl.xz", "rt") as file:
        for row in map(json.loads, file):
            if row["date"] >= "2024-09" or rng.random() > share:
                continue
            items = [i for i in row["items"] if i["title"] and len(i["text"]) > 60][: rng.randint(3, 12)]
            if items and rng.random() < 0.3:
                items = [{**i, "text": i["text"].split("\n")[0]} for i in items]
            if items:
                pages.append([Piece([i["title"]], lines_of(i["text"])) for i in items if i["text"].strip()])
    return pages


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def load_documents(data: Path, rng: random.Random) -> list[list[Piece]]:
    """Official documents, each one article."""
    pages = []
    for name, share in (
        ("government_work_reports", 0.1),
        ("state_council_documents", 0.5),
        ("laws_and_regulations", 0.03),
        ("party_news_2020", 0.04),
    ):
        with lzma.open(data / "plain" / f"{name}.jsonl.xz", "rt") as file:
            for row in map(json.loads, file):
                paras = [p for p in row["text"].split("\n") if p.strip()][: rng.randint(8, 90)]
                if rng.random() < share and len(paras) >= 4:
                    pages.append([Piece([row["title"]], paras)])
    return pages


def short_sheets(pool: list[list[Piece]], pages: list[list[Piece]], rng: random.Random) -> list[Sheet]:
    """Short items of `pool`, alone and beside the articles of `pages`, and documents in short sections."""
    sheets = []
    for _ in range(len(pages) * SHORT_PERCENT // 100):
        items = draw_items(pool, rng, MAX_ITEMS)
        if len(items) > 1:
            sheets.append(Sheet(items, "short"))
    for _ in range(len(pages) * MIXED_PERCENT // 100):
        items = draw_items(pool, rng, 8)
        others = rng.choice(pages)[: rng.randint(1, 5)]
        sheets.append(Sheet(others + items, "mixed", len(items)))
    documents = [found for page in pages for piece in page if (found := sections_of(piece, rng))]
    wanted = min(len(documents), len(pages) * SECTIONS_PERCENT // 100)
    return sheets + [Sheet([piece], "sections") for piece in rng.sample(documents, wanted)]


def made_lines(sheet: Sheet, style: Style, rng: random.Random) -> list[Line]:
    """The lines of one page of `sheet` as printed in `style`."""
    if sheet.kind == "short":
        return short_page(sheet.pieces, style, rng)
    if sheet.kind == "sections":
        return sections_page(sheet.pieces[0], style, rng)
    if sheet.kind == "mixed":
        cut = len(sheet.pieces) - sheet.items
        return mixed_page(sheet.pieces[:cut], sheet.pieces[cut:], style, rng)
    pieces = [caption_piece(p, style, rng) if p.caption and rng.random() < 0.6 else p for p in sheet.pieces]
    return make_page(pieces, style, rng)


# --- the scorers ---


def scorer_rows(pages: list[list[Piece]], rng: random.Random) -> dict[str, list[tuple[tuple[str, str], int]]]:
    rows: dict[str, list[tuple[tuple[str, str], int]]] = {name: [] for name in SCORERS}
    for page in pages:
        for piece in page:
            style = draw_style(rng)
            body = body_rows(piece, style, rng)
            whole = [(t, label) for t, label in body if label != CONT]
            heads = [text for text, label, _ in head_rows(piece.heads, style, rng) if label == HEAD]
            rows["head"] += [((h, ""), 1) for h in heads]
            rows["head"] += [
                ((t, ""), 0) for t, label in body if label == SUB or len(t) < 60 or rng.random() < 0.2
            ]
            if rng.random() < 0.1:
                rows["head"].append(((byline(style, rng), ""), 0))
            if whole:
                rows["open"].append(((whole[0][0], ""), 1))
                rows["open"] += [((t, ""), 0) for t, label in whole[1:] if label != SUB and rng.random() < 0.3]
                rows["close"].append(((whole[-1][0], ""), 1))
                rows["close"] += [
                    ((t, ""), 0) for t, label in whole[:-1] if label != SUB and rng.random() < 0.3
                ]
            for (a, _), (b, label) in pairwise(body):
                rows["joint"].append(((a, b), int(label == CONT)))
            for text in piece.paras + piece.heads:
                if len(text) > 12:
                    for _ in range(2):
                        cut = rng.randint(3, len(text) - 3)
                        rows["joint"].append(((text[:cut], text[cut:]), 1))
            for a, b in zip(piece.heads, piece.heads[1:] + piece.paras[:1], strict=False):
                rows["joint"].append(((a, b), 0))
    return rows


def train_language(pages: list[list[Piece]], rng: random.Random, out: Path) -> None:
    saved: dict[str, Any] = {}
    for name, all_rows in scorer_rows(pages, rng).items():
        rows = rng.sample(all_rows, min(160_000, len(all_rows)))
        indptr, indices, values = [0], [], []
        for (before, after), _ in rows:
            # The scorers read what the product reads: normalised text.
            ids = ids_of(name, normalise(before).text, normalise(after).text)
            indices.append(ids)
            values.append(np.full(len(ids), 1.0 if name == "joint" else 1.0 / np.sqrt(len(ids))))
            indptr.append(indptr[-1] + len(ids))
        x = csr_matrix((np.concatenate(values), np.concatenate(indices), indptr), shape=(len(rows), SIZE))
        y = np.array([label for _, label in rows])
        cut = len(rows) * 9 // 10
        model = LogisticRegression(C=2.0 if name == "joint" else 4.0, solver="liblinear", max_iter=60)
        model.fit(x[:cut], y[:cut])
        right = 100 * model.score(x[cut:], y[cut:])
        print(
            f"{name}: {len(rows)} rows, {100 * y.mean():.0f} % positive, held-out accuracy {right:.1f}",
            flush=True,
        )
        saved[f"{name}_weights"] = model.coef_[0].astype(np.float16)
        saved[f"{name}_bias"] = np.float64(model.intercept_[0])
    seen = np.zeros(VECTOR_SIZE)
    texts = [normalise(p).text for page in pages for piece in page for p in piece.paras if len(p) > 40]
    for text in texts:
        seen += bigram_vector(text) > 0
    saved["idf"] = np.log((len(texts) + 1) / (seen + 1)).astype(np.float16)
    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / "language.npz", **saved)


# --- the labels ---

_language: Language | None = None


# Label of the text that goes on in the line of a headline, sub-heading or opening (【…】…).
RUN_IN = {HEAD: START, SUB: PARA, START: PARA}


def damaged_rows(job: tuple[Sheet, int, Path]) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels of one page under one draw of damage."""
    global _language  # noqa: PLW0603 - one load a worker process
    sheet, seed, out = job
    if _language is None:
        _language = load_language(out / "language.npz")
    rng = random.Random(seed)
    style = draw_style(rng)
    bulletin = sheet.kind == "page" and len(sheet.pieces) > 2 and all(len(p.heads) == 1 for p in sheet.pieces)
    if bulletin and rng.random() < 0.6:
        style = replace(
            style, numbered=rng.choice(["chinese", "chinese", "digit", "digit", "dun", "box", "round"])
        )
    raw, printed = print_page(made_lines(sheet, style, rng), style, rng)
    units = make_units(normalise(raw), raw)
    lines = [n for n, text in enumerate(raw.split("\n")) if text.strip()]
    label_of = dict(zip(lines, (line.label for line in printed), strict=True))
    labels = [label_of[unit.line] for unit in units]
    for k in range(1, len(units)):
        if units[k].line == units[k - 1].line:
            labels[k] = RUN_IN.get(labels[k], CONT)
    return page_features(units, _language).astype(np.float32), np.array(labels)


class OneClass:
    """The trees of one class of a multi-class booster, in the shape that `export_trees` reads."""

    def __init__(self, booster: Any, label: int, classes: int) -> None:
        model = booster.dump_model()
        self._model = {**model, "tree_info": model["tree_info"][label::classes]}

    def dump_model(self) -> dict[str, Any]:
        return self._model


def make_features(
    jobs: list[tuple[Sheet, int, Path]], held_out: list[Sheet], options: argparse.Namespace, cache: Path
) -> None:
    tests = [(sheet, 7_000_000 + k, options.out) for k, sheet in enumerate(held_out)]
    with ProcessPoolExecutor(options.processes) as pool:
        parts = list(pool.map(damaged_rows, jobs, chunksize=16))
        test_parts = list(pool.map(damaged_rows, tests, chunksize=16))
    x, y = (np.concatenate(c) for c in zip(*parts, strict=True))
    tx, ty = (np.concatenate(c) for c in zip(*test_parts, strict=True))
    np.savez(cache, x=x, y=y, tx=tx, ty=ty)


def train_labels(pages: list[Sheet], held_out: list[Sheet], options: argparse.Namespace) -> None:
    jobs = [(page, options.seed * 1_000_003 + k, options.out) for k, page in enumerate(pages * options.draws)]
    start = time.time()
    cache = options.out / "features.npz"
    if not (options.keep_features and cache.exists()):
        make_features(jobs, held_out, options, cache)
    with np.load(cache) as kept:
        x, y, tx, ty = (kept[name] for name in ("x", "y", "tx", "ty"))
    print(f"features of {len(x)} lines of {len(jobs)} pages in {time.time() - start:.0f} s", flush=True)
    parameters = {
        "objective": "multiclass", "num_class": len(LABELS), "learning_rate": options.rate, "num_leaves": 31,
        "min_data_in_leaf": 60, "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1,
        "lambda_l2": 2.0, "num_threads": options.threads, "seed": options.seed, "verbose": -1, "max_bin": 127,
    }  # fmt: skip
    data = lightgbm.Dataset(x, y, feature_name=list(FEATURES), free_raw_data=True)
    test = lightgbm.Dataset(tx, ty, reference=data)
    booster = lightgbm.train(
        parameters, data, options.rounds, valid_sets=[test], callbacks=[lightgbm.log_evaluation(20)]
    )
    guess = booster.predict(tx).argmax(axis=1)
    for k, name in enumerate(LABELS):
        hit, found, true = ((guess == k) & (ty == k)).sum(), (guess == k).sum(), (ty == k).sum()
        print(
            f"{name}: precision {100 * hit / max(1, found):.1f} recall {100 * hit / max(1, true):.1f} of {true}"
        )
        export_trees(OneClass(booster, k, len(LABELS)), options.out / f"labels_{name}.npz")
    print(f"accuracy {100 * (guess == ty).mean():.2f}, {time.time() - start:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=default_data())
    parser.add_argument(
        "--out", type=Path, default=OUT, help="write the weights here (a trial, not yet shipped)"
    )
    parser.add_argument("--pages", type=int, default=10_000, help="use at most so many pages")
    parser.add_argument("--draws", type=int, default=1, help="damaged copies of each page")
    parser.add_argument("--rounds", type=int, default=120)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep-language", action="store_true", help="train the trees only")
    parser.add_argument(
        "--keep-features", action="store_true", help="train on OUT/features.npz of the run before"
    )
    options = parser.parse_args()
    rng = random.Random(options.seed)
    pages = (
        load_pages(options.data) + load_bulletins(options.data, rng, 0.09) + load_documents(options.data, rng)
    )
    rng.shuffle(pages)
    pages = pages[: options.pages]
    # Days of bulletins that are cut into short items only.
    pool = load_bulletins(options.data, rng, 0.25)
    rng.shuffle(pool)
    sheets: list[list[Sheet]] = []
    for low, high in pairwise((0, 35, 96, 100)):
        part, days = (rows[len(rows) * low // 100 : len(rows) * high // 100] for rows in (pages, pool))
        sheets.append([Sheet(page) for page in part] + short_sheets(days + part, part, rng))
    if not options.keep_language:
        # Short items begin and end with the openings of articles: they would blunt what tells an article's end.
        train_language([sheet.pieces for sheet in sheets[0] if sheet.kind == "page"], rng, options.out)
    train_labels(sheets[1], sheets[2], options)


if __name__ == "__main__":
    main()

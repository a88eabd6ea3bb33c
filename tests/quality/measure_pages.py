"""Measures the page splitter with the project's scorer: on pages/damaged_dev, and on pages that our own damage
(models/training/segment_damage.py) makes of newspaper pages shown to no training, in four ways of printing; `made_short_*`: pages of short items
(segment_short.py) of articles shown to no training, `made_sections_*`: one document in sections that look the same.

`documents_whole`: documents that hold one article (half of gold/train, not shown to any training) left whole.
Figures are percentages, higher is better; `pages_per_second` depends on the machine.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import importlib.util
import json
import lzma
import os
import random
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from briefing.records import RawDocument, SegmentedDocument
from briefing.segment import load_splitter, split_document

ROOT = Path(__file__).resolve().parents[2]
# The same day as in models/training/segment_train.py.
HELD_OUT_FROM = "2020-09-21"


def default_data() -> Path:
    return Path(os.environ.get("BRIEFING_DATA", ROOT.parent / "shared" / "data"))


def document(text: str, source: str = "page.txt", **known: Any) -> RawDocument:
    return RawDocument(source, "text/plain", datetime(2024, 4, 2, tzinfo=UTC), "", text, **known)


def rows_of(split: SegmentedDocument) -> list[dict[str, Any]]:
    return [{"title": a.title, "body": a.text, "caption": a.caption} for a in split.articles]


def predict(data_dir: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Gold rows, predicted rows, and seconds spent splitting."""
    splitter = load_splitter()
    with lzma.open(data_dir / "pages" / "damaged_dev.jsonl.xz", "rt") as file:
        gold = [json.loads(line) for line in file]
    start = time.perf_counter()
    pred = [{"id": g["id"], "articles": rows_of(split_document(document(g["raw"]), splitter))} for g in gold]
    return gold, pred, time.perf_counter() - start


MADE_PAGES = 40
# Ways of printing in which blank lines, or whole lines, do not help.
WAYS: dict[str, dict[str, Any]] = {
    "blank": {"dense": False, "wrap_width": 0, "break_chance": 0.25},
    "dense": {"dense": True, "wrap_width": 0, "break_chance": 0.1},
    "wrapped": {"dense": False, "wrap_width": 26, "break_chance": 0.0},
    "single": {"dense": False, "wrap_width": 0, "break_chance": 0.15},
}


def load_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name, and the training modules import their neighbours.
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def held_out_pages(data_dir: Path, damage: ModuleType, *, single: bool) -> list[list[Any]]:
    """Pages of the last ten days of rmrb_2020_jan_sep as pieces: several articles, or one."""
    pages = []
    with lzma.open(data_dir / "pages" / "rmrb_2020_jan_sep.jsonl.xz", "rt") as file:
        for row in map(json.loads, file):
            if row["date"] < HELD_OUT_FROM:
                continue
            texts = [(a["head"], [p for p in a["text"].split("\n") if p.strip()]) for a in row["articles"]]
            pieces = [damage.Piece(head, paras) for head, paras in texts if sum(map(len, paras)) > 80]
            if pieces and (len(pieces) == 1) == single and sum(len(p.paras) for p in pieces) < 200:
                pages.append(pieces)
    return pages


def made_gold(page: list[Any], damage: ModuleType) -> list[dict[str, Any]]:
    """The true articles of a made page, in the shape of damaged_dev."""
    articles: dict[int, dict[str, Any]] = {}
    for line in page:
        if line.article < 0 or line.label == damage.BYLINE:
            continue
        article = articles.setdefault(line.article, {"title": "", "head": [], "body": ""})
        if line.label == damage.HEAD:
            article["head"].append(line.text)
        elif line.label == damage.HEAD_CONT:
            article["head"][-1] += line.text
        else:
            article["body"] += line.text
        article["body"] += line.run_in
    for article in articles.values():
        article["title"] = article["head"][0] if article["head"] else ""
        text = article["body"]
        article["caption"] = len(text) < 260 and bool(re.search(r"摄|新华社发|图为", text))
    return list(articles.values())


def measure_made(data_dir: Path, score: ModuleType, way: str) -> dict[str, float]:
    damage = load_module(ROOT / "models" / "training" / "segment_damage.py")
    furniture = load_module(ROOT / "models" / "training" / "segment_furniture.py")
    splitter = load_splitter()
    pages = held_out_pages(data_dir, damage, single=way == "single")
    rng = random.Random(way)
    gold, pred = [], []
    for number, pieces in enumerate(rng.sample(pages, min(MADE_PAGES, len(pages)))):
        style = dataclasses.replace(furniture.draw_style(rng), wrong_chance=0.0, heading_mark="", **WAYS[way])
        page = damage.make_page(pieces, style, rng)
        raw, _ = damage.print_page(page, style, rng)
        gold.append({"id": str(number), "articles": made_gold(page, damage)})
        pred.append({"id": str(number), "articles": rows_of(split_document(document(raw), splitter))})
    found = score.pages(gold, pred)
    return {f"made_{way}_f1": found["F1"], f"made_{way}_title_right": found["title_right_of_found"]}


SHORT_PAGES = 60
# Bulletins from this day on are shown to no training (models/training/segment_train.py).
BULLETINS_FROM = "2024-09"


def short_pool(data_dir: Path, damage: ModuleType) -> list[list[Any]]:
    """Days, pages and rows of items which the short items are cut from."""
    pool = held_out_pages(data_dir, damage, single=False)
    with lzma.open(data_dir / "bulletins" / "xwlb_2012_2025.jsonl.xz", "rt") as file:
        for row in map(json.loads, file):
            if row["date"] >= BULLETINS_FROM:
                items = [i for i in row["items"] if len(i["text"]) > 60 and not i["title"].endswith("快讯")]
                pool.append([damage.Piece([i["title"]], i["text"].split("\n")) for i in items])
    rows = [(r["headline"], r["summary"]) for r in measured_half(data_dir)]
    with lzma.open(data_dir / "headlines" / "xwlb_flash_dev.jsonl.xz", "rt") as file:
        rows += [(r["title"], r["text"]) for r in map(json.loads, file)]
    random.Random("rows").shuffle(rows)
    pieces = [damage.Piece([head], [p for p in text.splitlines() if p.strip()]) for head, text in rows]
    pool += [pieces[i : i + 15] for i in range(0, len(pieces), 15)]
    pool = [
        [p for p in page if len("".join(p.paras)) >= 260 or not re.search(r"摄|图为", "".join(p.paras))]
        for page in pool
    ]
    return [page for page in pool if page]


def short_gold(items: list[Any], page: list[Any]) -> list[dict[str, Any]]:
    """The true items; those printed without a headline have their text for one."""
    bodies: dict[int, str] = {}
    headed: set[int] = set()
    for line in page:
        if line.article < 0:
            continue
        if line.label in (0, 1):
            headed.add(line.article)
            bodies[line.article] = bodies.get(line.article, "") + line.run_in
        else:
            bodies[line.article] = bodies.get(line.article, "") + line.text
    return [
        {"title": head, "head": [head], "body": bodies[k], "caption": False}
        for k, item in enumerate(items)
        for head in [item.heads[0] if k in headed else ""]
    ]


def measure_short(data_dir: Path, score: ModuleType) -> dict[str, float]:
    """Pages of short items, and documents of one subject in short sections that look like them."""
    damage = load_module(ROOT / "models" / "training" / "segment_damage.py")
    furniture = load_module(ROOT / "models" / "training" / "segment_furniture.py")
    short = load_module(ROOT / "models" / "training" / "segment_short.py")
    splitter = load_splitter()
    pool = short_pool(data_dir, damage)
    rng = random.Random("short")
    documents = [
        found for page in pool for piece in page if (found := short.sections_of(piece, rng, hard=True))
    ]
    figures = {}
    for kind in ("short", "sections"):
        gold, pred = [], []
        for number in range(SHORT_PAGES):
            style = dataclasses.replace(furniture.draw_style(rng), wrong_chance=0.0, heading_mark="")
            if kind == "short":
                items = short.draw_items(pool, rng, short.MAX_ITEMS, hard=True)
                page = short.short_page(items, style, rng)
                articles = short_gold(items, page)
            else:
                page = short.sections_page(documents[number % len(documents)], style, rng)
                articles = made_gold(page, damage)
            raw, _ = damage.print_page(page, style, rng)
            gold.append({"id": str(number), "articles": articles})
            pred.append({"id": str(number), "articles": rows_of(split_document(document(raw), splitter))})
        found = score.pages(gold, pred)
        figures |= {f"made_{kind}_f1": found["F1"], f"made_{kind}_title_right": found["title_right_of_found"]}
    return figures


# Documents measured of each source of gold/train, each printed with and without blank lines.
DOCUMENTS = 14
SOURCES = ("政策文件", "长报道", "党建时评", "网络新闻", "地方报道", "新闻联播", "人民日报")
# What people hand in begins like this as often as with the headline.
FIRST_LINES = (
    "",
    "青政发〔2025〕12号",
    "来源：县政府办公室 发布时间：2025-09-18",
    "第12期（总第88期）",
    "2025年9月18日",
)


def measured_half(data_dir: Path) -> list[dict[str, Any]]:
    """The rows of gold/train that models/training/segment_train.py is not shown."""
    with lzma.open(data_dir / "gold" / "train.jsonl.xz", "rt") as file:
        return [r for r in map(json.loads, file) if hashlib.sha256(str(r["id"]).encode()).digest()[0] % 2]


def single_documents(data_dir: Path) -> list[tuple[str, str, str]]:
    """Source, raw text and body of documents of one article."""
    rows = measured_half(data_dir)
    documents = []
    for source in SOURCES:
        own = sorted((r for r in rows if r["source"] == source), key=lambda r: str(r["id"]))
        for k, row in enumerate(random.Random(source).sample(own, min(DOCUMENTS, len(own)))):
            paras = [FIRST_LINES[k % len(FIRST_LINES)], row["title"], *row["text"].split("\n")]
            for gap in ("\n", "\n\n"):
                documents.append((source, gap.join(p for p in paras if p.strip()), row["text"]))
    return documents


def plain_chars(text: str) -> int:
    return len("".join(text.split()))


def measure_documents(data_dir: Path) -> dict[str, float]:
    """Share of the documents that come out as one article with at least 95 % of the characters."""
    splitter = load_splitter()
    documents = single_documents(data_dir)
    whole = 0
    for _, raw, body in documents:
        articles = split_document(document(raw), splitter).articles
        whole += len(articles) == 1 and plain_chars(articles[0].text) >= 0.95 * plain_chars(body)
    return {"documents_whole": round(100 * whole / len(documents), 1)}


def measure(data_dir: Path) -> dict[str, float]:
    """F1, precision, recall of articles found whole, titles right of those found, pages a second."""
    score = load_module(ROOT / "tools" / "score.py")
    gold, pred, seconds = predict(data_dir)
    found = score.pages(gold, pred)
    figures = {
        "pages_f1": found["F1"],
        "pages_precision": found["precision"],
        "pages_recall": found["recall"],
        "pages_title_right": found["title_right_of_found"],
        "pages_per_second": round(len(gold) / seconds, 1),
    }
    for way in WAYS:
        figures |= measure_made(data_dir, score, way)
    return figures | measure_short(data_dir, score) | measure_documents(data_dir)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=default_data())
    for name, value in measure(parser.parse_args().data).items():
        print(f"{name} {value}")


if __name__ == "__main__":
    main()

"""Measures the page splitter on pages/damaged_dev with the project's scorer.

Figures are percentages, higher is better; `pages_per_second` depends on the machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import lzma
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from briefing.records import RawDocument, SegmentedDocument
from briefing.segment import load_splitter, split_document

ROOT = Path(__file__).resolve().parents[2]


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


def measure(data_dir: Path) -> dict[str, float]:
    """F1, precision, recall of articles found whole, titles right of those found, pages a second."""
    spec = importlib.util.spec_from_file_location("score", ROOT / "tools" / "score.py")
    assert spec is not None and spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    gold, pred, seconds = predict(data_dir)
    found = score.pages(gold, pred)
    return {
        "pages_f1": found["F1"],
        "pages_precision": found["precision"],
        "pages_recall": found["recall"],
        "pages_title_right": found["title_right_of_found"],
        "pages_per_second": round(len(gold) / seconds, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=default_data())
    for name, value in measure(parser.parse_args().data).items():
        print(f"{name} {value}")


if __name__ == "__main__":
    main()

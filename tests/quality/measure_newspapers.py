"""Measures what readers stumble over in items of whole newspaper pages, from the damaged page to the proved summary.

    .venv/bin/python tests/quality/measure_newspapers.py [--data DIR] [--show]

The first 300 items that pages/damaged_dev gives: split, cleaned, summarised by the default engine, proved. Shares of
summaries with any defect that tools/readable.py sees, with any kind that measure_reading sees, and of items with a
number that their own source lacks.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "tests" / "quality")]

import readable  # noqa: E402
import score  # noqa: E402
from measure_reading import kinds_in  # noqa: E402
from measure_summaries import DEFAULT_DATA, MAX_CHARS  # noqa: E402

from briefing import pipeline  # noqa: E402
from briefing.app import load_parts  # noqa: E402
from briefing.config import load_config  # noqa: E402
from briefing.records import Article, RawDocument, SegmentedDocument, Summary  # noqa: E402

ITEMS = 300


def page_articles(data_dir: Path, parts: pipeline.Parts) -> Iterator[Article]:
    with lzma.open(data_dir / "pages" / "damaged_dev.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            page = RawDocument(
                f"{row['id']}.txt", "text/plain", datetime(2024, 4, 2, tzinfo=UTC), "", row["raw"]
            )
            split = pipeline.segment(page, parts.splitter)
            assert isinstance(split, SegmentedDocument)
            yield from pipeline.clean_articles([split], parts, pipeline.Notes())


def proved(articles: list[Article], parts: pipeline.Parts) -> list[tuple[Article, Summary]]:
    """Each article with its summary as an edition would print it; 材料不足 left out."""
    found = []
    for article, summary in zip(articles, parts.engine.summarise(articles, parts.summary), strict=True):
        if not summary.insufficient:
            found.append((article, pipeline.prove(summary, (article,), MAX_CHARS)[0]))
    return found


def measure(data_dir: Path, *, show: bool = False) -> dict[str, float]:
    """Percentages of items, lower is better; `items`: how many were read."""
    parts = load_parts(load_config(None), date(2024, 4, 2))
    articles: list[Article] = []
    for article in page_articles(data_dir, parts):
        articles.append(article)
        if len(articles) == ITEMS:
            break
    seen = kinds = numbers = 0
    pairs = proved(articles, parts)
    for article, summary in pairs:
        defects = readable.defects(summary.text, article.text)
        others = kinds_in(summary.text, article.text)
        known = set(score.numbers(f"{article.title}\n{article.text}"))
        unsupported = [n for n in score.numbers(summary.text) if n not in known]
        seen, kinds, numbers = seen + bool(defects), kinds + bool(others), numbers + bool(unsupported)
        if show and (defects or others or unsupported):
            print(article.title, "|", summary.text, "|", defects, sorted(others), unsupported)
    count = len(pairs)
    return {
        "items": float(count),
        "defects_percent_defects": round(100 * seen / count, 2),
        "reading_percent_defects": round(100 * kinds / count, 2),
        "unsupported_number_percent_defects": round(100 * numbers / count, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--show", action="store_true", help="print what is counted")
    args = parser.parse_args()
    for name, value in measure(args.data, show=args.show).items():
        print(f"{name:52} {value:8.2f}")


if __name__ == "__main__":
    main()

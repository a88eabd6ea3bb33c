"""Measures headlines made for articles without a title, beside the first words cut to the same length.

    .venv/bin/python tests/quality/measure_headlines.py [--data DIR]

Three sets whose printed headline is known: bulletin items (`xwlb`), short bulletin items (`flash`) and gold/dev
with its titles hidden (`gold`, against the reference headline). Character ROUGE-1; `margin`: ahead of the first words
by so much; `unsupported`: a number or a name that the item does not hold, % of rows.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "tests" / "quality")]

import score  # noqa: E402
from measure_summaries import DEFAULT_DATA, gold_rows, to_article  # noqa: E402

from briefing.summarise import SummaryOptions, load_engine  # noqa: E402
from briefing.text.normalise import normalise  # noqa: E402
from briefing.words import load_lexicon  # noqa: E402

ROWS = 300
ENGINE = "clauses"
_NAMES = ("nr", "ns", "nt")


def bulletin_rows(data_dir: Path, name: str, min_chars: int) -> list[dict[str, Any]]:
    """Every so many-th item, `ROWS` of them, with a headline that says something."""
    with lzma.open(data_dir / "headlines" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [
        r for r in rows if len(r["text"]) > min_chars and len(r["title"]) >= 10 and "快讯" not in r["title"]
    ]
    return [{"id": str(k), **r} for k, r in enumerate(rows[:: max(1, len(rows) // ROWS)][:ROWS])]


def is_unsupported(headline: str, text: str) -> bool:
    """Whether `headline` has a number or a name that `text` lacks, white space aside."""
    source = re.sub(r"\s", "", normalise(text).text)
    numbers = re.findall(r"\d+(?:\.\d+)?", headline)
    names = [w.text for w in load_lexicon().cut(headline) if w.tag in _NAMES and len(w.text) > 1]
    return any(n not in source for n in numbers) or any(n not in source for n in names)


def headline_figures(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    articles = [to_article(row, with_title=False) for row in rows]
    made = [s.headline for s in load_engine(ENGINE).summarise(articles, SummaryOptions())]
    own = first = 0.0
    for row, article, headline in zip(rows, articles, made, strict=True):
        want = score.toks(row["title"])
        own += score.rouge_n(score.toks(headline), want, 1)
        first += score.rouge_n(score.toks(article.text[: len(headline)]), want, 1)
    wrong = sum(is_unsupported(h, r["text"]) for h, r in zip(made, rows, strict=True))
    count = len(rows)
    return {
        f"{name}_r1": round(100 * own / count, 2),
        f"{name}_first_r1": round(100 * first / count, 2),
        f"{name}_margin": round(100 * (own - first) / count, 2),
        f"{name}_missing_percent_defects": round(100 * sum(not h for h in made) / count, 2),
        f"{name}_unsupported_percent_defects": round(100 * wrong / count, 2),
    }


def measure(data_dir: Path) -> dict[str, float]:
    """Figures 0–100, higher is better, except names that end in `_percent_defects`."""
    gold = [{**row, "title": row["headline"]} for row in gold_rows(data_dir)]
    return (
        headline_figures("xwlb", bulletin_rows(data_dir, "xwlb_dev", 150))
        | headline_figures("flash", bulletin_rows(data_dir, "xwlb_flash_dev", 60))
        | headline_figures("gold", gold)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    for name, value in measure(parser.parse_args().data).items():
        print(f"{name:52} {value:8.2f}")


if __name__ == "__main__":
    main()

"""Measures the summarisers on gold/dev with tools/score.py and tools/readable.py.

    .venv/bin/python tests/quality/measure_summaries.py [--data DIR] [--peers]

`--peers` adds sumy's LexRank, TextRank and LSA and snownlp (extra `bench`) at the same length in the same run.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import readable  # noqa: E402
import score  # noqa: E402

from briefing.records import Article  # noqa: E402
from briefing.summarise import SummaryOptions, load_engine  # noqa: E402
from briefing.text.normalise import normalise  # noqa: E402
from briefing.text.sentences import split_sentences  # noqa: E402

DEFAULT_DATA = Path(os.environ.get("BRIEFING_DATA", ROOT.parent / "shared" / "data"))
MAX_CHARS = 150
HEADLINE_ROWS = 300


def gold_rows(data_dir: Path) -> list[dict[str, Any]]:
    with lzma.open(data_dir / "gold" / "dev.jsonl.xz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def to_article(row: dict[str, Any], *, with_title: bool) -> Article:
    text = normalise(row["text"]).text.strip()
    title = normalise(row["title"]).text.strip() if with_title else ""
    return Article(row["id"], "gold", title, text, split_sentences(text), ())


def figures(gold: Sequence[dict[str, Any]], texts: Sequence[str]) -> dict[str, float]:
    predictions = [{"id": g["id"], "summary": t} for g, t in zip(gold, texts, strict=True)]
    found = score.summaries(gold, predictions)
    defects = sum(bool(readable.defects(t, g["text"])) for g, t in zip(gold, texts, strict=True))
    return {
        "r1": found["R1"],
        "r2": found["R2"],
        "rl": found["RL"],
        "facts": found["facts"],
        "defects_percent_defects": round(100 * defects / len(gold), 2),
        "unsupported_number_rows_percent_defects": round(
            100 * found["rows_with_unsupported_number"] / len(gold), 2
        ),
    }


def headline_figures(data_dir: Path) -> dict[str, float]:
    """Character ROUGE-1 of headlines made without the title (300 bulletin items) with the printed ones,
    beside the item's first words at the same length; share of items without a headline."""
    with lzma.open(data_dir / "headlines" / "xwlb_dev.jsonl.xz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [r for r in rows if len(r["text"]) > 150 and len(r["title"]) >= 10 and "快讯" not in r["title"]]
    rows = rows[:: max(1, len(rows) // HEADLINE_ROWS)][:HEADLINE_ROWS]
    articles = [to_article({"id": str(k), **r}, with_title=False) for k, r in enumerate(rows)]
    made = [s.headline for s in load_engine("clauses").summarise(articles, SummaryOptions())]
    found = {"headline_r1": 0.0, "headline_first_r1": 0.0, "headline_missing_percent_defects": 0.0}
    for row, article, headline in zip(rows, articles, made, strict=True):
        want = score.toks(row["title"])
        found["headline_r1"] += score.rouge_n(score.toks(headline), want, 1)
        found["headline_first_r1"] += score.rouge_n(score.toks(article.text[: len(headline)]), want, 1)
        found["headline_missing_percent_defects"] += not headline
    return {key: round(100 * value / len(rows), 2) for key, value in found.items()}


def measure(data_dir: Path) -> dict[str, float]:
    """Figures 0–100, higher is better, except names that end in `_percent_defects` (lower is better).
    `_untitled`: titles taken away from the input."""
    gold = gold_rows(data_dir)
    options = SummaryOptions(max_chars=MAX_CHARS)
    found: dict[str, float] = {}
    for name in ("extract", "clauses", "lead"):
        engine = load_engine(name)
        for suffix, with_title in (("", True), ("_untitled", False)):
            articles = [to_article(row, with_title=with_title) for row in gold]
            summaries = engine.summarise(articles, options)
            for key, value in figures(gold, [s.text for s in summaries]).items():
                found[f"{name}{suffix}_{key}"] = value
    return found | headline_figures(data_dir)


def peers() -> dict[str, Callable[[str], str]]:
    """Other libraries' sentence rankers, cut to whole sentences within the limit, in source order."""
    from snownlp import SnowNLP
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.lsa import LsaSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer

    def fitted(ranked: Sequence[str], text: str) -> str:
        kept: list[str] = []
        for sentence in ranked:
            if sum(map(len, kept)) + len(sentence) <= MAX_CHARS:
                kept.append(sentence)
        return "".join(sorted(kept, key=text.find))

    def sumy(summarizer: Any) -> Callable[[str], str]:
        def run(text: str) -> str:
            document = PlaintextParser.from_string(text, Tokenizer("chinese")).document
            ranked = [str(s) for s in summarizer(document, 6)]
            return fitted([s if re.search(r"[。！？”]$", s) else s + "。" for s in ranked], text)

        return run

    return {
        "lexrank": sumy(LexRankSummarizer()),
        "textrank": sumy(TextRankSummarizer()),
        "lsa": sumy(LsaSummarizer()),
        "snownlp": lambda text: fitted([s + "。" for s in SnowNLP(text).summary(6)], text),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--peers", action="store_true")
    args = parser.parse_args()
    started = time.perf_counter()
    for name, value in measure(args.data).items():
        print(f"{name:52} {value:8.2f}")
    if args.peers:
        gold = gold_rows(args.data)
        for name, run in peers().items():
            for key, value in figures(gold, [run(row["text"]) for row in gold]).items():
                print(f"{name + '_' + key:52} {value:8.2f}")
    print(f"{time.perf_counter() - started:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

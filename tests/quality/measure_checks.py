"""Measures the checks: how many made errors they find, kind by kind, and how often they accuse clean text.

    python tests/quality/measure_checks.py [--data DIR] [--set dev|train] [--misses KIND] [--alarms]

All figures are percentages, higher is better, except `*_percent_defects` (clean rows or sentences that get
an ERROR). Rules were written while reading gold/train only; gold/dev is the honest figure.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from corruptions import Corruption, Row, corruptions  # noqa: E402

from briefing.check import check_summary, fall_back  # noqa: E402
from briefing.records import Article, Finding, Severity, SourceRef, Summary, SummarySentence  # noqa: E402
from briefing.summarise import SummaryOptions, load_engine  # noqa: E402
from briefing.text.sentences import split_sentences  # noqa: E402

SEED = 7
# What a program can decide from the source alone; a swap of two names in one list, say, is not in it.
PER_KIND = {"dev": 200, "train": 100}


CUT_AWAY = ("hedge_dropped", "limit_dropped", "from_to_swapped")


def read_gold(data: Path, name: str) -> list[dict[str, Any]]:
    with lzma.open(data / "gold" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def article_of(row: dict[str, Any]) -> Article:
    try:
        on = date.fromisoformat(row.get("date") or "")
    except ValueError:
        on = None
    text = row["text"]
    return Article(row["id"], "gold", row["title"] or "", text, split_sentences(text), (), published_on=on)


def summary_of(article: Article, text: str, headline: str = "") -> Summary:
    """`text` as a summary without sources, as a person would hand it in."""
    sentences = tuple(SummarySentence(text[s.span.start : s.span.end], ()) for s in split_sentences(text))
    return Summary(article.id, headline, (), sentences, "gold")


def lead_of(article: Article, max_chars: int = 150) -> Summary:
    """Whole source sentences from the top, with their sources: what an extractive engine prints."""
    chosen: list[SummarySentence] = []
    room = max_chars
    for s in article.sentences:
        if len(s.span) > room:
            break
        room -= len(s.span)
        chosen.append(
            SummarySentence(article.text[s.span.start : s.span.end], (SourceRef(article.id, s.span),))
        )
    return Summary(article.id, article.title, (), tuple(chosen), "lead")


def clauses_of(article: Article) -> Summary:
    """The first and every second clause of the first sentences, as a clause engine cuts them."""
    chosen: list[SummarySentence] = []
    for s in article.sentences[:3]:
        spans = [c.span for i, c in enumerate(s.clauses) if i == 0 or i % 2]
        text = "".join(article.text[c.start : c.end] for c in spans).rstrip("，；：、。") + "。"
        chosen.append(SummarySentence(text, tuple(SourceRef(article.id, c) for c in spans)))
    return Summary(article.id, "", (), tuple(chosen), "clauses")


def _extracts(articles: list[Article]) -> list[Summary]:
    return load_engine("extract").summarise(articles, SummaryOptions())


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity is Severity.ERROR]


def _caught(made: list[Corruption], articles: dict[str, Article]) -> dict[str, list[bool]]:
    """For each kind, whether each made error brings an ERROR that the clean summary does not bring."""
    hits: dict[str, list[bool]] = {}
    clean: dict[str, set[tuple[str, str]]] = {}
    for c in made:
        article = articles[c.row.id]
        if c.row.id not in clean:
            clean[c.row.id] = _keys(check_summary(summary_of(article, c.row.summary), [article]))
        found = _keys(check_summary(summary_of(article, c.wrong), [article]))
        hits.setdefault(c.kind, []).append(bool(found - clean[c.row.id]))
    return hits


def _keys(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(f.check, f.message) for f in errors(findings)}


def measure(data_dir: Path, name: str = "dev") -> dict[str, float]:
    """Recall of made errors (overall and `recall_KIND`), clean rows and sentences accused, milliseconds.

    `recall` leaves the kinds of `recall_cut_away` out: they came later, and whether some of them change the
    truth can be argued (部分地区 told as 地区).

    Higher is better, except `*_percent_defects` and `*_ms`.
    """
    rows = read_gold(data_dir, name)
    articles = {r["id"]: article_of(r) for r in rows}
    made = corruptions(
        [Row(r["id"], r["title"] or "", r["text"], r["summary"]) for r in rows], SEED, PER_KIND[name]
    )
    hits = _caught(made, articles)
    flat = [h for kind, found in hits.items() if kind not in CUT_AWAY for h in found]
    cut_away = [h for kind, found in hits.items() if kind in CUT_AWAY for h in found]
    figures = {"corruptions": float(len(flat)), "recall": _percent(flat), "recall_cut_away": _percent(cut_away)}
    figures |= {f"recall_{kind}": _percent(found) for kind, found in sorted(hits.items())}
    figures |= _alarms(rows, articles)
    return figures


def _alarms(rows: list[dict[str, Any]], articles: dict[str, Article]) -> dict[str, float]:
    accused: list[bool] = []
    sentences: list[bool] = []
    headlines: list[bool] = []
    lead: list[bool] = []
    clauses: list[bool] = []
    repaired: list[bool] = []
    spent = 0.0
    for row in rows:
        article = articles[row["id"]]
        summary = summary_of(article, row["summary"], row["headline"])
        start = time.perf_counter()
        found = errors(check_summary(summary, [article]))
        spent += time.perf_counter() - start
        accused.append(any(f.sentence >= 0 for f in found))
        headlines.append(any(f.sentence < 0 for f in found))
        sentences.extend(any(f.sentence == i for f in found) for i in range(len(summary.sentences)))
        lead.append(bool(errors(check_summary(lead_of(article), [article]))))
        clauses.append(bool(errors(check_summary(clauses_of(article), [article]))))
        if found:
            better = fall_back(summary, found, [article], 150)
            repaired.append(not errors(check_summary(better, [article])))
    order = [articles[row["id"]] for row in rows]
    made = zip(order, _extracts(order), strict=True)
    extract = [bool(errors(check_summary(summary, [article]))) for article, summary in made]
    return {
        "clean_rows_accused_percent_defects": _percent(accused),
        "clean_sentences_accused_percent_defects": _percent(sentences),
        "clean_headlines_accused_percent_defects": _percent(headlines),
        "lead_rows_accused_percent_defects": _percent(lead),
        "clause_rows_accused_percent_defects": _percent(clauses),
        "extract_rows_accused_percent_defects": _percent(extract),
        "fallback_repairs": _percent(repaired),
        "check_ms": round(1000 * spent / max(1, len(rows)), 2),
    }


def _percent(hits: list[bool]) -> float:
    return round(100 * sum(hits) / max(1, len(hits)), 1)


def _show_misses(data_dir: Path, name: str, kind: str) -> None:
    import difflib

    rows = read_gold(data_dir, name)
    articles = {r["id"]: article_of(r) for r in rows}
    made = corruptions(
        [Row(r["id"], r["title"] or "", r["text"], r["summary"]) for r in rows], SEED, PER_KIND[name]
    )
    for c in made:
        if kind not in ("all", c.kind):
            continue
        article = articles[c.row.id]
        clean = _keys(check_summary(summary_of(article, c.row.summary), [article]))
        if not _keys(check_summary(summary_of(article, c.wrong), [article])) - clean:
            ops = difflib.SequenceMatcher(None, c.row.summary, c.wrong, autojunk=False).get_opcodes()
            diff = [
                (c.row.summary[max(0, a - 15) : b + 15], c.wrong[x:y]) for t, a, b, x, y in ops if t != "equal"
            ]
            print(c.kind, c.row.id, diff[:2])


def _show_alarms(data_dir: Path, name: str) -> None:
    for row in read_gold(data_dir, name):
        article = article_of(row)
        for label, summary in (
            ("gold", summary_of(article, row["summary"], row["headline"])),
            ("lead", lead_of(article)),
            ("clauses", clauses_of(article)),
        ):
            for f in errors(check_summary(summary, [article])):
                text = summary.headline if f.sentence < 0 else summary.sentences[f.sentence].text
                near = text[max(0, f.span.start - 30) : f.span.end + 20]
                print(label, row["id"], f.sentence, f.check, f.message, "\n   S:", near)
                for e in f.evidence[:1]:
                    source = article.text if e.part == "text" else article.title
                    print("   T:", source[max(0, e.span.start - 40) : e.span.end + 40].replace("\n", "/")[:240])


def main() -> None:
    """Print the figures, or with --misses / --alarms what lies behind them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("BRIEFING_DATA", ROOT.parent / "shared" / "data"))
    )
    parser.add_argument("--set", default="dev", choices=("dev", "train"))
    parser.add_argument("--misses", default="", metavar="KIND")
    parser.add_argument("--alarms", action="store_true")
    args = parser.parse_args()
    if args.misses:
        _show_misses(args.data, args.set, args.misses)
    elif args.alarms:
        _show_alarms(args.data, args.set)
    else:
        for figure, value in measure(args.data, args.set).items():
            print(f"{figure:45} {value}")


if __name__ == "__main__":
    main()

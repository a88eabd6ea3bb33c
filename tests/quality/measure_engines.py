"""Measures how often the gate steps in, engine by engine, on gold/dev at 150 characters.

    .venv/bin/python tests/quality/measure_engines.py [--data DIR] [--rows N] [--tiny] [--model NAME|DIR ...]

Always there: `lead`, `extract` and `clauses`; and three writers that stand for a model, through the same seam as one
(windows, drafts, traces, checks, the extract beside it): `reference` writes the reference, as a model would that
makes no mistake, `corrupted` a reference with one made error, `crossed` the reference of another article. With
`--tiny` random checkpoints of every family (extra `neural`), with `--model` a model of your own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(Path(__file__).parent)]

from corruptions import Row, corruptions  # noqa: E402
from measure_summaries import DEFAULT_DATA, MAX_CHARS, gold_rows, to_article  # noqa: E402

from briefing import pipeline  # noqa: E402
from briefing.records import Article, Summary  # noqa: E402
from briefing.summarise import (  # noqa: E402
    ENGINES,
    Engine,
    ModelOptions,
    SummaryOptions,
    choose_engine,
    load_engine,
)
from briefing.summarise.writing import Reply, Request, WritingEngine  # noqa: E402

SEED = 11
# Longer than most references, so that what is counted is the gate and not the limit.
OPTIONS = SummaryOptions(max_chars=400, max_sentences=8)


class Spoken:
    """A writer whose replies are given, by the title that the article is shown with."""

    revision = "1"
    prompt = ""
    max_input_tokens = 1_000_000
    max_windows = 1
    batch = 16

    def __init__(self, replies: dict[str, str], name: str) -> None:
        self.replies = replies
        self.name = name

    def count(self, text: str) -> int:
        return len(text)

    def write(self, requests: Sequence[Request]) -> list[Reply]:
        return [Reply(self.replies[r.title]) for r in requests]


def spoken(name: str, replies: dict[str, str], articles: Sequence[Article]) -> Engine:
    """An engine that writes `replies`; a title tells the requests of different articles apart."""
    by_title = {a.title: replies[a.id] for a in articles}
    return WritingEngine(Spoken(by_title, name), load_engine("extract"))


def gated(engine: Engine, articles: Sequence[Article], options: SummaryOptions) -> dict[str, float]:
    """Shares of 100: sentences replaced by the gate, items with none of the engine's own left, items with any
    replaced, of the items that are not 材料不足; characters of the result; seconds an item."""
    extract = load_engine("extract")
    began = time.perf_counter()
    written = engine.summarise(articles, options)
    seconds = time.perf_counter() - began
    own = replaced = wholly = touched = chars = count = 0
    for article, summary in zip(articles, written, strict=True):
        if summary.insufficient:
            continue
        count += 1

        def spare(article: Article = article) -> Summary:
            return extract.summarise([article], options)[0]

        proved, _ = pipeline.prove(summary, (article,), options.max_chars, spare)
        fell = sum(bool(s.fallback) for s in proved.sentences)
        own += len(proved.sentences)
        replaced += fell
        touched += bool(fell) or proved.text != summary.text
        wholly += fell == len(proved.sentences)
        chars += len(proved.text)
    count = max(1, count)
    return {
        "replaced_percent_defects": round(100 * replaced / max(1, own), 2),
        "items_touched_percent_defects": round(100 * touched / count, 2),
        "items_extracted_percent_defects": round(100 * wholly / count, 2),
        "chars": round(chars / count, 1),
        "seconds": round(seconds / count, 3),
    }


def measure(data_dir: Path) -> dict[str, float]:
    """Percentages. For `reference` and the extractive engines lower is better (nothing was wrong), for
    `corrupted` and `crossed` `caught` is: items of which the wrong sentence is not printed."""
    gold = gold_rows(data_dir)
    articles = [to_article(row, with_title=True) for row in gold]
    found: dict[str, float] = {}
    for name in ("lead", "extract", "clauses"):
        figures = gated(load_engine(name), articles, SummaryOptions(max_chars=MAX_CHARS))
        found |= {f"{name}_{k}": v for k, v in figures.items() if "percent" in k}
    # Titles tell the stand-ins' requests apart, so rows without one, or with another's, are given their id.
    seen = Counter(a.title for a in articles)
    named = [a if a.title and seen[a.title] == 1 else _titled(a) for a in articles]
    references = {a.id: str(row["summary"]) for a, row in zip(named, gold, strict=True)}
    perfect = gated(spoken("reference", references, named), named, OPTIONS)
    found |= {f"reference_{k}": v for k, v in perfect.items() if "percent" in k}
    crossed = {a.id: references[b.id] for a, b in zip(named, [*named[1:], named[0]], strict=True)}
    found["crossed_caught"] = gated(spoken("crossed", crossed, named), named, OPTIONS)[
        "items_extracted_percent_defects"
    ]
    found["corrupted_caught"] = _corrupted_caught(named, references)
    return found


def _titled(article: Article) -> Article:
    return Article(article.id, article.source, article.id, article.text, article.sentences, ())


def _corrupted_caught(articles: Sequence[Article], references: dict[str, str]) -> float:
    """Of wrong summaries (up to six a kind), the share whose wrong words are not what is printed."""
    by_id = {a.id: a for a in articles}
    rows = [Row(a.id, a.title, a.text, references[a.id]) for a in articles]
    made = corruptions(rows, SEED, 6)
    extract = load_engine("extract")
    caught = 0
    for wrong in made:
        article = by_id[wrong.row.id]
        engine = WritingEngine(Spoken({article.title: wrong.wrong}, "corrupted"), extract)
        [summary] = engine.summarise([article], OPTIONS)
        proved, _ = pipeline.prove(summary, (article,), OPTIONS.max_chars)
        changed = [s.text for s in summary.sentences if s.text not in references[article.id]]
        caught += not any(s.text in changed and not s.fallback for s in proved.sentences)
    return round(100 * caught / len(made), 2)


def tiny_models(folder: Path) -> list[Path]:
    from tests.unit.models.checkpoints import MAKERS, make

    return [make(kind, folder / kind) for kind in MAKERS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--rows", type=int, default=0, help="of gold/dev, for models (default: all)")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--model", action="append", default=[])
    args = parser.parse_args()
    if not args.tiny and not args.model:
        for name, value in measure(args.data).items():
            print(f"{name:52} {value:8.2f}")
        return
    gold = gold_rows(args.data)
    articles = [to_article(row, with_title=True) for row in gold][: args.rows or None]
    with tempfile.TemporaryDirectory() as scratch:
        models = [str(p) for p in tiny_models(Path(scratch))] if args.tiny else []
        for model in [*models, *args.model]:
            engine = load_engine(choose_engine(next(iter(ENGINES)), model), ModelOptions(model=model))
            figures = gated(engine, articles, SummaryOptions(max_chars=MAX_CHARS))
            print(engine.name, figures)


if __name__ == "__main__":
    main()

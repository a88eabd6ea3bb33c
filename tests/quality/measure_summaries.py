"""Measures the summarisers on gold/dev with tools/score.py and tools/readable.py.

    .venv/bin/python tests/quality/measure_summaries.py [--data DIR] [--peers] [--json FILE]

`--peers` adds sumy's LexRank, TextRank and LSA and snownlp (extra `bench`) at the same length in the same run;
`--json` writes what tools/fill_card.py puts into the model card.
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
    return found


# Ranked sentences asked of a peer at most: more than 150 characters ever hold.
PEER_SENTENCES = 8
PEER_COUNTS = (3, 4, 5, 6)


def fillings(top: Callable[[int], Sequence[str]], text: str) -> dict[str, str]:
    """A ranker's summary within the limit, by way of filling it: all that a user might choose.

    `top`: its best N sentences. Taken in the order of rank while they fit whole, or every one that still fits; or
    the best N in source order, those that fit or cut at the limit."""
    tops = [list(top(n)) for n in range(1, PEER_SENTENCES + 1)]
    ranked: list[str] = []
    for best in tops:
        ranked += [s for s in best if s not in ranked]

    def ordered(chosen: Sequence[str]) -> str:
        return "".join(sorted(chosen, key=text.find))

    whole: list[str] = []
    for sentence in ranked:
        if sum(map(len, whole)) + len(sentence) > MAX_CHARS:
            break
        whole.append(sentence)
    skipping: list[str] = []
    for sentence in ranked:
        if sum(map(len, skipping)) + len(sentence) <= MAX_CHARS:
            skipping.append(sentence)
    found = {"ranked, whole": ordered(whole or ranked[:1]), "ranked, that fit": ordered(skipping or ranked[:1])}
    # Rankers that favour the beginning gain when their best few are read in source order and cut.
    for count in PEER_COUNTS:
        best = ordered(ranked[:count])
        fitting = ""
        for sentence in sorted(ranked[:count], key=text.find):
            fitting += sentence if len(fitting) + len(sentence) <= MAX_CHARS else ""
        found[f"best {count}, that fit"] = fitting or best
        found[f"best {count}, cut"] = best
    return {way: summary[:MAX_CHARS] for way, summary in found.items()}


def peers() -> dict[str, Callable[[str], dict[str, str]]]:
    """Other libraries' sentence rankers: a text to its summaries, by way of filling (`fillings`)."""
    from snownlp import SnowNLP
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.lsa import LsaSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer

    def sumy(summarizer: Any) -> Callable[[str], dict[str, str]]:
        def run(text: str) -> dict[str, str]:
            document = PlaintextParser.from_string(text, Tokenizer("chinese")).document

            def top(count: int) -> list[str]:
                found = [str(s) for s in summarizer(document, count)]
                return [s if re.search(r"[。！？”]$", s) else s + "。" for s in found]

            return fillings(top, text)

        return run

    def snow(text: str) -> dict[str, str]:
        ranked = [s + "。" for s in SnowNLP(text).summary(PEER_SENTENCES)]
        return fillings(lambda count: ranked[:count], text)

    return {
        "lexrank": sumy(LexRankSummarizer()),
        "textrank": sumy(TextRankSummarizer()),
        "lsa": sumy(LsaSummarizer()),
        "snownlp": snow,
    }


def peer_figures(gold: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Each peer by the way of filling that gives it the highest R-1 on these rows, which is named in the key."""
    found: dict[str, float] = {}
    for name, run in peers().items():
        texts = [run(row["text"]) for row in gold]
        ways = {way: figures(gold, [t[way] for t in texts]) for way in texts[0]}
        best = max(ways, key=lambda way: ways[way]["r1"])
        found |= {f"{name} ({best})_{key}": value for key, value in ways[best].items()}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    started = time.perf_counter()
    found = measure(args.data)
    if args.peers:
        found |= peer_figures(gold_rows(args.data))
    for name, value in found.items():
        print(f"{name:52} {value:8.2f}")
    if args.json:
        args.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{time.perf_counter() - started:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

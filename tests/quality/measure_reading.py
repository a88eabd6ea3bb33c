"""What tools/readable.py cannot see in a summary, as far as a program can: noun phrases set as sentences, words
that point at what is not printed, lists cut in the middle. Lead, the engine and the references in one run.

    .venv/bin/python tests/quality/measure_reading.py [--data DIR] [--engine NAME]

Counted on gold/dev, with and without titles. A floor under what readers see, not a verdict.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "tests" / "quality")]

import readable  # noqa: E402
from measure_summaries import DEFAULT_DATA, MAX_CHARS, gold_rows, to_article  # noqa: E402

from briefing.summarise import SummaryOptions, load_engine  # noqa: E402
from briefing.words import load_lexicon  # noqa: E402

KINDS = ("no verb", "points at nothing", "list cut")
_VERBAL = ("v", "vn", "vd", "a", "ad", "l", "i")
_POINTER = re.compile(r"^(?:该|此|这|其(?!中)|上述|以上|他|她|它|前者|后者)")
_BARE = re.compile(r"^(公司|企业|会议|活动|项目|学校|医院|法院|警方|条例|办法|方案|中心)(?=[\u4e00-\u9fff])")
_LIST_GOES_ON = re.compile(r"^，[^。；]{0,60}?等(?:人|同志|\d|[一二三四五六七八九十]+[个名家项人])")


def kinds_in(summary: str, source: str) -> set[str]:
    """Which of `KINDS` occur in `summary` of `source`."""
    found = set()
    lexicon = load_lexicon()
    sentences = readable.sentences(summary.strip())
    for k, sentence in enumerate(sentences):
        words = [w for w in lexicon.cut(sentence) if not w.text.isspace()]
        if not any(w.tag in _VERBAL for w in words) and not re.search(r"\d", sentence):
            found.add("no verb")
        before = "".join(sentences[:k])
        bare = _BARE.match(sentence)
        named = bare and re.search(rf"[\u4e00-\u9fffA-Z）”]{bare.group(1)}", before)
        if (_POINTER.match(sentence) and not before) or (bare and not named):
            found.add("points at nothing")
        tail = re.sub(r"[。！？；]$", "", sentence)[-10:]
        at = source.find(tail)
        if at >= 0 and _LIST_GOES_ON.match(source[at + len(tail) :]):
            found.add("list cut")
    return found


def shares(texts: Sequence[str], gold: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Percentage of rows with each kind, and with any."""
    rows = [kinds_in(text, row["text"]) for text, row in zip(texts, gold, strict=True)]
    found = {kind: round(100 * sum(kind in r for r in rows) / len(rows), 1) for kind in KINDS}
    return found | {"any": round(100 * sum(map(bool, rows)) / len(rows), 1)}


def measure(data_dir: Path, engine: str) -> dict[str, dict[str, float]]:
    gold = gold_rows(data_dir)
    found = {"references": shares([row["summary"] for row in gold], gold)}
    options = SummaryOptions(max_chars=MAX_CHARS)
    for name in ("lead", engine):
        for suffix, with_title in (("", True), (" untitled", False)):
            articles = [to_article(row, with_title=with_title) for row in gold]
            summaries = load_engine(name).summarise(articles, options)
            found[name + suffix] = shares([s.text for s in summaries], gold)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--engine", default="extract")
    args = parser.parse_args()
    for name, row in measure(args.data, args.engine).items():
        print(f"{name:20}", "  ".join(f"{kind} {value:.1f} %" for kind, value in row.items()))


if __name__ == "__main__":
    main()

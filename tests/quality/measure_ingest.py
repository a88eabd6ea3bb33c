"""Measures reading: encodings told apart on short headings, boilerplate marks on clean text, damage seen.

    python tests/quality/measure_ingest.py [--data DIR]

Higher is better, except names ending in `_percent_defects`.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from briefing.clean import MIN_TEXT_QUALITY, is_advertisement, mark_boilerplate, text_quality
from briefing.errors import SourceError
from briefing.ingest.encoding import decode
from briefing.records import Article
from briefing.text.normalise import normalise
from briefing.text.sentences import split_sentences

# GBK and UTF-16 without a mark are what decides; UTF-8 is told by its own form.
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
HEADING_CHARS = 10
POOL = bytes(b for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF) for b in (row, cell)).decode("gb2312")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def article(text: str) -> Article:
    text = normalise(text).text
    return Article("a", "measure", "", text, split_sentences(text), ())


def encodings(data: Path) -> dict[str, float]:
    """Headings cut to ten characters: read right, refused, and (worst) read wrong."""
    headings = [row["title"][:HEADING_CHARS] for row in rows(data / "headlines" / "xwlb_dev.jsonl.xz")]
    headings = [h for h in headings if len(h) == HEADING_CHARS]
    right = wrong = 0
    for heading in headings:
        for encoding in ENCODINGS:
            try:
                same = decode(heading.encode(encoding), "x").text == heading
            except SourceError:
                continue
            right += same
            wrong += not same
    tried = len(headings) * len(ENCODINGS)
    return {
        "headings_decoded_percent": 100 * right / tried,
        "headings_decoded_wrong_percent_defects": 100 * wrong / tried,
    }


def damage(text: str, share: float, rng: random.Random) -> str:
    return "".join(rng.choice(POOL) if c in POOL and rng.random() < share else c for c in text)


def quality(data: Path) -> dict[str, float]:
    """Articles above and below the floor of text quality, clean and damaged."""
    rng = random.Random(7)
    texts = [row["text"] for row in rows(data / "gold" / "dev.jsonl.xz")]
    for page in rows(data / "pages" / "damaged_dev.jsonl.xz"):
        texts += [a["body"] for a in page["articles"] if len(a["body"]) > 60]
    passed = [text_quality(article(text)) >= MIN_TEXT_QUALITY for text in texts]
    figures = {"clean_articles_kept_percent": 100 * sum(passed) / len(texts)}
    for share in (0.1, 0.2, 0.3):
        refused = sum(text_quality(article(damage(text, share, rng))) < MIN_TEXT_QUALITY for text in texts)
        figures[f"refused_at_{share:.0%}_wrong_percent".replace("%", "")] = 100 * refused / len(texts)
    return figures


def boilerplate(data: Path) -> dict[str, float]:
    """Marks on sentences that a reference summary uses, and adverts seen among news: both are mistakes."""
    sentences = lost = adverts = count = 0
    for row in rows(data / "gold" / "dev.jsonl.xz"):
        marked = mark_boilerplate(article(row["text"]))
        adverts += is_advertisement(marked)
        count += 1
        for sentence in marked.sentences:
            text = marked.text[sentence.span.start : sentence.span.end]
            used = any(normalise(fact).text in text for fact in row["key_facts"])
            sentences += used
            lost += used and sentence.dropped is not None
    return {
        "key_fact_sentences_marked_percent_defects": 100 * lost / sentences,
        "news_taken_for_adverts_percent_defects": 100 * adverts / count,
    }


def measure(data_dir: Path) -> dict[str, float]:
    """All figures, in percent."""
    return {**encodings(data_dir), **quality(data_dir), **boilerplate(data_dir)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("BRIEFING_DATA", str(Path(__file__).parents[2] / "../shared/data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    for name, value in measure(parser.parse_args().data).items():
        print(f"{name:48} {value:7.2f}")


if __name__ == "__main__":
    main()

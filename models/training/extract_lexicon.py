"""Builds models/extract/lexicon.txt.gz: the words the extract engine knows, with class and count.

    .venv/bin/python models/training/extract_lexicon.py [--data DIR]      about 4 minutes on one core

jieba cuts and tags a sample of the training texts; each word keeps its commonest tag. The engine cuts text
with this list alone (briefing/words.py), so jieba, whose own dictionary takes a second to load,
is needed here only. Tags are jieba's (ICTCLAS), shortened to the first letter except nr, ns, nt, nz, vn, an.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import jieba
import jieba.posseg

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "models" / "extract" / "lexicon.txt.gz"
MIN_COUNT = 6
TWO_LETTER_TAGS = {"nr", "ns", "nt", "nz", "vn", "an", "ad"}
# Verbs that jieba takes for nouns or for places (新建 is a district of Nanchang): a clause that begins with
# one has no subject of its own, which the engine's grammar must know.
RETAG = {
    "新建": "v", "扩建": "v", "改建": "v", "策划": "v", "会见": "v",
    "会谈": "v", "出版发行": "v", "举行仪式": "v", "通车": "v", "开工": "v",
    "投产": "v", "竣工": "v", "揭牌": "v", "开幕": "v", "闭幕": "v",
    "出席": "v", "签约": "v", "落户": "v", "挂牌": "v", "上线": "v",
    "覆盖": "v", "惠及": "v", "规划": "v", "编制": "v", "督导": "v",
}  # fmt: skip
# Characters taken from each corpus: newspapers and web news weigh most, as in what the engine reads.
SAMPLE_CHARS = {
    "gold/train": 1_600_000,
    "pages/rmrb_2020_jan_sep": 1_200_000,
    "plain/news_2023": 700_000,
    "bulletins/xwlb_2012_2025": 700_000,
    "plain/state_council_documents": 150_000,
}


def rows(path: Path) -> Iterator[dict]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def texts(row: dict) -> list[str]:
    parts = row.get("articles") or row.get("items") or [row]
    return [part["text"] for part in parts if part.get("text")]


def sample(data: Path, name: str, limit: int, rng: random.Random) -> Iterator[str]:
    found = [text for row in rows(data / f"{name}.jsonl.xz") for text in texts(row)]
    rng.shuffle(found)
    taken = 0
    for text in found:
        yield text
        taken += len(text)
        if taken >= limit:
            return


def short_tag(tag: str) -> str:
    return tag[:2] if tag[:2] in TWO_LETTER_TAGS else tag[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("BRIEFING_DATA", ROOT.parent / "shared" / "data"))
    )
    data = parser.parse_args().data
    jieba.setLogLevel(60)
    rng = random.Random(2)
    tags: dict[str, Counter[str]] = defaultdict(Counter)
    for name, limit in SAMPLE_CHARS.items():
        for text in sample(data, name, limit, rng):
            for word in jieba.posseg.cut(text):
                if "\u4e00" <= word.word[0] <= "\u9fff" and len(word.word) <= 8:
                    tags[word.word][short_tag(word.flag)] += 1
    kept = {w: c for w, c in tags.items() if sum(c.values()) >= (MIN_COUNT if len(w) > 1 else 2)}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{w} {RETAG.get(w) or c.most_common(1)[0][0]} {sum(c.values())}\n" for w, c in sorted(kept.items())
    ]
    # mtime=0: the same words give the same bytes.
    OUT.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    print(len(lines), "words", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

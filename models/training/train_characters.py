"""Counts which characters, and which pairs of neighbours, Chinese text is made of.

    python models/training/train_characters.py [--data DIR] [--out models/characters]

Writes `frequency.tsv` (characters by level, see `briefing/plausibility.py`) and `pairs.npz`. The corpus is
simplified; a tenth of it is counted a second time in traditional characters (zhconv, `pip install zhconv`),
so that Big5 files can be told from noise. No dev or sealed data is read.
"""

from __future__ import annotations

import argparse
import collections
import json
import lzma
import math
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import zhconv

SOURCES = (
    "gold/train.jsonl.xz",
    "pages/rmrb_2020_jan_sep.jsonl.xz",
    "bulletins/xwlb_2012_2025.jsonl.xz",
    "plain/news_2023.jsonl.xz",
    "plain/party_news_2020.jsonl.xz",
    "plain/laws_and_regulations.jsonl.xz",
    "plain/government_work_reports.jsonl.xz",
    "plain/state_council_documents.jsonl.xz",
)
# Pairs are kept among this many most frequent hanzi: 12 bits each, a 2 MiB bit matrix.
PAIR_CHARS = 4096
# A pair seen once or twice in 110 million characters is as likely a typing error as a word.
MIN_PAIR_COUNT = 3
MIN_CHAR_COUNT = 3


def texts(data: Path) -> Iterator[str]:
    """Every text of the training sources, headlines included."""
    for name in SOURCES:
        with lzma.open(data / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if "articles" in row:
                    for article in row["articles"]:
                        yield "\n".join([*article["head"], article["text"]])
                elif "items" in row:
                    for item in row["items"]:
                        yield item["title"] + "\n" + item["text"]
                else:
                    yield row.get("title", "") + "\n" + row["text"]


def is_counted(char: str) -> bool:
    """Hanzi, and the marks and letters beyond ASCII that Chinese print uses; not traces of bad decoding."""
    return ord(char) > 0x7F and char != "\ufffd"


def count(data: Path) -> tuple[collections.Counter[str], collections.Counter[str]]:
    chars: collections.Counter[str] = collections.Counter()
    pairs: collections.Counter[str] = collections.Counter()
    for i, text in enumerate(texts(data)):
        for form in (text, zhconv.convert(text, "zh-hant")) if i % 10 == 0 else (text,):
            chars.update(form)
            pairs.update(form[k : k + 2] for k in range(len(form) - 1))
    return chars, pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("BRIEFING_DATA", str(Path(__file__).parents[2] / "../shared/data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "characters")
    args = parser.parse_args()
    chars, pairs = count(args.data)
    total = sum(n for c, n in chars.items() if is_counted(c))
    levels: dict[int, list[str]] = collections.defaultdict(list)
    for char, n in sorted(chars.items(), key=lambda cn: (-cn[1], cn[0])):
        if is_counted(char) and n >= MIN_CHAR_COUNT and not char.isspace() and char.isprintable():
            # Level: tenths of -log10(share), so level 20 is one character in a hundred.
            levels[round(-10 * math.log10(n / total))].append(char)
    args.out.mkdir(parents=True, exist_ok=True)
    lines = [f"{level}\t{''.join(members)}\n" for level, members in sorted(levels.items())]
    (args.out / "frequency.tsv").write_text("".join(lines), encoding="utf-8", newline="\n")
    hanzi = [c for c, _ in sorted(chars.items(), key=lambda cn: (-cn[1], cn[0])) if "\u4e00" <= c <= "\u9fff"]
    index = {c: i for i, c in enumerate(hanzi[:PAIR_CHARS])}
    seen = np.zeros((PAIR_CHARS, PAIR_CHARS), dtype=bool)
    for pair, n in pairs.items():
        if n >= MIN_PAIR_COUNT and pair[0] in index and pair[1] in index:
            seen[index[pair[0]], index[pair[1]]] = True
    np.savez_compressed(
        args.out / "pairs.npz", chars=np.array("".join(hanzi[:PAIR_CHARS])), seen=np.packbits(seen, axis=1)
    )
    print(f"{total} characters, {sum(map(len, levels.values()))} kinds, {int(seen.sum())} pairs of hanzi")


if __name__ == "__main__":
    main()

"""Measures where titles are broken, beside lines that are simply filled: gold/train, titles and headlines.

    PYTHONPATH=. python tests/quality/measure_titles.py [--data DIR] [--half dev]

`in_word`: per cent of line ends inside a word of jieba (extra "bench"), which also joins names of offices into
long words, so not every one is a fault. `stub`: per cent of broken titles whose last line has fewer than three
columns. Each title is set in three rooms: a heading of body type, the 22 pt title, the 30 pt masthead. The costs in
briefing/render/titles.py were set while reading some hundred lines of gold/dev; gold/train was not looked at.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from briefing.render.titles import Room, break_title, char_width, text_width
from briefing.words import load_lexicon

ROOMS = {"heading": Room(28, 23.5, centred=False), "title": Room(20), "masthead": Room(14.7)}
STUB_COLUMNS = 3


def titles(data: Path, half: str) -> list[str]:
    with lzma.open(data / "gold" / f"{half}.jsonl.xz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return sorted({text for row in rows for text in (row["title"] or "", row["headline"] or "") if text})


def filled(text: str, room: Room) -> Iterator[str]:
    """Lines as a program fills them that knows only the width."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or sum(map(char_width, text[start : end + 1])) > room.line(start):
            yield text[start:end]
            start = end


def measure(data: Path, half: str) -> dict[str, dict[str, float]]:
    import jieba

    jieba.setLogLevel("ERROR")
    cut = load_lexicon().cut
    texts = titles(data, half)
    found: dict[str, dict[str, float]] = {}
    for name, room in ROOMS.items():
        ends = {"ours": [0, 0], "filled": [0, 0]}
        stubs = {"ours": [0, 0], "filled": [0, 0]}
        for text in texts:
            borders = set(accumulate(map(len, jieba.lcut(text))))
            for way, lines in (("ours", break_title(text, room, cut)), ("filled", tuple(filled(text, room)))):
                if len(lines) == 1:
                    continue
                inside = [end not in borders for end in accumulate(map(len, lines[:-1]))]
                ends[way][0] += sum(inside)
                ends[way][1] += len(inside)
                stubs[way][0] += text_width(lines[-1].strip()) < STUB_COLUMNS
                stubs[way][1] += 1
        found[name] = {"broken": stubs["ours"][1]}
        for way in ("ours", "filled"):
            found[name][f"{way}_in_word"] = round(100 * ends[way][0] / max(1, ends[way][1]), 1)
            found[name][f"{way}_stub"] = round(100 * stubs[way][0] / max(1, stubs[way][1]), 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("BRIEFING_DATA", "data")))
    parser.add_argument("--half", choices=("train", "dev"), default="train")
    arguments = parser.parse_args()
    for name, row in measure(arguments.data, arguments.half).items():
        print(name, json.dumps(row))


if __name__ == "__main__":
    main()

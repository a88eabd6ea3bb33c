"""Measures the decoder on out-of-fold scores of gold/train, so that no setting is chosen on dev.

    .venv/bin/python models/training/extract_tune.py --work DIR [--rows 600] [name=value …]

`DIR/oof.npz` comes from extract_scorer.py --work. `name=value` changes a field of DecodeSettings;
`name=a,b,c` prints a line for each.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
from pathlib import Path

import numpy as np
from extract_data import DEFAULT_DATA, MODEL, ROOT, article, rows

from briefing.summarise import SummaryOptions
from briefing.summarise.decode import Decoder, DecodeSettings
from briefing.summarise.features import read_words
from briefing.summarise.grammar import analyse
from briefing.summarise.realise import group_lines, lines_of, write_summary
from briefing.summarise.scoring import load_tables
from briefing.summarise.units import read_document
from briefing.words import load_lexicon

sys.path.insert(0, str(ROOT / "tools"))
import readable
import score


def measure(cases: list, settings: DecodeSettings) -> dict[str, float]:
    decoder, options = Decoder(settings), SummaryOptions()
    gold, predictions, defects = [], [], 0
    for row, reading, grammar, values in cases:
        parts = decoder.decode(reading, grammar, values, options)
        groups = group_lines(reading.document, lines_of(parts), options.max_sentences)
        text = write_summary(reading.document, groups, ("", ()), "").text
        gold.append(row)
        predictions.append({"id": row["id"], "summary": text})
        defects += bool(readable.defects(text, row["text"]))
    figures = score.summaries(gold, predictions)
    figures["defects"] = round(100 * defects / len(cases), 1)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("settings", nargs="*")
    args = parser.parse_args()
    saved = np.load(args.work / "oof.npz")
    by_id = {r["id"]: r for r in rows(args.data, "gold/train")}
    lexicon, tables = load_lexicon(), load_tables(MODEL / "tables.npz")
    cases = []
    step = max(1, len(saved["ids"]) // args.rows)
    for k in range(0, len(saved["ids"]), step):
        row = by_id[str(saved["ids"][k])]
        reading = read_words(read_document(article(row["title"], row["text"], row["id"])), lexicon, tables)
        values = saved["second"][saved["bounds"][k] : saved["bounds"][k + 1]]
        cases.append((row, reading, analyse(reading), values))
    plain = [s for s in args.settings if "," not in s]
    base = dataclasses.replace(DecodeSettings(), **{k: number(v) for k, v in (s.split("=") for s in plain)})
    print(len(cases), "rows", measure(cases, base))
    for sweep in (s for s in args.settings if "," in s):
        name, values_ = sweep.split("=")
        for value in re.split(",", values_):
            print(name, value, measure(cases, dataclasses.replace(base, **{name: number(value)})))


def number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)


if __name__ == "__main__":
    main()

"""Fits the weights that rank made headlines (WEIGHTS in briefing/summarise/headline_made.py).

    .venv/bin/python models/training/extract_headline.py [--data DIR]        about 3 minutes on one core

Bulletin items of 2019–2022, newspaper items and wire stories, titles hidden: ridge regression of the mean of
ROUGE-1 and ROUGE-2 with the printed headline on the columns of each candidate. Prints the tuple to paste.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

import numpy as np
from extract_data import DEFAULT_DATA, article, bigrams, rouge, rows, tokens

from briefing.summarise import SummaryOptions
from briefing.summarise.extract import ExtractEngine
from briefing.summarise.features import lexical_scores, read_words
from briefing.summarise.grammar import analyse
from briefing.summarise.headline_made import candidates, columns
from briefing.summarise.units import read_document

ITEMS = 2400
RIDGE = 5.0


def pairs(data: Path) -> list[tuple[str, str]]:
    """(text, headline), a third from each source."""
    rng = random.Random(3)
    found: list[list[tuple[str, str]]] = [[], [], []]
    for day in rows(data, "bulletins/xwlb_2012_2025"):
        if "2019" <= day["date"] < "2023":
            found[0] += [(i["text"], i["title"]) for i in day["items"] if "快讯" not in i["title"]]
    for page in rows(data, "pages/rmrb_2020_jan_sep"):
        found[1] += [(a["text"], max(a["head"], key=len)) for a in page["articles"] if a.get("head")]
    found[2] = [(r["text"], r["title"]) for r in rows(data, "headlines/newswire_2023_train")]
    usable = [[(t, h) for t, h in source if 150 < len(t) < 3000 and len(h) >= 10] for source in found]
    return [p for source in usable for p in rng.sample(source, min(len(source), ITEMS // 3))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    engine = ExtractEngine()
    x, y, item = [], [], []
    for k, (text, headline) in enumerate(pairs(parser.parse_args().data)):
        reading = read_words(read_document(article("", text)), engine.lexicon, engine.tables)
        if not reading.document.units:
            continue
        grammar = analyse(reading)
        [scores] = engine.scorer.scores([reading])
        parts = engine.decoder.decode(reading, grammar, scores, SummaryOptions())
        lexical = lexical_scores(engine.tables.weak, reading)
        want1, want2 = Counter(tokens(headline)), bigrams(tokens(headline))
        printed = [i for p in parts for i in p.units]
        for i, candidate in candidates(reading, grammar, printed, engine.lexicon):
            words = engine.lexicon.cut(candidate.text)
            x.append(columns(reading, i, candidate, (scores, lexical), words))
            have = tokens(candidate.text)
            y.append((rouge(Counter(have), want1) + rouge(bigrams(have), want2)) / 2)
            item.append(k)
    matrix, target = np.array(x), np.array(y)
    items = np.array(item)
    # Only the order within an article matters.
    for k in np.unique(items):
        rows_ = items == k
        matrix[rows_] -= matrix[rows_].mean(axis=0)
        target[rows_] -= target[rows_].mean()
    weights = np.linalg.solve(matrix.T @ matrix + RIDGE * np.eye(matrix.shape[1]), matrix.T @ target)
    print(len(np.unique(items)), "articles,", len(target), "candidates")
    print("WEIGHTS = (" + ", ".join(f"{w:.3f}" for w in weights) + ")")


if __name__ == "__main__":
    main()

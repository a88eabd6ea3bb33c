"""Act 1: models/extract/tables.npz — linear models over hashed n-grams of clauses — without the gold table.

    .venv/bin/python models/training/extract_tables.py [--data DIR]       about 5 minutes on one core

`onset` and `ending`: can this clause open, or close, a sentence? Learned from where newspapers and web news
put their sentence ends. `weak`: which words get into headlines. The `gold` table is filled by act 2.
"""

from __future__ import annotations

import argparse
import itertools
import random
from pathlib import Path

import numpy as np
from extract_data import DEFAULT_DATA, MODEL, article, repeated_share, rows
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression, Ridge

from briefing.records import Article
from briefing.summarise.forms import is_attribution
from briefing.summarise.hashing import TABLE_SIZE, content_indices, ending_indices, onset_indices
from briefing.summarise.units import CONNECTIVE, TIME_ONLY, Document, read_document
from briefing.words import load_lexicon

GRAMMAR_ARTICLES = 9000
WEAK_ARTICLES = 9000
SEED = 4


def headline_articles(data: Path, limit: int, rng: random.Random) -> list[tuple[Article, str]]:
    """Newspaper (to 2020-09), bulletin (to 2024-08) and wire items with their headlines, titles hidden."""
    found = []
    for page in rows(data, "pages/rmrb_2020_jan_sep"):
        for item in page["articles"]:
            if 200 <= len(item.get("text") or "") <= 3000 and item.get("head"):
                found.append((item["text"], " ".join(item["head"]), 3))
    for day in rows(data, "bulletins/xwlb_2012_2025"):
        if day["date"] < "2024-09":
            for item in day["items"]:
                if 200 <= len(item["text"]) <= 3000:
                    found.append((item["text"], item["title"] + " " + item["brief"], 2))
    for item in rows(data, "headlines/newswire_2023_train"):
        found.append((item["text"], item["title"], 30))
    gold = {r["text"][:60] for name in ("train", "dev") for r in rows(data, f"gold/{name}")}
    found = [f for f in found if f[0][:60] not in gold]
    picked = rng.choices(found, weights=[f[2] for f in found], k=limit * 2)
    unique = list(dict.fromkeys((text, head) for text, head, _ in picked))[:limit]
    return [(article("", text), head) for text, head in unique]


def sparse(indices: list[list[int]]) -> csr_matrix:
    ends = np.cumsum([0] + [len(i) for i in indices])
    flat = np.fromiter(itertools.chain.from_iterable(indices), dtype=np.int32, count=ends[-1])
    matrix = csr_matrix((np.ones(len(flat), np.float32), flat, ends), shape=(len(indices), TABLE_SIZE))
    matrix.sum_duplicates()
    return matrix


def neighbours(content: csr_matrix, documents: list[Document]) -> csr_matrix:
    """Own n-grams | those of the clause before | those of the clause after, inside each document."""
    sizes = [len(d.units) for d in documents]
    starts = np.cumsum([0, *sizes])
    n = starts[-1]
    before, after = np.arange(n) - 1, np.arange(n) + 1
    blank = csr_matrix((1, TABLE_SIZE), dtype=np.float32)
    from scipy.sparse import vstack

    padded = vstack([content, blank]).tocsr()
    before[starts[:-1]] = n
    after[starts[1:] - 1] = n
    return hstack([content, padded[before], padded[after]]).tocsr()


def leads_in(text: str) -> bool:
    return bool(TIME_ONLY.match(text) or CONNECTIVE.match(text)) or is_attribution(text)


def grammar_table(documents: list[Document], words: list[list], *, opening: bool) -> tuple[np.ndarray, float]:
    make = onset_indices if opening else ending_indices
    x, y = [], []
    for document, cut in zip(documents, words, strict=True):
        for start, end in document.sentences:
            for i in range(start, end):
                unit = document.units[i]
                if len(unit.text) < 4 or end - start < 2:
                    continue
                # After 近日, or 会议指出, a clause begins as a sentence does; after another short opening it
                # may or may not hold the subject: neither yes nor no.
                first = i == start or (i == start + 1 and leads_in(document.units[start].text))
                if opening and not first and i == start + 1 and len(document.units[start].text) < 12:
                    continue
                x.append(make(unit.text, cut[i]))
                y.append(first if opening else i == end - 1)
    model = LogisticRegression(C=0.15, max_iter=120, solver="liblinear")
    labels = np.array(y)
    model.fit(sparse(x), labels)
    print("onset" if opening else "ending", len(y), "clauses, accuracy", model.score(sparse(x), labels))
    return model.coef_[0], float(model.intercept_[0])


def ridge_tables(
    content: csr_matrix, documents: list[Document], labels: np.ndarray, alpha: float
) -> np.ndarray:
    """Three tables (own, before, after), shape (3, TABLE_SIZE)."""
    model = Ridge(alpha=alpha, solver="sparse_cg", max_iter=60, tol=1e-3)
    model.fit(neighbours(content, documents), labels)
    return model.coef_.reshape(3, TABLE_SIZE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    data = parser.parse_args().data
    rng = random.Random(SEED)
    lexicon = load_lexicon()
    pairs = headline_articles(data, max(GRAMMAR_ARTICLES, WEAK_ARTICLES), rng)
    web = [article("", r["text"]) for r in itertools.islice(rows(data, "plain/news_2023"), 2500)]
    documents = [d for d in map(read_document, [a for a, _ in pairs] + web) if d.units]
    words = [[lexicon.cut(u.text) for u in d.units] for d in documents]
    print(len(documents), "documents")
    onset, onset_bias = grammar_table(documents, words, opening=True)
    ending, ending_bias = grammar_table(documents, words, opening=False)

    weak = [(read_document(a), head) for a, head in pairs[:WEAK_ARTICLES]]
    weak = [(d, head) for d, head in weak if d.units]
    content = sparse([content_indices(u.text, lexicon.cut(u.text)) for d, _ in weak for u in d.units])
    labels = np.concatenate([repeated_share([u.text for u in d.units], head) for d, head in weak])
    weak_tables = ridge_tables(content, [d for d, _ in weak], labels, alpha=60.0)
    np.savez_compressed(
        MODEL / "tables.npz",
        onset=onset.astype(np.float16),
        ending=ending.astype(np.float16),
        onset_bias=onset_bias,
        ending_bias=ending_bias,
        weak=weak_tables.astype(np.float16),
        gold=np.zeros((3, TABLE_SIZE), np.float16),
    )
    print((MODEL / "tables.npz").stat().st_size, "bytes")


if __name__ == "__main__":
    main()

"""Act 2b: token vectors to begin with, from which pieces stand near which (PPMI, Levy & Goldberg 2014; SVD).

    python models/training/neural/embeddings.py --config CONFIG --work DIR

A minute of counting gives what headline salience alone would have to learn from rare examples. Writes
work/embeddings.npy, which pretrain.py begins with when it is there.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pack import SPECIAL, load_pack
from scipy import sparse
from settings import load_settings
from sklearn.utils.extmath import randomized_svd

# Neighbours up to this distance, counted 1 / distance; pairs met less often than MIN_COUNT say little.
WINDOW = 5
MIN_COUNT = 1.5
# Context counts are flattened (ibid.): rare contexts otherwise dominate PPMI.
SMOOTHING = 0.75
CHUNK = 4_000_000


def cooccurrence(tokens: np.ndarray, vocabulary: int) -> sparse.csr_matrix:
    """(vocabulary, vocabulary), symmetric; article borders are ignored, they are one pair in a hundred."""
    total = sparse.csr_matrix((vocabulary, vocabulary), dtype=np.float32)
    for start in range(0, len(tokens), CHUNK):
        part = np.asarray(tokens[start : start + CHUNK]).astype(np.int64)
        for distance in range(1, WINDOW + 1):
            codes, counts = np.unique(part[:-distance] * vocabulary + part[distance:], return_counts=True)
            values = (counts / distance).astype(np.float32)
            pairs = (codes // vocabulary, codes % vocabulary)
            total = total + sparse.csr_matrix((values, pairs), shape=total.shape)
    return (total + total.T).tocsr()


def vectors(counts: sparse.csr_matrix, width: int, seed: int) -> np.ndarray:
    """(vocabulary, width) float32 of standard deviation 1, row for row; special pieces are 0."""
    counts.data[counts.data < MIN_COUNT] = 0
    counts.eliminate_zeros()
    rows = np.asarray(counts.sum(1)).ravel()
    contexts = rows**SMOOTHING
    contexts /= contexts.sum()
    found = counts.tocoo()
    pmi = np.log(found.data / (rows[found.row] * contexts[found.col]))
    positive = pmi > 0
    matrix = sparse.csr_matrix(
        (pmi[positive], (found.row[positive], found.col[positive])), shape=counts.shape, dtype=np.float32
    )
    u, s, _ = randomized_svd(matrix, width, n_iter=3, random_state=seed)
    made = u * np.sqrt(s)
    made /= np.linalg.norm(made, axis=1, keepdims=True) / np.sqrt(width) + 1e-6
    made[:SPECIAL] = 0
    return made.astype(np.float32)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--vocabulary", type=int, default=0, help="0: the largest id of the corpus + 1")
    args = parser.parse_args(argv)
    settings = load_settings(args.config)
    started = time.time()
    tokens = load_pack(args.work / "pack" / "corpus").tokens
    counts = cooccurrence(tokens, args.vocabulary or int(tokens.max()) + 1)
    print(f"{time.time() - started:.0f} s  {counts.nnz} pairs", flush=True)
    np.save(args.work / "embeddings.npy", vectors(counts, settings.model.hidden, settings.seed))
    print(f"{time.time() - started:.0f} s  written", flush=True)


if __name__ == "__main__":
    main()

"""Hashed n-grams of clauses and linear models over them (weights are one float16 table a model)."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from briefing.words import Word

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TABLE_BITS = 16
TABLE_SIZE = 1 << TABLE_BITS
_MASK = TABLE_SIZE - 1


def _index(feature: str) -> int:
    return zlib.crc32(feature.encode()) & _MASK


def content_indices(text: str, words: Sequence[Word]) -> list[int]:
    """Table rows of a clause's words and character bigrams; digits count as one class."""
    plain = "".join("0" if c.isdigit() else c for c in text)
    found = [_index(plain[i : i + 2]) for i in range(len(plain) - 1)]
    found += [_index("w" + w.text) for w in words if w.tag not in ("m", "eng", "w", "x")]
    found += [_index(f"W{a.text}_{b.text}") for a, b in itertools.pairwise(words) if a.tag != "m"]
    return found


def onset_indices(text: str, words: Sequence[Word]) -> list[int]:
    """Table rows that describe how a clause begins (and how it ends, since 在…下 begins no statement)."""
    first, second, third = ([w.text for w in words[:3]] + ["", "", ""])[:3]
    tags = [w.tag for w in words] + ["-"] * 4
    last = words[-1] if words else None
    features = [
        "a" + text[:1],
        "b" + text[:2],
        "c" + text[:3],
        "d" + first,
        f"e{first}_{second}",
        f"f{tags[0]}",
        f"g{tags[0]}_{tags[1]}",
        f"h{tags[0]}_{tags[1]}_{tags[2]}",
        f"i{tags[0]}_{tags[1]}_{tags[2]}_{tags[3]}",
        f"j{first}_{tags[1]}",
        f"k{tags[0]}_{second}",
        f"l{tags[0]}_{tags[1]}_{third}",
        "m" + (last.text if last else ""),
        f"n{first}_{last.text if last else ''}",
        f"o{min(len(text) // 4, 8)}",
        "p" + ("v" if any(t in ("v", "vn") for t in tags[1:-4]) else "-"),
    ]
    return [_index(f) for f in features]


def ending_indices(text: str, words: Sequence[Word]) -> list[int]:
    """Table rows that describe how a clause ends and whether it can close a statement."""
    texts = ["", ""] + [w.text for w in words]
    tags = ["-", "-", "-"] + [w.tag for w in words]
    first = words[0].text if words else ""
    features = [
        "A" + text[-1:],
        "B" + text[-2:],
        "C" + text[-3:],
        "D" + texts[-1],
        f"E{texts[-2]}_{texts[-1]}",
        f"F{tags[-1]}",
        f"G{tags[-2]}_{tags[-1]}",
        f"H{tags[-3]}_{tags[-2]}_{tags[-1]}",
        f"I{first}_{texts[-1]}",
        f"J{first}_{tags[-1]}",
        "K" + first,
        f"L{min(len(text) // 4, 8)}",
        "M" + text[:2],
    ]
    return [_index(f) for f in features]


def table_sums(table: npt.NDArray[np.float16], rows: Sequence[Sequence[int]]) -> Floats:
    """For each clause the sum of its rows of `table`, shape (clauses,)."""
    lengths = np.array([len(r) for r in rows], dtype=np.int64)
    if not lengths.sum():
        return np.zeros(len(rows))
    flat = np.fromiter((i for r in rows for i in r), dtype=np.int64, count=int(lengths.sum()))
    owner = np.repeat(np.arange(len(rows)), lengths)
    sums: Floats = np.bincount(owner, weights=table[flat].astype(np.float64), minlength=len(rows)).astype(
        np.float64
    )
    return sums

"""Linear scorers over hashed character n-grams: does this read like a headline, an opening, a cut sentence?

Trained by `models/training/segment_train.py`, which imports this module, so hashing is the same on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from briefing.errors import ResourceError

BITS = 16
SIZE = 1 << BITS
Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_PRIMES = np.array([2654435761, 2246822519, 3266489917], np.uint64)
# Hashed bigrams of the cohesion vectors: a page has some 5,000 different ones.
VECTOR_SIZE = 8192
HEAD_CHARS = 48
EDGE_CHARS = 24

# What each scorer reads of a line (or of two lines) and what its score says.
SCORERS = ("head", "open", "close", "joint")


def _mix(values: npt.NDArray[np.uint64], salt: int) -> Ids:
    mixed = (values ^ np.uint64(salt * 0x9E3779B1)) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(40)).astype(np.int64) & (SIZE - 1)


def _codes(text: str) -> npt.NDArray[np.uint64]:
    """Code points; every digit is one character, every Latin letter another."""
    plain = ["0" if c.isdigit() else "a" if c.isascii() and c.isalpha() else c for c in text]
    return np.array([ord(c) for c in plain], np.uint64)


def gram_ids(text: str, salt: int) -> Ids:
    """Ids of the 1-, 2- and 3-grams of `text`, with a mark at both ends."""
    codes = _codes(f"\x02{text}\x03")
    ids = [_mix(codes, salt)]
    if len(codes) > 1:
        ids.append(_mix(codes[:-1] * _PRIMES[0] + codes[1:] * _PRIMES[1], salt + 1))
    if len(codes) > 2:
        ids.append(_mix(codes[:-2] * _PRIMES[0] + codes[1:-1] * _PRIMES[1] + codes[2:] * _PRIMES[2], salt + 2))
    return np.concatenate(ids)


def joint_ids(before: str, after: str) -> Ids:
    """Ids that describe the place where `before` ends and `after` begins."""
    left = "\x02\x02\x02" + before[-3:]
    right = after[:3] + "\x03\x03\x03"
    codes = _codes(left[-3:] + right[:3])
    a, b, c, d, e, f = (int(v) for v in codes)
    mask = (1 << 64) - 1
    rows = [(c, 0, 0), (d, 0, 0), (c, d, 0), (b, c, 0), (d, e, 0), (b, c, d), (c, d, e), (a, b, c), (d, e, f)]
    p = [int(v) for v in _PRIMES]
    values = [(x * p[0] + y * p[1] + z * p[2] + k * 0x632BE5AB) & mask for k, (x, y, z) in enumerate(rows)]
    return _mix(np.array(values, np.uint64), 77)


def ids_of(scorer: str, before: str, after: str = "") -> Ids:
    """Feature ids for one scorer: `joint` reads two lines, the others only `before`."""
    if scorer == "joint":
        return joint_ids(before, after)
    if scorer == "head":
        return gram_ids(before[:HEAD_CHARS], 11)
    if scorer == "open":
        return gram_ids(before[:EDGE_CHARS], 23)
    return gram_ids(before[-EDGE_CHARS:], 41)


def bigram_ids(text: str) -> Ids:
    """Hashed character bigrams of `text` in order, each in 0..VECTOR_SIZE - 1."""
    codes = _codes(text)
    if len(codes) < 2:
        return np.zeros(0, np.int64)
    return _mix(codes[:-1] * _PRIMES[0] + codes[1:] * _PRIMES[1], 5) & (VECTOR_SIZE - 1)


def bigram_vector(text: str) -> npt.NDArray[np.float32]:
    """Counts of hashed character bigrams, square-rooted, shape (VECTOR_SIZE,)."""
    return np.sqrt(np.bincount(bigram_ids(text), minlength=VECTOR_SIZE).astype(np.float32))


@dataclass(frozen=True, slots=True)
class Language:
    """Weights of the scorers, each (SIZE,), their biases, and the idf of the hashed bigrams."""

    weights: dict[str, npt.NDArray[np.float32]]
    biases: dict[str, float]
    idf: npt.NDArray[np.float32]

    def score(self, scorer: str, before: str, after: str = "") -> float:
        """Log-odds of what the scorer detects; the mean-like scaling keeps long and short lines comparable."""
        ids = ids_of(scorer, before, after)
        scale = 1.0 if scorer == "joint" else 1.0 / np.sqrt(len(ids))
        return float(self.weights[scorer][ids].sum() * scale + self.biases[scorer])


def load_language(path: Path) -> Language:
    """Raises ResourceError when the file is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as data:
            return Language(
                {name: data[f"{name}_weights"].astype(np.float32) for name in SCORERS},
                {name: float(data[f"{name}_bias"]) for name in SCORERS},
                data["idf"].astype(np.float32),
            )
    except (OSError, KeyError, ValueError) as err:
        raise ResourceError(
            f"模型文件损坏或缺失（{err}），请重新安装",
            f"model file missing or damaged ({err}): reinstall",
            source=path.name,
        ) from err

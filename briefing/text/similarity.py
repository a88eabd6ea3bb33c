"""How alike two Chinese texts are: hashed character n-grams, no word segmentation.

Marks and white space are left out and full-width letters and digits folded first, so that a reprint with
other marks, line ends or quotation forms stays equal. Hashes depend on nothing but the text: they are the
same on every machine and in every run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
# Everything but letters, digits, ideographs and the per-cent signs.
_MARKS = re.compile(r"[^\w%‰]|_")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def content_codes(text: str) -> Codes:
    """Code points of the letters, digits and ideographs of `text`, folded; everything else left out."""
    folded = _MARKS.sub("", text.translate(_FULL_WIDTH)).lower()
    return np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)


def ngram_hashes(codes: Codes, chars: int) -> Hashes:
    """Hash of the n-gram at each position, shape (len(codes) - chars + 1,); n-grams of different lengths
    get different hashes. Polynomial over the code points, then the SplitMix64 finaliser (Steele et al. 2014).
    """
    count = len(codes) - chars + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    wide = codes.astype(np.uint64)
    value = np.full(count, chars, np.uint64)
    for i in range(chars):
        value = value * _BASE + wide[i : i + count]
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


def shingles(text: str, chars: int) -> Hashes:
    """The set of the n-grams of `text`, sorted."""
    return np.unique(ngram_hashes(content_codes(text), chars))


def shared(a: Hashes, b: Hashes) -> int:
    """How many hashes two sorted sets have in common."""
    if len(a) > len(b):
        a, b = b, a
    if not len(a):
        return 0
    at = np.minimum(np.searchsorted(b, a), len(b) - 1)
    return int((b[at] == a).sum())


def containment(a: Hashes, b: Hashes) -> float:
    """Share of the smaller set that the larger one has too, 0–1; 0 when one is empty."""
    smaller = min(len(a), len(b))
    return shared(a, b) / smaller if smaller else 0.0


def jaccard(a: Hashes, b: Hashes) -> float:
    """Intersection over union, 0–1; 0 when both are empty."""
    common = shared(a, b)
    union = len(a) + len(b) - common
    return common / union if union else 0.0


def sample(hashes: Hashes, one_in: int) -> Hashes:
    """The same one in `one_in` of all possible hashes of every text (mod-p sketch, Broder 1997): the shared
    part of two samples estimates their containment, also of a short text in a long one."""
    kept: Hashes = hashes[hashes % np.uint64(one_in) == 0]
    return kept


def pairs_with_common(
    sets: Sequence[Hashes], weights: Sequence[Floats] | None = None, *, max_neighbours: int
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Index pairs (i < j) that share a hash, shape (pairs, 2), in ascending order, and the sum of the shared
    hashes' weights (their number when `weights` is None), shape (pairs,).

    Each occurrence of a hash is paired with its `max_neighbours` predecessors only, so a hash that stands
    in every text costs a constant per text and the whole stays near-linear in the number of hashes. Copies
    that stand further apart still meet through the ones between them.
    """
    if not sets or not sum(map(len, sets)):
        return np.zeros((0, 2), np.int64), np.zeros(0)
    owner = np.repeat(np.arange(len(sets), dtype=np.int64), [len(s) for s in sets])
    hashes = np.concatenate(list(sets))
    weight = np.ones(len(hashes)) if weights is None else np.concatenate(list(weights))
    order = np.argsort(hashes, kind="stable")
    owner, hashes, weight = owner[order], hashes[order], weight[order]
    keys: list[npt.NDArray[np.int64]] = []
    values: list[Floats] = []
    for step in range(1, max_neighbours + 1):
        same = np.flatnonzero(hashes[step:] == hashes[:-step])
        if not len(same):
            break
        keys.append(owner[same] * len(sets) + owner[same + step])
        values.append(weight[same])
    if not keys:
        return np.zeros((0, 2), np.int64), np.zeros(0)
    unique, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    totals = np.bincount(inverse, weights=np.concatenate(values), minlength=len(unique))
    return np.stack([unique // len(sets), unique % len(sets)], axis=1), totals.astype(np.float64)


@dataclass(frozen=True, slots=True)
class InverseFrequencies:
    """How rare character n-grams are in news: the natural logarithm of (documents / documents with it).

    `keys` (n,) the upper 32 bits of the hashes, sorted; `weights` (n,) float64; an n-gram not listed gets
    `unseen`. With 200,000 entries one unlisted n-gram in 20,000 is taken for a listed one.
    """

    keys: Codes
    weights: Floats
    unseen: float

    def of(self, hashes: Hashes) -> Floats:
        wanted = (hashes >> np.uint64(32)).astype(np.uint32)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, self.weights[at], self.unseen)


@dataclass(frozen=True, slots=True)
class WeightedSet:
    """A sorted set of hashes with a weight each, and the weights' sum and Euclidean norm."""

    hashes: Hashes
    weights: Floats
    total: float
    norm: float


def weighted_set(hashes: Hashes, frequencies: InverseFrequencies) -> WeightedSet:
    """`hashes` (sorted, unique) weighted by rarity."""
    weights = frequencies.of(hashes)
    return WeightedSet(hashes, weights, float(weights.sum()), float(np.sqrt((weights**2).sum())))


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two weighted sets share: `cosine`, share of the weight of a found in b, and of b in a (0–1),
    `heaviest` weight of a shared member (0 when none)."""

    cosine: float
    of_a: float
    of_b: float
    heaviest: float


def overlap(a: WeightedSet, b: WeightedSet) -> Overlap:
    """Overlap of two weighted sets; all zero when one is empty."""
    if not len(a.hashes) or not len(b.hashes):
        return Overlap(0.0, 0.0, 0.0, 0.0)
    small, large = (a, b) if len(a.hashes) <= len(b.hashes) else (b, a)
    at = np.minimum(np.searchsorted(large.hashes, small.hashes), len(large.hashes) - 1)
    weights = small.weights[large.hashes[at] == small.hashes]
    mass = float(weights.sum())
    heaviest = float(weights.max()) if len(weights) else 0.0
    cosine = float((weights**2).sum()) / (a.norm * b.norm)
    return Overlap(cosine, mass / a.total, mass / b.total, heaviest)

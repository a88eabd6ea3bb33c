"""Policy area and importance of articles: character n-grams and a linear model, evaluated with numpy.

The weights (`models/areas/weights.npz`) are trained by `models/training/areas_train.py`, which uses the
features of this module. Which areas a briefing prints, and in what order, is the caller's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from briefing import resources
from briefing.errors import ResourceError
from briefing.records import Article, Classification
from briefing.text.similarity import content_codes, ngram_hashes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AREAS = (
    "时政要闻", "国际港澳台", "民生社会", "法治安全", "党建思想", "文化旅游",
    "经济运行", "产业科技", "乡村振兴", "改革开放", "生态环境", "其他",
)  # fmt: skip
# An article is read three times: its headline stack, its lead, its body.
FIELDS = ("title", "lead", "body")
LEAD_CHARS = 200
BODY_CHARS = 1500
NGRAM_SIZES = (1, 2, 3)
MIN_IMPORTANCE, MAX_IMPORTANCE = 1.0, 5.0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`keys` (n,) uint32: upper halves of the hashes of the listed n-grams, sorted; `idf` (n,)."""

    keys: npt.NDArray[np.uint32]
    idf: Floats

    def vector(self, text: str) -> tuple[Ints, Floats]:
        """Positions in the vocabulary, ascending, and sublinear TF-IDF weights of unit Euclidean length."""
        codes = content_codes(text)
        keys = np.concatenate([ngram_hashes(codes, n) >> np.uint64(32) for n in NGRAM_SIZES]).astype(np.uint32)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found, counts = np.unique(at[self.keys[at] == keys], return_counts=True)
        weights = (1.0 + np.log(counts)) * self.idf[found]
        norm = float(np.sqrt((weights**2).sum()))
        return found, weights / norm if norm else weights


def field_texts(article: Article) -> tuple[str, str, str]:
    """The three texts that are read, in the order of `FIELDS`."""
    title = " ".join(part for part in (article.kicker, article.title, article.subtitle) if part)
    return title, article.text[:LEAD_CHARS], article.text[:BODY_CHARS]


@dataclass(frozen=True, slots=True)
class Classifier:
    """`weights` (fields, n, areas + 1): one column an area, the last one importance; `bias` (areas + 1,).
    Area margins times `sharpness` go through a softmax."""

    vocabulary: Vocabulary
    weights: npt.NDArray[np.float32]
    bias: Floats
    sharpness: float

    def margins(self, article: Article) -> Floats:
        """Raw values, shape (areas + 1,)."""
        total = self.bias.copy()
        for field, text in enumerate(field_texts(article)):
            found, values = self.vocabulary.vector(text)
            total += values @ self.weights[field, found].astype(np.float64)
        return total

    def classify(self, articles: Sequence[Article]) -> list[Classification]:
        """One Classification an article, in order: likeliest area, importance 1–5, all areas' probabilities
        (summing to 1, likeliest first)."""
        return [self._classify(article) for article in articles]

    def _classify(self, article: Article) -> Classification:
        margins = self.margins(article)
        sharpened = self.sharpness * (margins[:-1] - margins[:-1].max())
        probabilities = np.exp(sharpened) / np.exp(sharpened).sum()
        order = np.argsort(-probabilities, kind="stable")
        areas = tuple((AREAS[i], round(float(probabilities[i]), 4)) for i in order)
        importance = float(np.clip(margins[-1], MIN_IMPORTANCE, MAX_IMPORTANCE))
        return Classification(area=areas[0][0], importance=round(importance, 2), areas=areas)


def load_classifier(path: Path | None = None) -> Classifier:
    """The shipped classifier, or the one in `path`. Raises ResourceError."""
    path = path or resources.find("models", "areas", "weights.npz")
    data = resources.read_arrays(path)
    try:
        if tuple(str(a) for a in data["areas"]) != AREAS:
            raise ValueError("other areas than this version's")
        vocabulary = Vocabulary(data["keys"], data["idf"].astype(np.float64))
        # Stored as bytes with one scale per field and column.
        weights = data["weights"].astype(np.float32) * data["scales"].astype(np.float32)[:, None, :]
        return Classifier(vocabulary, weights, data["bias"].astype(np.float64), float(data["sharpness"]))
    except (KeyError, ValueError, TypeError) as err:
        raise ResourceError(
            f"分类模型内容不符（{err}），请重新安装",
            f"not this version's classifier ({err}): reinstall",
            source=str(path),
        ) from err

"""Is a later report of the same matter as an earlier one: told again, or gone on with?

The scorer of events (pairs.py) asks for the same happening, which the next step of a matter is not: its day,
its figures and half of its words are others. What stays are rare words in headline and opening.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from briefing import resources
from briefing.dedupe.pairs import FEATURES, HEAD_CHARS
from briefing.errors import ResourceError
from briefing.records import Article
from briefing.text.similarity import Floats, Hashes, InverseFrequencies, content_codes, ngram_hashes

# The rarest n-grams that two texts share; more of them are mostly parts of the same few names.
_RAREST = 3
_RAREST_OF_HEADS = 6
# A column's name in the headline （经济聚焦）, 【一线抗疫群英谱】 is shared by all that stands in the column.
_COLUMN = re.compile(r"（[^（）]{3,20}）|【[^】]{2,20}】|\([^()]{3,20}\)")
_NAMED = re.compile("[“《]([^”》]{2,30})[”》]")
# The headline of a matter that has gone on: the verb of its next step.
_STEP = re.compile(
    "完成|开幕|闭幕|落下帷幕|结束|启动|首批|第[二三四五六]批|再次|继续|持续|进入|已|新进展|抵|登陆|获|通过|[二三]读|终止|调整|升级|延长|举行|将|更正"
)
_MAX_DAYS = 30

MATTER_FEATURES = (
    *FEATURES, "event_log_odds", "title_pairs_rarest", "title_triples_rarest", "head_pairs_rarest",
    "head_triples_rarest", "title_in_head_pairs", "title_in_head_triples", "title_run", "named_shared",
    "named_conflict", "column_shared", "next_step", "days_between_log",
)  # fmt: skip
# Of the features above, not to be learnt from here: the pairs have neither date nor paper.
UNUSED = frozenset(("day_gap", "same_outlet", "same_outlet_later"))


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of one article, computed once. Weights are of its n-grams, by how rare they are."""

    title: str
    title_grams: dict[int, Hashes]
    head_grams: dict[int, Hashes]
    named: frozenset[str]
    columns: frozenset[str]


def traits(article: Article) -> Traits:
    title = _COLUMN.sub("", article.title)
    head = f"{title}\n{article.text[:HEAD_CHARS]}"
    title_codes, head_codes = content_codes(title), content_codes(head)
    return Traits(
        title="".join(re.findall(r"\w", title)),
        title_grams={n: np.unique(ngram_hashes(title_codes, n)) for n in (2, 3)},
        head_grams={n: np.unique(ngram_hashes(head_codes, n)) for n in (2, 3)},
        named=frozenset(_NAMED.findall(head)),
        columns=frozenset(_COLUMN.findall(article.title)),
    )


def matter_features(
    before: tuple[Article, Traits],
    later: tuple[Article, Traits],
    row: Sequence[float],
    chance: float,
    frequencies: InverseFrequencies,
) -> list[float]:
    """Values of `MATTER_FEATURES`. `row`, `chance`: the pair's features and probability as one event, without
    date and paper."""
    (a, x), (b, y) = before, later

    def rarest(these: Hashes, those: Hashes, count: int = _RAREST) -> float:
        shared = np.intersect1d(these, those, assume_unique=True)
        return float(np.sort(frequencies.of(shared))[-count:].sum()) if len(shared) else 0.0

    days = abs((b.published_on - a.published_on).days) if a.published_on and b.published_on else 1
    run = SequenceMatcher(None, x.title, y.title, autojunk=False).find_longest_match().size
    return [
        *row,
        math.log((chance + 1e-3) / (1 - chance + 1e-3)),
        rarest(x.title_grams[2], y.title_grams[2], 1),
        rarest(x.title_grams[3], y.title_grams[3], 1),
        rarest(x.head_grams[2], y.head_grams[2], _RAREST_OF_HEADS),
        rarest(x.head_grams[3], y.head_grams[3], _RAREST_OF_HEADS),
        *(
            max(rarest(x.title_grams[n], y.head_grams[n]), rarest(y.title_grams[n], x.head_grams[n]))
            for n in (2, 3)
        ),
        float(run),
        float(bool(x.named & y.named)),
        float(bool(x.named and y.named and not x.named & y.named)),
        float(bool(x.columns & y.columns)),
        float(bool(_STEP.search(y.title))),
        math.log(min(max(days, 1), _MAX_DAYS)),
    ]


@dataclass(frozen=True, slots=True)
class MatterScorer:
    """Log-odds that a later report is of an earlier one's matter: features @ `linear` + `bias`."""

    linear: Floats
    bias: float

    def of_features(self, rows: Sequence[Sequence[float]]) -> Floats:
        """Probability (0–1) for each row of `MATTER_FEATURES`."""
        if not len(rows):
            return np.zeros(0)
        result: Floats = 1.0 / (1.0 + np.exp(-(np.asarray(rows, np.float64) @ self.linear + self.bias)))
        return result


def load_matters() -> MatterScorer:
    """The shipped scorer. Raises ResourceError."""
    path = resources.find("models", "events", "matters.npz")
    data = resources.read_arrays(path)
    try:
        linear, bias = data["linear"], float(data["bias"])
        if linear.shape != (len(MATTER_FEATURES),):
            raise ValueError(f"{linear.shape} weights for {len(MATTER_FEATURES)} features")
    except (KeyError, ValueError, TypeError) as err:
        raise ResourceError(
            f"模型文件内容不符（{err}），请重新安装",
            f"not this version's model ({err}): reinstall",
            source=str(path),
        ) from err
    return MatterScorer(linear, bias)

"""Clause values: which clauses of an article belong in its summary, each on its own.

A scorer gives one array an article: the share of the clause's words that a brief of the article is
expected to repeat (0–1, not a probability of being printed; the decoder weighs length and grammar).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from briefing.boosted import Trees, load_trees
from briefing.errors import ConfigError, ResourceError
from briefing.resources import find
from briefing.summarise.features import (
    FEATURES,
    WEAK_FEATURES,
    Floats,
    Reading,
    Tables,
    feature_rows,
    grams,
    group_mean,
    lexical_scores,
    rank_share,
    shifted,
)

# A clause is compared with the better-ranked ones up to twice a usual brief (150 characters).
_BETTER_CHARS = 300
_CONTEXT = (
    "", "_before2", "_before", "_after", "_after2", "_sentence_mean", "_sentence_max", "_rank",
    "_sentence_rank", "_better_chars", "_better_overlap", "_mean", "_max", "_paragraph_mean", "_above_mean",
)  # fmt: skip
_WEAK_COLUMN = np.array([FEATURES.index(name) for name in WEAK_FEATURES])


def context_names(name: str) -> tuple[str, ...]:
    return tuple(name + suffix for suffix in _CONTEXT)


FIRST_FEATURES: tuple[str, ...] = (*FEATURES, *context_names("salience"))
SECOND_FEATURES: tuple[str, ...] = (*FIRST_FEATURES, *context_names("first"))


class ClauseScorer(Protocol):
    """Plugs into the extract engine. `revision` changes when a score can."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def scores(self, readings: Sequence[Reading]) -> list[Floats]:
        """For each article one value a unit, shape (units,)."""
        ...


def score_context(reading: Reading, values: Floats) -> Floats:
    """`values` of an earlier stage and what surrounds them, shape (units, len(_CONTEXT))."""
    units = reading.document.units
    n = len(units)
    sentence = np.array([u.sentence for u in units], dtype=np.int64)
    paragraph = np.array([u.paragraph for u in units], dtype=np.int64)
    sentence_max = np.zeros(n)
    sentence_rank = np.zeros(n)
    for start, end in reading.document.sentences:
        sentence_max[start:end] = values[start:end].max()
        sentence_rank[start:end] = rank_share(values[start:end])
    better_chars = np.zeros(n)
    better_overlap = np.zeros(n)
    chars = 0.0
    covered: set[str] = set()
    for i in np.argsort(-values, kind="stable"):
        own = grams(units[i].text)
        better_chars[i] = chars / _BETTER_CHARS
        better_overlap[i] = len(own & covered) / max(1, len(own))
        chars += len(units[i].text)
        if chars <= _BETTER_CHARS:
            covered |= own
    columns = [
        values,
        *(shifted(values, by) for by in (-2, -1, 1, 2)),
        group_mean(values, sentence),
        sentence_max,
        rank_share(values),
        sentence_rank,
        better_chars,
        better_overlap,
        np.full(n, values.mean()),
        np.full(n, values.max()),
        group_mean(values, paragraph),
        values - values.mean(),
    ]
    return np.column_stack(columns)


@dataclass(frozen=True, slots=True)
class TreeScorer:
    """Boosted trees in two stages over hand features, linear word scores and a headline-trained model."""

    tables: Tables
    weak: Trees
    first: Trees
    second: Trees
    revision: str
    name: str = "trees"

    def scores(self, readings: Sequence[Reading]) -> list[Floats]:
        return self.rows_and_scores(readings)[1]

    def rows_and_scores(self, readings: Sequence[Reading]) -> tuple[list[Floats], list[Floats]]:
        """What the second stage reads, (units, len(SECOND_FEATURES)) an article, and what it says."""
        if not readings:
            return [], []
        base = [
            feature_rows(r, lexical_scores(self.tables.gold, r), lexical_scores(self.tables.weak, r))
            for r in readings
        ]
        rows = add_stage(readings, base, self.weak, _WEAK_COLUMN)
        rows = add_stage(readings, rows, self.first, None)
        return rows, _split(self.second.predict(np.concatenate(rows)), rows)


def _split(values: Floats, rows: Sequence[Floats]) -> list[Floats]:
    return np.split(values, np.cumsum([len(r) for r in rows])[:-1])


def add_stage(
    readings: Sequence[Reading], rows: Sequence[Floats], trees: Trees, columns: np.ndarray | None
) -> list[Floats]:
    """`rows` with the predictions of `trees` and their context appended."""
    matrix = np.concatenate(rows)
    predicted = _split(trees.predict(matrix if columns is None else matrix[:, columns]), rows)
    return [
        np.column_stack([row, score_context(reading, values)])
        for reading, row, values in zip(readings, rows, predicted, strict=True)
    ]


def load_tables(path: Path | None = None) -> Tables:
    """Raises ResourceError when the file is missing or damaged."""
    path = path or find("models", "extract", "tables.npz")
    try:
        with np.load(path, allow_pickle=False) as data:
            return Tables(
                gold=tuple(data["gold"]),
                weak=tuple(data["weak"]),
                onset=data["onset"],
                ending=data["ending"],
                onset_bias=float(data["onset_bias"]),
                ending_bias=float(data["ending_bias"]),
            )
    except (OSError, KeyError, ValueError) as err:
        raise ResourceError(
            f"模型文件损坏或缺失（{err}），请重新安装",
            f"model file missing or damaged ({err}): reinstall",
            source=path.name,
        ) from err


@lru_cache(maxsize=1)
def shared_tables() -> Tables:
    return load_tables()


def _tree_scorer() -> TreeScorer:
    folder = find("models", "extract")
    return TreeScorer(
        tables=shared_tables(),
        weak=load_trees(folder / "weak.npz", WEAK_FEATURES),
        first=load_trees(folder / "first.npz", FIRST_FEATURES),
        second=load_trees(folder / "second.npz", SECOND_FEATURES),
        revision="3",
    )


def _net_scorer() -> ClauseScorer:
    from briefing.summarise.neural import net_scorer

    return net_scorer(_tree_scorer())


SCORERS: dict[str, Callable[[], ClauseScorer]] = {"trees": _tree_scorer, "net": _net_scorer}


def load_scorer(name: str) -> ClauseScorer:
    """Raises ConfigError naming the allowed values, ResourceError when the model is damaged."""
    if name not in SCORERS:
        raise ConfigError(
            f"没有名为“{name}”的分句打分器，可选：{'、'.join(SCORERS)}",
            f"no clause scorer called {name!r}; choose one of {', '.join(SCORERS)}",
            source="scorer",
        )
    return SCORERS[name]()

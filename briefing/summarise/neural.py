"""The neural clause scorer: trees and a clause net that reads their features, averaged (models/clauses)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from briefing.errors import ResourceError
from briefing.resources import find
from briefing.summarise.features import Floats, Reading
from briefing.summarise.neural_inputs import (
    LIGHT_COLUMNS,
    MARK,
    PLACE_SIZES,
    UnigramTokenizer,
    light_features,
    places,
)
from briefing.summarise.neural_net import Array, convolved, head_logits, pooled, read_safetensors
from briefing.summarise.scoring import SECOND_FEATURES, ClauseScorer, TreeScorer

TITLE_MARK = 7
# Rows of a head's output.
_SHARE, _FACTS = 0, 2
# What a clause that surely holds a key fact is worth beyond its share, in characters of full value, and how
# much the decoder's floor rises with it. Out of fold, 418 rows of gold/train, chars/floor -> ROUGE-1 / facts:
# 0/0 61.3 62.6; 3/0 61.6 63.3; 8/0 62.0 63.9; 12/0.03 62.1 64.1; 20/0 62.1 63.8; 20/0.06 62.2 64.1.
FACT_CHARS = 20.0
FACT_FLOOR = 0.06


def combined(net: tuple[Floats, Floats], trees: Floats, chars: Floats, weight: float) -> Floats:
    """Clause values from the net's (share, facts), the trees' share and sizes; `weight` is the net's."""
    share, facts = net
    return weight * share + (1 - weight) * trees + FACT_CHARS * facts / chars - FACT_FLOOR


def printed_chars(reading: Reading) -> Floats:
    return np.array([len(u.text) + 1 for u in reading.document.units], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ClauseNet:
    """`shared`: token vectors, roles, convolutions; `heads`: one a seed, their values are averaged."""

    tokenizer: UnigramTokenizer
    shared: dict[str, Array]
    heads: tuple[dict[str, Array], ...]
    mean: Array
    deviation: Array
    settings: dict[str, Any]

    def values(self, reading: Reading, rows: Floats) -> tuple[Floats, Floats]:
        """Share of each clause that a brief repeats, and how likely it holds a key fact; (units,), 0–1.
        `rows`: second-stage features."""
        document = reading.document
        title = document.article.title
        pieces = [self.tokenizer.encode(u.text + u.mark) for u in document.units]
        count = len(pieces) + 1
        place = np.zeros((count, len(PLACE_SIZES)), np.int64)
        place[0, MARK] = TITLE_MARK
        place[1:] = places(document)
        light = np.zeros((count, LIGHT_COLUMNS), np.float32)
        light[1:] = light_features([u.text for u in document.units], title)
        features = np.zeros((count, rows.shape[1]), np.float32)
        features[1:] = np.clip((rows - self.mean) / self.deviation, -4, 4)
        vectors = self._vectors(pieces, title, place)
        heads = int(self.settings["article_heads"])
        logits = [head_logits(h, vectors, (light, place, features), heads)[1:] for h in self.heads]
        means = np.mean([1 / (1 + np.exp(-v.astype(np.float64))) for v in logits], 0)
        return means[:, _SHARE], means[:, _FACTS]

    def _vectors(self, pieces: list[list[int]], title: str, place: npt.NDArray[np.int64]) -> Array:
        """Pooled clause vectors, the title's first; whole articles, window by window between clauses."""
        title_ids = [int(self.settings["title_id"])]
        if title:
            title_ids += self.tokenizer.encode(title)[: int(self.settings["max_title_tokens"])]
        room = int(self.settings["window_tokens"]) - len(title_ids)
        roles = sum(self.shared[f"roles.{c}.weight"][place[:, c]] for c in range(3))
        windows: list[list[int]] = [[]]
        filled = 0
        for number, ids in enumerate(pieces, 1):
            if filled + len(ids) > room and windows[-1]:
                windows.append([])
                filled = 0
            windows[-1].append(number)
            filled += len(ids)
        states, owners = [], []
        for window in windows:
            ids = [*title_ids, *(i for number in window for i in pieces[number - 1])]
            owner = np.repeat([0, *window], [len(title_ids), *(len(pieces[n - 1]) for n in window)])
            embedded = self.shared["encoder.embeddings.weight"][ids] + np.asarray(roles)[owner]
            states.append(convolved(self.shared, embedded))
            owners.append(owner)
        return pooled(np.concatenate(states), np.concatenate(owners), len(pieces) + 1)


def load_net(folder: Path | None = None) -> ClauseNet:
    """Raises ResourceError when a file is missing, damaged or made for other features."""
    folder = folder or find("models", "clauses")
    weights: dict[str, Array] = {}
    for shard in sorted(folder.glob("*.safetensors")):
        weights |= read_safetensors(shard)
    try:
        settings = json.loads((folder / "config.json").read_text("utf-8"))
        vocabulary = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
        tokenizer = UnigramTokenizer(
            [(str(p), float(s)) for p, s in vocabulary], settings["special"], settings["unknown_id"]
        )
        if tuple(settings["features"]) != SECOND_FEATURES:
            raise ValueError("made for other clause features")
        heads = tuple(
            {k.partition(".")[2]: v for k, v in weights.items() if k.startswith(f"head{n}.")}
            for n in range(settings["seeds"])
        )
        shared = {k: v for k, v in weights.items() if k.startswith(("encoder.", "roles."))}
        return ClauseNet(tokenizer, shared, heads, weights["scale.mean"], weights["scale.deviation"], settings)
    except (OSError, KeyError, ValueError) as err:
        raise ResourceError(
            f"模型文件损坏或缺失（{err}），请重新安装",
            f"model file missing or damaged ({err}): reinstall",
            source=str(folder),
        ) from err


@dataclass(frozen=True, slots=True)
class NetScorer:
    """Weighted mean of the net's and the trees' values; both estimate the same share."""

    trees: TreeScorer
    net: ClauseNet
    weight: float
    revision: str
    name: str = "net"

    def scores(self, readings: Sequence[Reading]) -> list[Floats]:
        rows, trees = self.trees.rows_and_scores(readings)
        return [
            combined(self.net.values(reading, row), values, printed_chars(reading), self.weight)
            for reading, row, values in zip(readings, rows, trees, strict=True)
        ]


def net_scorer(trees: TreeScorer) -> ClauseScorer:
    net = load_net()
    return NetScorer(trees, net, float(net.settings["weight"]), str(net.settings["revision"]))

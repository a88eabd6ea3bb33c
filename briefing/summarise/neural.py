"""The neural clause scorer: trees and a clause net that reads their features, averaged (models/clauses)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from briefing.errors import ConfigError, ResourceError
from briefing.resources import find
from briefing.summarise.features import Floats, Reading
from briefing.summarise.neural_inputs import Array, ClauseBatch, UnigramTokenizer, WindowLimits, read_batch
from briefing.summarise.neural_net import NumpyForward, load_weights, read_safetensors
from briefing.summarise.scoring import SECOND_FEATURES, ClauseScorer, TreeScorer

# Keys of config.json, in the order of WindowLimits.
_LIMITS = ("title_id", "max_title_tokens", "window_tokens")
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


# (K, 3) mean probabilities of the heads, float64; numpy's or torch's.
Forward = Callable[[ClauseBatch], Floats]


@dataclass(frozen=True, slots=True)
class ClauseNet:
    """`mean`, `deviation`: scale of the second-stage features; `forward`: the weights, by numpy or by torch."""

    tokenizer: UnigramTokenizer
    forward: Forward
    mean: Array
    deviation: Array
    settings: dict[str, Any]

    def values(self, reading: Reading, rows: Floats) -> tuple[Floats, Floats]:
        """Share of each clause that a brief repeats, and how likely it holds a key fact; (units,), 0–1.
        `rows`: second-stage features."""
        return self.batch_values([reading], [rows])[0]

    def batch_values(self, readings: Sequence[Reading], rows: Sequence[Floats]) -> list[tuple[Floats, Floats]]:
        """`values` of each article, read together: large matrices keep a core two to three times as busy."""
        if not readings:
            return []
        batch = self.batch(readings, rows)
        found = self.forward(batch)
        return [(found[a + 1 : b, _SHARE], found[a + 1 : b, _FACTS]) for a, b in batch.ranges()]

    def batch(self, readings: Sequence[Reading], rows: Sequence[Floats]) -> ClauseBatch:
        scaled = [np.asarray(np.clip((r - self.mean) / self.deviation, -4, 4), np.float32) for r in rows]
        limits = WindowLimits(*(int(self.settings[k]) for k in _LIMITS))
        return read_batch([r.document for r in readings], scaled, self.tokenizer, limits)


def load_net(folder: Path | None = None) -> ClauseNet:
    """The net evaluated by numpy. Raises ResourceError when a file is missing, damaged or made for other
    features."""
    folder = folder or find("models", "clauses")
    weights: dict[str, Array] = {}
    for shard in sorted(folder.glob("*.safetensors")):
        weights |= read_safetensors(shard)
    try:
        settings, tokenizer = _described(folder)
        forward = NumpyForward(load_weights(weights, settings["nets"]), int(settings["article_heads"]))
        return ClauseNet(tokenizer, forward, weights["scale.mean"], weights["scale.deviation"], settings)
    except (OSError, KeyError, ValueError) as err:
        raise _damaged(folder, err) from err


def load_torch_net(folder: Path | None = None, device: str = "cpu") -> ClauseNet:
    """The same net through transformers and torch (extra `neural`), on `device`. Raises ResourceError."""
    from briefing.summarise.clause_model_torch import TorchForward, load_clause_model

    folder = folder or find("models", "clauses")
    model = load_clause_model(folder, device)
    try:
        settings, tokenizer = _described(folder)
    except (OSError, KeyError, ValueError) as err:
        raise _damaged(folder, err) from err
    mean, deviation = (np.asarray(getattr(model.scale, n).cpu().numpy()) for n in ("mean", "deviation"))
    return ClauseNet(tokenizer, TorchForward(model), mean, deviation, settings)


def _described(folder: Path) -> tuple[dict[str, Any], UnigramTokenizer]:
    settings = json.loads((folder / "config.json").read_text("utf-8"))
    vocabulary = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    pieces = [(str(p), float(s)) for p, s in vocabulary]
    if tuple(settings["features"]) != SECOND_FEATURES:
        raise ValueError("made for other clause features")
    return settings, UnigramTokenizer(pieces, settings["special"], settings["unknown_id"])


def _damaged(folder: Path, err: Exception) -> ResourceError:
    return ResourceError(
        f"模型文件损坏或缺失（{err}），请重新安装",
        f"model file missing or damaged ({err}): reinstall",
        source=str(folder),
    )


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
        nets = self.net.batch_values(readings, rows)
        return [
            combined(net, values, printed_chars(reading), self.weight)
            for reading, net, values in zip(readings, nets, trees, strict=True)
        ]


# How the net is evaluated; "" stands for numpy. Values differ by less than 1e-4, summaries do not.
BACKENDS: dict[str, Callable[[], ClauseNet]] = {"numpy": load_net, "torch": load_torch_net}
BACKEND_VARIABLE = "BRIEFING_CLAUSES"


def net_scorer(trees: TreeScorer) -> ClauseScorer:
    """Raises ConfigError for a backend that is none, ResourceError when the model is damaged."""
    name = os.environ.get(BACKEND_VARIABLE) or "numpy"
    if name not in BACKENDS:
        raise ConfigError(
            f"环境变量 {BACKEND_VARIABLE} 的值 {name!r} 无效，可选：{'、'.join(BACKENDS)}",
            f"{BACKEND_VARIABLE}={name!r} is no backend; choose one of {', '.join(BACKENDS)}",
            source="environment",
        )
    net = BACKENDS[name]()
    return NetScorer(trees, net, float(net.settings["weight"]), str(net.settings["revision"]))

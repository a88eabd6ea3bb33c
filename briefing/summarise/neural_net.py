"""The clause net's forward pass in numpy: convolutions over tokens, pooled clauses, a transformer over them.

Small enough (some six million parameters a net) that numpy is as fast as torch (docs/decisions/0009), which
need not be installed. Tests hold it against the torch form (clause_model_torch.py), of the same files.
Shapes: N tokens of all windows, D hidden, K clauses of all articles, titles among them, E article width.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from briefing.errors import ResourceError
from briefing.summarise.neural_inputs import Array, ClauseBatch, Floats

Weights = Mapping[str, Array]
# Logits a clause: share, gain, fact.
OUTPUTS = 3
# Tokens whose convolutions are made together: bounds memory (some 20 MB) on articles of any length.
CHUNK_TOKENS = 4096
_TYPES = {"F16": np.float16, "F32": np.float32}


def read_safetensors(path: Path) -> dict[str, Array]:
    """Tensors as float32 (format: huggingface.co/docs/safetensors). Raises ResourceError."""
    try:
        raw = path.read_bytes()
        size = int.from_bytes(raw[:8], "little")
        header = json.loads(raw[8 : 8 + size])
        found = {}
        for name, entry in header.items():
            if name != "__metadata__":
                start, end = entry["data_offsets"]
                flat = np.frombuffer(raw[8 + size + start : 8 + size + end], _TYPES[entry["dtype"]])
                found[name] = flat.reshape(entry["shape"]).astype(np.float32)
    except (OSError, KeyError, ValueError) as err:
        raise ResourceError(
            f"模型文件损坏或缺失（{err}），请重新安装",
            f"model file missing or damaged ({err}): reinstall",
            source=path.name,
        ) from err
    return found


def erf(x: Array) -> Array:
    """Abramowitz & Stegun 7.1.26, error below 2e-7."""
    size = np.abs(x, dtype=np.float32)
    t = np.reciprocal(1 + np.float32(0.3275911) * size)
    series = t * np.float32(1.061405429)
    # In place: on the states of sixteen articles the arrays between would cost more than the arithmetic.
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series += np.float32(factor)
        series *= t
    size *= size
    np.negative(size, out=size)
    np.exp(size, out=size)
    series *= size
    np.subtract(1, series, out=series)
    return np.copysign(series, x, out=series)


def gelu(x: Array) -> Array:
    made = erf(x * np.float32(0.70710678))
    made += 1
    made *= x
    made *= np.float32(0.5)
    return made


def linear(w: Weights, name: str, x: Array) -> Array:
    made = x @ w[f"{name}.weight"].T
    bias = w.get(f"{name}.bias")
    return made if bias is None else made + bias


def layer_norm(w: Weights, name: str, x: Array) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(1e-5))
    return np.asarray(scaled * w[f"{name}.weight"] + w[f"{name}.bias"], np.float32)


def convolved(w: Weights, embedded: Array, starts: npt.NDArray[np.int64]) -> Array:
    """Token states (N, D) of windows that begin at `starts`: two residual convolutions of width 3."""
    states = embedded
    for k in range(2):
        inner = layer_norm(w, f"encoder.norms.{k}", states)
        wide = np.zeros((len(inner), 3, inner.shape[1]), np.float32)
        wide[:, 1] = inner
        wide[1:, 0], wide[:-1, 2] = inner[:-1], inner[1:]
        # A window sees nothing of its neighbours.
        wide[starts, 0] = 0
        wide[starts[1:] - 1, 2] = 0
        kernel = w[f"encoder.layers.{k}.weight"]  # (D out, D in, 3)
        made = wide.reshape(len(inner), -1) @ kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0])
        made += w[f"encoder.layers.{k}.bias"]
        states = states + gelu(made)
    return states


def pooled(states: Array, owner: npt.NDArray[np.int64], clauses: int) -> Array:
    """Mean and maximum of each clause's tokens, (K, 2 D); 0 for a clause without tokens."""
    order = np.argsort(owner, kind="stable")
    present, first, count = np.unique(owner[order], return_index=True, return_counts=True)
    found = np.zeros((clauses, 2 * states.shape[1]), np.float32)
    ranked = states[order]
    found[present, : states.shape[1]] = np.add.reduceat(ranked, first) / count[:, None]
    found[present, states.shape[1] :] = np.maximum.reduceat(ranked, first)
    return found


def sinusoids(position: npt.NDArray[np.int64], width: int) -> Array:
    """(K, width), as in training (model.py)."""
    rates = np.exp(np.arange(0, width, 2) * (-np.log(10_000.0) / width))
    angles = position[:, None] * rates
    return np.asarray(0.1 * np.concatenate([np.sin(angles), np.cos(angles)], 1)[:, :width], np.float32)


def attended(w: Weights, name: str, x: Array, batch: ClauseBatch, heads: int) -> Array:
    """Self-attention over the clauses of each article, (K, E)."""
    width = x.shape[1]
    packed = (x @ w[f"{name}.in_proj_weight"].T + w[f"{name}.in_proj_bias"]).reshape(len(x), 3, heads, -1)
    found = np.empty_like(x)
    for start, end in batch.ranges():
        q, k, v = packed[start:end].transpose(1, 2, 0, 3)
        weight = q @ k.transpose(0, 2, 1)
        weight *= np.float32((width // heads) ** -0.5)
        weight -= weight.max(-1, keepdims=True)
        np.exp(weight, out=weight)
        weight /= weight.sum(-1, keepdims=True)
        found[start:end] = (weight @ v).transpose(1, 0, 2).reshape(end - start, width)
    return linear(w, f"{name}.out_proj", found)


def head_logits(w: Weights, vectors: Array, batch: ClauseBatch, heads: int) -> Array:
    """(K, 3) from pooled clauses. A head of a net that reads the text alone has no weights for features."""
    reads_features = "features.1.weight" in w
    clauses = linear(w, "inward.2", layer_norm(w, "inward.0", vectors))
    position, sizes = batch.positions(), np.repeat(batch.sizes, batch.sizes)
    share = (position / sizes)[:, None]
    length = (np.log2(sizes) / 10)[:, None]
    extra = np.concatenate([batch.light, share, length], 1, dtype=np.float32)
    x = clauses + linear(w, "light.2", gelu(linear(w, "light.0", extra)))
    for column in range(batch.place.shape[1]):
        x += w[f"places.{column}.weight"][batch.place[:, column]]
    x += sinusoids(position, x.shape[1])
    if reads_features:
        more = linear(w, "features.4", gelu(linear(w, "features.1", batch.features)))
        x += more
    layer = 0
    while f"article.layers.{layer}.linear1.weight" in w:
        name = f"article.layers.{layer}"
        x += attended(w, f"{name}.self_attn", layer_norm(w, f"{name}.norm1", x), batch, heads)
        inner = gelu(linear(w, f"{name}.linear1", layer_norm(w, f"{name}.norm2", x)))
        x += linear(w, f"{name}.linear2", inner)
        layer += 1
    logits = linear(w, "out.2", layer_norm(w, "out.0", x))
    return logits + linear(w, "again", more) if reads_features else logits


@dataclass(frozen=True, slots=True)
class NetWeights:
    """`shared`: token vectors, roles, convolutions; `heads`: one a seed, their values are averaged; `weight`:
    the net's among the others."""

    shared: dict[str, Array]
    heads: tuple[dict[str, Array], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class NumpyForward:
    """Probabilities (K, 3): mean of the nets by their weights, of each net over its heads."""

    nets: tuple[NetWeights, ...]
    article_heads: int

    def __call__(self, batch: ClauseBatch) -> Floats:
        total = np.zeros((len(batch.place), OUTPUTS))
        for net in self.nets:
            vectors = clause_vectors(net.shared, batch)
            logits = [head_logits(h, vectors, batch, self.article_heads) for h in net.heads]
            total += net.weight * np.mean([1 / (1 + np.exp(-v.astype(np.float64))) for v in logits], 0)
        return np.asarray(total / sum(net.weight for net in self.nets), np.float64)


def clause_vectors(shared: Weights, batch: ClauseBatch) -> Array:
    """Pooled clause vectors, (K, 2 D). A title's come from every window of its article."""
    roles = np.asarray(sum(shared[f"roles.{c}.weight"][batch.place[:, c]] for c in range(3)))
    states: list[Array] = []
    for chunk in batch.chunks(CHUNK_TOKENS):
        ids = np.concatenate([batch.windows[n] for n in chunk])
        owner = np.concatenate([batch.owners[n] for n in chunk])
        starts = np.cumsum([0, *(len(batch.windows[n]) for n in chunk[:-1])])
        embedded = shared["encoder.embeddings.weight"][ids] + roles[owner]
        states.append(convolved(shared, embedded, starts))
    return pooled(np.concatenate(states), np.concatenate(batch.owners), len(batch.place))


def load_weights(weights: Weights, nets: Sequence[Mapping[str, Any]]) -> tuple[NetWeights, ...]:
    """The nets of config.json's `nets` from tensors named `net0.encoder.…`, `net0.head0.…`. Raises KeyError."""
    found = []
    for number, described in enumerate(nets):
        shared = _below(weights, f"net{number}.")
        heads = tuple(_below(shared, f"head{k}.") for k in range(described["heads"]))
        if not shared or not all(heads):
            raise KeyError(f"net{number}")
        kept = {k: v for k, v in shared.items() if not k.startswith("head")}
        found.append(NetWeights(kept, heads, float(described["weight"])))
    return tuple(found)


def _below(weights: Weights, prefix: str) -> dict[str, Array]:
    return {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}

"""The clause net's forward pass in numpy: convolutions over tokens, pooled clauses, a transformer over them.

Small enough (a few million parameters) that numpy is as fast as torch for one article, so the default engine
needs neither torch nor a fallback. A test holds it against the torch model that was trained.
Shapes: T tokens of a window, D hidden, K clauses with the title first, E article width.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from briefing.errors import ResourceError

Array = npt.NDArray[np.float32]
Weights = Mapping[str, Array]
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
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(np.sign(x) * (1 - series * np.exp(-x * x)), np.float32)


def gelu(x: Array) -> Array:
    return np.asarray(0.5 * x * (1 + erf(x * np.float32(0.70710678))), np.float32)


def linear(w: Weights, name: str, x: Array) -> Array:
    made = x @ w[f"{name}.weight"].T
    bias = w.get(f"{name}.bias")
    return made if bias is None else made + bias


def layer_norm(w: Weights, name: str, x: Array) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(1e-5))
    return np.asarray(scaled * w[f"{name}.weight"] + w[f"{name}.bias"], np.float32)


def convolved(w: Weights, embedded: Array) -> Array:
    """Token states (T, D): two residual convolutions of width 3."""
    states = embedded
    for k in range(2):
        inner = layer_norm(w, f"encoder.norms.{k}", states)
        edge = np.zeros((1, inner.shape[1]), np.float32)
        wide = np.concatenate([np.concatenate([edge, inner[:-1]]), inner, np.concatenate([inner[1:], edge])], 1)
        kernel = w[f"encoder.layers.{k}.weight"]  # (D out, D in, 3)
        made = wide @ kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0])
        states = states + gelu(made + w[f"encoder.layers.{k}.bias"])
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


def sinusoids(count: int, width: int) -> Array:
    """(count, width), as in training (model.py)."""
    rates = np.exp(np.arange(0, width, 2) * (-np.log(10_000.0) / width))
    angles = np.arange(count)[:, None] * rates
    return np.asarray(0.1 * np.concatenate([np.sin(angles), np.cos(angles)], 1)[:, :width], np.float32)


def attended(w: Weights, name: str, x: Array, heads: int) -> Array:
    """Self-attention over all clauses of one article, (K, E)."""
    count, width = x.shape
    packed = x @ w[f"{name}.in_proj_weight"].T + w[f"{name}.in_proj_bias"]
    q, k, v = packed.reshape(count, 3, heads, width // heads).transpose(1, 2, 0, 3)
    weight = q @ k.transpose(0, 2, 1) / np.float32((width // heads) ** 0.5)
    weight = np.exp(weight - weight.max(-1, keepdims=True))
    weight /= weight.sum(-1, keepdims=True)
    return linear(w, f"{name}.out_proj", (weight @ v).transpose(1, 0, 2).reshape(count, width))


def head_logits(
    w: Weights, vectors: Array, inputs: tuple[Array, npt.NDArray[np.int64], Array], heads: int
) -> Array:
    """(K, 3) from pooled clauses and `inputs`: light features (K, 8), places (K, 5), tree features (K, F)."""
    light, place, features = inputs
    count = len(vectors)
    more = linear(w, "features.4", gelu(linear(w, "features.1", features)))
    clauses = linear(w, "inward.2", layer_norm(w, "inward.0", vectors))
    share = np.arange(count, dtype=np.float32)[:, None] / count
    length = np.full((count, 1), np.log2(count) / 10, np.float32)
    extra = np.concatenate([light, share, length], 1, dtype=np.float32)
    x = clauses + linear(w, "light.2", gelu(linear(w, "light.0", extra)))
    for column in range(place.shape[1]):
        x = x + w[f"places.{column}.weight"][place[:, column]]
    x = x + sinusoids(count, x.shape[1]) + more
    layer = 0
    while f"article.layers.{layer}.linear1.weight" in w:
        name = f"article.layers.{layer}"
        x = x + attended(w, f"{name}.self_attn", layer_norm(w, f"{name}.norm1", x), heads)
        inner = gelu(linear(w, f"{name}.linear1", layer_norm(w, f"{name}.norm2", x)))
        x = x + linear(w, f"{name}.linear2", inner)
        layer += 1
    return linear(w, "out.2", layer_norm(w, "out.0", x)) + linear(w, "again", more)

"""Evaluates gradient-boosted trees with numpy alone.

The trees are trained with LightGBM (`models/training/`) and exported to an .npz of flat arrays. Reading
them here, instead of importing LightGBM, keeps a native library (and its OpenMP runtime, which slim
systems lack) out of what a user installs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from briefing.errors import ResourceError
from briefing.resources import read_arrays

Floats = npt.NDArray[np.float64]
# Rows evaluated at a time: bounds the (rows, trees) work arrays to a few tens of megabytes.
_CHUNK_ROWS = 2048


@dataclass(frozen=True, slots=True)
class Trees:
    """All trees in flat arrays; a leaf points at itself.

    feature (n,) int16, threshold (n,) float64, left/right (n,) int32, value (n,) float64,
    roots (trees,) int32, `depth`: edges on the longest path. A row goes left where x <= threshold.
    """

    feature: npt.NDArray[np.int16]
    threshold: Floats
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: Floats
    roots: npt.NDArray[np.int32]
    depth: int
    feature_names: tuple[str, ...]

    def predict(self, rows: npt.ArrayLike) -> Floats:
        """Sum of the leaf values of every tree (the raw margin), shape (rows,)."""
        x = np.asarray(rows, dtype=np.float64)
        if x.ndim != 2 or x.shape[1] != len(self.feature_names):
            raise ValueError(f"want (rows, {len(self.feature_names)}) features, got {x.shape}")
        if not len(x):
            return np.zeros(0)
        parts = [self._margin(x[i : i + _CHUNK_ROWS]) for i in range(0, len(x), _CHUNK_ROWS)]
        return np.concatenate(parts)

    def _margin(self, x: Floats) -> Floats:
        at = np.broadcast_to(self.roots, (len(x), len(self.roots))).copy()
        row = np.arange(len(x))[:, None]
        for _ in range(self.depth):
            feature = self.feature[at]
            go_left = x[row, feature] <= self.threshold[at]
            # Leaves point at themselves, so a short branch waits for the long ones.
            at = np.where(go_left, self.left[at], self.right[at])
        margin: Floats = self.value[at].sum(axis=1)
        return margin


def load_trees(path: Path, feature_names: tuple[str, ...] | None = None) -> Trees:
    """Trees from an .npz that `models/training/export_trees.py` wrote.

    Raises ResourceError when the file is missing, damaged, or was trained on other features than
    `feature_names`.
    """
    data = read_arrays(path)
    try:
        trees = Trees(
            feature=data["feature"],
            threshold=data["threshold"].astype(np.float64),
            left=data["left"],
            right=data["right"],
            value=data["value"].astype(np.float64),
            roots=data["roots"],
            depth=int(data["depth"]),
            feature_names=tuple(str(n) for n in data["feature_names"]),
        )
    except (KeyError, ValueError, TypeError) as err:
        raise ResourceError(
            f"模型文件内容不符（{err}），请重新安装",
            f"model file is not one ({err}): reinstall",
            source=str(path),
        ) from err
    if feature_names is not None and trees.feature_names != feature_names:
        raise ResourceError(
            "模型文件与程序版本不符，请重新安装",
            "model file was trained on other features than this version computes: reinstall",
            source=str(path),
        )
    return trees

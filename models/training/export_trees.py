"""Writes a trained LightGBM booster as the flat arrays that `briefing.boosted` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def export_trees(booster: Any, path: Path) -> None:
    """Save `booster` (numeric features, no missing values) as .npz; thresholds stay float64, because a
    rounded threshold sends border rows to the other side."""
    model = booster.dump_model()
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []
    depth = 0

    def add(node: dict[str, Any], level: int) -> int:
        nonlocal depth
        depth = max(depth, level)
        here = len(feature)
        feature.append(0)
        threshold.append(np.inf)
        left.append(here)
        right.append(here)
        value.append(float(node.get("leaf_value", 0.0)))
        if "split_feature" in node:
            assert node["decision_type"] == "<="
            feature[here] = node["split_feature"]
            threshold[here] = node["threshold"]
            value[here] = 0.0
            left[here] = add(node["left_child"], level + 1)
            right[here] = add(node["right_child"], level + 1)
        return here

    roots = [add(tree["tree_structure"], 0) for tree in model["tree_info"]]
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        feature=np.array(feature, np.int16),
        threshold=np.array(threshold, np.float64),
        left=np.array(left, np.int32),
        right=np.array(right, np.int32),
        value=np.array(value, np.float32),
        roots=np.array(roots, np.int32),
        depth=np.int32(depth),
        feature_names=np.array(model["feature_names"]),
    )

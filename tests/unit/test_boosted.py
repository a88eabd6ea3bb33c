"""Trees evaluated with numpy: values by hand, and every way a model file can be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from briefing.boosted import load_trees
from briefing.errors import ResourceError

# One stump on feature 1 at 0.5 (-1 or +2), and one leaf of 10.
STUMP = {
    "feature": np.array([1, 0, 0, 0], np.int16),
    "threshold": np.array([0.5, np.inf, np.inf, np.inf]),
    "left": np.array([1, 1, 2, 3], np.int32),
    "right": np.array([2, 1, 2, 3], np.int32),
    "value": np.array([0, -1, 2, 10], np.float32),
    "roots": np.array([0, 3], np.int32),
    "depth": np.int32(1),
    "feature_names": np.array(["a", "b"]),
}


def save(path: Path, **changes: object) -> Path:
    np.savez(path, **{**STUMP, **changes})  # type: ignore[arg-type]
    return path


def test_trees_sum_their_leaves_and_the_border_goes_left(tmp_path: Path) -> None:
    trees = load_trees(save(tmp_path / "m.npz"), ("a", "b"))
    assert trees.predict([[9, 0.4], [9, 0.5], [9, 0.51]]).tolist() == [9, 9, 12]
    assert trees.predict(np.zeros((0, 2))).tolist() == []


def test_many_rows_give_the_same_as_few(tmp_path: Path) -> None:
    trees = load_trees(save(tmp_path / "m.npz"))
    rows = np.random.default_rng(0).random((5000, 2))
    assert np.array_equal(trees.predict(rows), np.where(rows[:, 1] <= 0.5, 9.0, 12.0))


def test_rows_of_another_width_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2"):
        load_trees(save(tmp_path / "m.npz")).predict([[1.0, 2.0, 3.0]])


@pytest.mark.parametrize("damage", ["missing", "not a model", "other features"])
def test_a_wrong_model_file_is_a_resource_error_naming_it(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "m.npz"
    if damage == "not a model":
        path.write_bytes(b"PK\x03\x04 broken")
    elif damage == "other features":
        save(path)
    with pytest.raises(ResourceError) as caught:
        load_trees(path, ("a", "c"))
    assert caught.value.source == str(path)


def test_exported_boosters_predict_what_lightgbm_predicts(tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm", reason="training extra is not installed (make gate installs it)")
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        "export_trees", Path(__file__).parents[2] / "models" / "training" / "export_trees.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rng = np.random.default_rng(1)
    x = rng.normal(size=(600, 5))
    y = x[:, 0] * x[:, 1] + rng.normal(size=600) * 0.1
    booster = lightgbm.train(
        {"num_leaves": 7, "verbose": -1, "num_threads": 1, "min_data_in_leaf": 5},
        lightgbm.Dataset(x, y, feature_name=list("abcde")),
        30,
    )
    module.export_trees(booster, tmp_path / "t.npz")
    # Leaf values are stored as float32: thirty of them differ by less than 1e-5 together.
    assert np.allclose(load_trees(tmp_path / "t.npz", tuple("abcde")).predict(x), booster.predict(x), atol=1e-5)

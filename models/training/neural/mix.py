"""Act 4d: the out-of-fold values of several kinds of net as those of one, for the chooser's drafts.

    python models/training/neural/mix.py --work DIR net:1 text:2 [--out mixed]

Reads work/stack/NAME.npz of each; each kind is the mean of its seeds, the kinds are averaged by the weights.
Articles that one of them lacks are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

Key = tuple[str, bool]


def values_of(path: Path) -> dict[Key, np.ndarray]:
    """Probabilities (clauses, 3) of each copy that a fold was trained without: logits of others are 0."""
    saved = np.load(path)
    spans = list(zip(saved["bounds"], saved["bounds"][1:], strict=False))
    found = {}
    for (a, b), id_, hidden in zip(spans, saved["ids"], saved["hidden"], strict=True):
        logits = saved["logits"][:, a:b].astype(float)
        if logits.any():
            found[str(id_), bool(hidden)] = (1 / (1 + np.exp(-logits))).mean(0)
    return found


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", default="mixed")
    parser.add_argument("kinds", nargs="+", metavar="NAME:WEIGHT")
    args = parser.parse_args(argv)
    folder = args.work / "stack"
    kinds = []
    for kind in args.kinds:
        name, _, weight = kind.partition(":")
        kinds.append((values_of(folder / f"{name}.npz"), float(weight or 1)))
    total = sum(weight for _, weight in kinds)
    first = kinds[0][0]
    keys = [
        key
        for key in first
        if all(key in values and len(values[key]) == len(first[key]) for values, _ in kinds)
    ]
    means = [np.asarray(sum(weight * values[key] for values, weight in kinds) / total) for key in keys]
    flat = np.clip(np.concatenate(means), 1e-6, 1 - 1e-6)
    np.savez(
        folder / f"{args.out}.npz",
        logits=np.log(flat / (1 - flat))[None].astype(np.float32),
        ids=np.array([id_ for id_, _ in keys]),
        hidden=np.array([hidden for _, hidden in keys]),
        bounds=np.cumsum([0, *(len(m) for m in means)]),
    )
    print(f"{len(keys)} of {len(first)} copies in {args.out}.npz")


if __name__ == "__main__":
    main()

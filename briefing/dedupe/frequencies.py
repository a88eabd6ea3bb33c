"""Reads how rare each character pair is in news; written by `models/training/events_frequencies.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from briefing import resources
from briefing.errors import ResourceError
from briefing.text.similarity import InverseFrequencies


def load_frequencies(path: Path) -> InverseFrequencies:
    """The table that `models/training/events_frequencies.py` wrote. Raises ResourceError."""
    data = resources.read_arrays(path)
    try:
        weights = data["weights"].astype(np.float64) * float(data["scale"])
        return InverseFrequencies(data["keys"], weights, float(data["unseen"]))
    except (KeyError, ValueError, TypeError) as err:
        raise ResourceError(
            f"词频表内容不符（{err}），请重新安装",
            f"frequency table is not one ({err}): reinstall",
            source=str(path),
        ) from err

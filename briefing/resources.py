"""Finds files that ship with the package: in a wheel, an editable install and a checkout alike.

A wheel carries `models/`, `prompts/` and `samples/` under `briefing/_shipped/` (pyproject.toml,
force-include); an editable install ignores force-include, so there the checkout itself is searched.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.errors import ResourceError

if TYPE_CHECKING:
    import numpy.typing as npt

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "_shipped", _PACKAGE.parent)


# Lists, in each folder that the program writes into, its own files and their hashes.
WRITTEN_MANIFEST = ".briefing-written.json"


def written_hashes(folder: str | Path) -> dict[str, list[str]]:
    """File name -> hashes of the last two bodies that the program wrote there; a damaged list knows nothing."""
    try:
        found = json.loads((Path(folder) / WRITTEN_MANIFEST).read_text("utf-8"))
        return {str(name): [str(h) for h in hashes] for name, hashes in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def written_names(folder: str | Path) -> frozenset[str]:
    """Names of the files that the program wrote into `folder`."""
    return frozenset(written_hashes(folder))


def find(*parts: str) -> Path:
    """Path of a shipped file or folder, e.g. `find("models", "areas", "weights.npz")`.

    Raises ResourceError when it is nowhere.
    """
    for root in _ROOTS:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    name = "/".join(parts)
    raise ResourceError(
        f"随包文件缺失：{name}，请重新安装本软件",
        f"shipped file {name} is missing: reinstall the package",
        source=name,
    )


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """All arrays of an .npz by name; nothing in it is run. Raises ResourceError when missing or damaged."""
    import numpy as np

    try:
        # Opened here because numpy leaves the file open when the archive is broken.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            return dict(data)
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as err:
        raise ResourceError(
            f"模型文件损坏或缺失（{err}），请重新安装",
            f"model file missing or damaged ({err}): reinstall",
            source=str(path),
        ) from err

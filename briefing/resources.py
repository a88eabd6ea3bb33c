"""Finds files that ship with the package: in a wheel, an editable install and a checkout alike.

A wheel carries `models/`, `prompts/` and `samples/` under `briefing/_shipped/` (pyproject.toml,
force-include); an editable install ignores force-include, so there the checkout itself is searched.
"""

from __future__ import annotations

from pathlib import Path

from briefing.errors import ResourceError

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "_shipped", _PACKAGE.parent)


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

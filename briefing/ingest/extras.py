"""Libraries that an extra brings: a format whose library is missing is a clear error, not a traceback."""

from __future__ import annotations

import importlib
from types import ModuleType

from briefing.errors import SourceError


def need(module: str, extra: str, name: str) -> ModuleType:
    """`module`, imported. Raises SourceError for the input `name`, telling how to install `extra`."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as err:
        if (err.name or "").partition(".")[0] != module:
            raise
        raise SourceError(
            f"读取这种文件需要另装组件：pip install 'briefing[{extra}]'",
            f"reading this kind of file needs an extra: pip install 'briefing[{extra}]'",
            source=name,
        ) from err

"""The only place that imports torch and transformers: on first use, offline, with a bound on threads.

What a model is and how its text is written is the engines' business (`briefing.summarise`).
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from briefing.errors import ResourceError

# Set before the first import of these libraries, which read them once. A value that the user set stays.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    # Its thread pool and torch's would fight for the same cores.
    "TOKENIZERS_PARALLELISM": "false",
}
EXTRA = "neural"


def need_library(module: str, extra: str, use: str = "") -> Any:
    """`module`, imported. Raises ResourceError telling how to install `extra` when it is missing.

    Any, not ModuleType: the types of torch take mypy minutes and are not there where it is not installed.
    """
    try:
        with warnings.catch_warnings():
            # jieba 0.42 and parts of torch use what newer Pythons warn of while they are imported.
            warnings.simplefilter("ignore")
            return importlib.import_module(module)
    except ModuleNotFoundError as err:
        if (err.name or "").partition(".")[0] != module.partition(".")[0]:
            raise
        what = use or f"组件 {module} "
        raise ResourceError(
            f"{what}需要另装：pip install 'briefing[{extra}]'",
            f"{use or module} needs an extra: pip install 'briefing[{extra}]'",
            source=module,
        ) from err


def need_torch(threads: int = 0) -> Any:
    """torch, on the CPU, with `threads` threads (0: OMP_NUM_THREADS where the user set it, else one for each
    core that this process may use)."""
    _go_offline()
    torch = need_library("torch", EXTRA)
    if threads or not os.environ.get("OMP_NUM_THREADS"):
        torch.set_num_threads(threads or available_cores())
    return torch


def need_transformers(threads: int = 0) -> Any:
    """transformers, quiet and offline; torch beside it."""
    need_torch(threads)
    transformers = need_library("transformers", EXTRA)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return transformers


def need_jieba() -> Any:
    """jieba, quiet: Randeng-Pegasus reads words as it cuts them."""
    jieba = need_library("jieba", EXTRA)
    jieba.setLogLevel(60)
    return jieba


def _go_offline() -> None:
    for name, value in OFFLINE.items():
        os.environ.setdefault(name, value)


def available_cores() -> int:
    """Cores that this process may run on (a container or taskset may give it fewer than there are)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def token_batches(sizes: Sequence[int], max_tokens: int) -> list[list[int]]:
    """Indices of `sizes` in batches of at most `max_tokens` after padding, the longest first.

    Sorted by size, so that little is padded; one item larger than the bound is a batch of its own.
    """
    batches: list[list[int]] = []
    widest = 0
    for i in sorted(range(len(sizes)), key=lambda k: (-sizes[k], k)):
        if batches and widest * (len(batches[-1]) + 1) <= max_tokens:
            batches[-1].append(i)
        else:
            batches.append([i])
            widest = max(1, sizes[i])
    return batches


def pad(rows: Sequence[Sequence[int]], value: int) -> tuple[list[list[int]], list[list[int]]]:
    """`rows` filled up on the right with `value`, and the mask of what is real; each (rows, widest)."""
    widest = max((len(r) for r in rows), default=0)
    ids = [[*r, *[value] * (widest - len(r))] for r in rows]
    mask = [[1] * len(r) + [0] * (widest - len(r)) for r in rows]
    return ids, mask


def load_pretrained(auto_class: str, folder: Path, **options: Any) -> Any:
    """`transformers.<auto_class>.from_pretrained(folder)`: nothing fetched, no code of the folder run.

    Weights are safetensors, or .bin read by torch's weights-only unpickler. Raises ResourceError.
    """
    transformers = need_transformers()
    try:
        return getattr(transformers, auto_class).from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, **options
        )
    except Exception as err:  # its own errors, those of safetensors, of tokenizers and of the unpickler
        reason = str(err).strip().partition("\n")[0] or type(err).__name__
        raise ResourceError(
            f"模型无法载入（{reason}）；请用 briefing models verify 核对文件，或换用受支持的模型",
            f"cannot load the model ({reason}): check its files with briefing models verify, "
            "or use a supported one",
            source=str(folder),
        ) from err

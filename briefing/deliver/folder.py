"""Writes files into a folder: whole or not at all, and never over somebody's edits."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from briefing.errors import DeliveryError
from briefing.records import Rendered
from briefing.resources import WRITTEN_MANIFEST, written_hashes


def write_folder(files: Sequence[Rendered], folder: Path, *, force: bool = False) -> list[Path]:
    """Write `files` into `folder` and return their paths.

    Each file is written under a temporary name first; they are moved into place together at the end,
    so an interruption before that leaves the folder as it was. Raises DeliveryError when a file there
    was not written by this program or was edited since, unless `force`.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = written_hashes(folder)
        if not force:
            for rendered in files:
                _refuse_edited(folder / rendered.filename, known)
        return _write_all(files, folder, known)
    except OSError as err:
        raise DeliveryError(
            f"无法写入（{err.strerror}），请检查路径、权限与磁盘空间",
            f"cannot write ({err.strerror}): check path, permissions and disk space",
            source=str(err.filename or folder),
        ) from err


def _write_all(files: Sequence[Rendered], folder: Path, known: dict[str, list[str]]) -> list[Path]:
    staged: list[tuple[Path, Path]] = []
    try:
        for rendered in files:
            staged.append((_stage(rendered.body, folder), folder / rendered.filename))
        # The manifest goes first and keeps the former hash too: a run cut off between the moves leaves
        # files that are either known as before or known as new, so the next run may replace them.
        hashes = {
            f.filename: [*known.get(f.filename, [])[-1:], hashlib.sha256(f.body).hexdigest()] for f in files
        }
        body = json.dumps(known | hashes, ensure_ascii=False, indent=1, sort_keys=True).encode()
        staged.insert(0, (_stage(body, folder), folder / WRITTEN_MANIFEST))
        for temporary, path in staged:
            os.replace(temporary, path)
    finally:
        for temporary, _ in staged:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
    return [path for _, path in staged[1:]]


def _stage(body: bytes, folder: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=".briefing-", suffix=".tmp", dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    # mkstemp makes files private; a briefing is meant to be read by others.
    umask = os.umask(0)
    os.umask(umask)
    os.chmod(name, 0o666 & ~umask)
    return Path(name)


def _refuse_edited(path: Path, known: dict[str, list[str]]) -> None:
    if not path.exists():
        return
    if path.is_dir() or hashlib.sha256(path.read_bytes()).hexdigest() not in known.get(path.name, []):
        raise DeliveryError(
            "文件已被修改过或并非本程序所写，未覆盖；确要覆盖请加 --force，或用 --out 另选目录",
            "edited since, or not written by this program: pass --force to overwrite, or another --out",
            source=str(path),
        )

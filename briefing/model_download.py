"""Downloads a public model for `briefing models fetch`: resumed, and held against the hub's own hashes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from briefing import inference
from briefing.errors import ConfigError, ResourceError
from briefing.model_cards import Card, add_model, load_catalogue, sha256_of

EXTRA = "fetch"
_REPO = re.compile(r"^[\w.-]+/[\w.-]+$")
# No code, and of two forms of the same weights the safer one: .bin only where there is no .safetensors.
_PATTERNS = ("*.json", "*.txt", "*.model", "*.jinja", "*.safetensors")


def fetch_model(name: str, home: Path, *, revision: str = "main", tell: Callable[[str, str], None]) -> Card:
    """Download `name` (of the catalogue, or OWNER/NAME on the hub) into `home` and register it.

    What an interrupted download left is used again. Every file of weights is held against the SHA-256 that the
    hub states. `tell` is given (zh, en) lines. Raises ConfigError or ResourceError.
    """
    entry_name, repo, folder = _target(name, home)
    hub = inference.need_library("huggingface_hub", EXTRA)
    tell(f"下载 {repo} 到 {folder}", f"fetching {repo} into {folder}")
    try:
        info = hub.HfApi().model_info(repo, revision=revision, files_metadata=True)
        names = [f.rfilename for f in info.siblings]
        weights = () if any(n.endswith(".safetensors") for n in names) else ("pytorch_model*.bin",)
        hub.snapshot_download(repo, revision=info.sha, local_dir=folder, allow_patterns=[*_PATTERNS, *weights])
    except Exception as err:  # the library raises its own, its HTTP client's and the system's
        raise _no_download(repo, err) from err
    _check(info.siblings, folder)
    return add_model(folder, home, name=folder.name, entry_name=entry_name)


def _target(name: str, home: Path) -> tuple[str, str, Path]:
    """Catalogue name ("" when it is not there), repository and folder."""
    catalogue = load_catalogue()
    if name in catalogue:
        return name, catalogue[name].repo, home / name
    if _REPO.match(name):
        known = next((n for n, e in catalogue.items() if e.repo.lower() == name.lower()), "")
        return known, name, home / (known or name.split("/")[1].lower())
    raise ConfigError(
        f"没有模型 {name}：应为目录中的名称（{'、'.join(catalogue)}）或 OWNER/NAME",
        f"no model {name}: write a name of the catalogue ({', '.join(catalogue)}) or OWNER/NAME",
        source="models fetch",
    )


def _no_download(repo: str, err: Exception) -> ResourceError:
    reason = (str(err).strip().partition("\n")[0] or type(err).__name__)[:200]
    return ResourceError(
        f"下载失败（{reason}）。可检查网络或设 HF_ENDPOINT 镜像后重来，已下载的部分会接着用；"
        "也可在别处下载后用 briefing models add 登记文件夹",
        f"download failed ({reason}). Check the network or set HF_ENDPOINT and run it again, it goes on where "
        "it stopped; or copy the folder here and register it with briefing models add",
        source=repo,
    )


def _check(siblings: list[Any], folder: Path) -> None:
    for file in siblings:
        stated = getattr(file.lfs, "sha256", None) if file.lfs else None
        path = folder / file.rfilename
        if stated and path.is_file() and sha256_of(path) != stated:
            raise ResourceError(
                f"文件 {file.rfilename} 与发布方给出的 SHA-256 不符，请删除后重新下载",
                f"{file.rfilename} has not the SHA-256 that its publisher states: delete it and fetch again",
                source=str(folder),
            )

"""Larger models that a user plugs in: the catalogue of known ones, and the folders registered on this machine.

`models/catalog.toml` holds what is known of public models. A registered model is a folder that stays where it
is and a file `<name>.json` in the models folder with the hash of every file that loading it reads.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from briefing.errors import ConfigError, ResourceError
from briefing.resources import find

Loader = Literal["seq2seq", "instruct"]
Layout = Literal["auto", "bert", "randeng"]
Tokens = Annotated[int, Meta(ge=64, le=2_000_000)]
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")
# What loading reads: weights, configuration, tokenizer, chat template. No code: none is ever run.
_READ_SUFFIXES = frozenset({".json", ".safetensors", ".bin", ".model", ".txt", ".jinja"})
_CHUNK = 1 << 20
# Encoder-decoder positions in T5 are relative: the trained length is the sensible limit, not an error.
_T5_INPUT_TOKENS = 1024
# Reasoned: reading grows with the length, and windows lose nothing that a longer context would keep on a CPU.
_MAX_INSTRUCT_TOKENS = 8192
_DEFAULT_OUTPUT_TOKENS = 256
HOME_VARIABLE = "BRIEFING_MODELS"
# Types that transformers has of its own: a folder that brings its code beside one of them needs none of it.
_NATIVE_TYPES = frozenset(
    {"t5", "mt5", "umt5", "bart", "mbart", "pegasus"}
    | {"qwen2", "qwen3", "llama", "mistral", "glm", "glm4", "gemma2", "gemma3_text", "phi3"}
)


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A known public model. `repo`: on huggingface.co; `tuned`: already taught to summarise (a base model
    writes nothing useful before it is fine-tuned); `commercial`: its licence allows commercial use;
    `traps`: what goes wrong with it, in Chinese and English."""

    repo: Annotated[str, Meta(pattern=r"^[\w.-]+/[\w.-]+$")]
    loader: Loader
    licence: Annotated[str, Meta(min_length=2)]
    commercial: bool
    tuned: bool
    parameters_millions: Annotated[int, Meta(ge=1, le=1_000_000)]
    languages: Annotated[tuple[str, ...], Meta(min_length=1)]
    max_input_tokens: Tokens
    tokenizer: Layout = "auto"
    max_output_tokens: Tokens = _DEFAULT_OUTPUT_TOKENS
    prefix: str = ""
    traps: tuple[tuple[str, str], ...] = ()


class FileMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Meta(ge=0)]


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model that can be loaded. `files`: path inside `folder` -> its mark; empty for a folder given by its
    path. `entry`: its name in the catalogue, "" when it is not there."""

    name: str
    folder: str
    loader: Loader
    tokenizer: Layout
    max_input_tokens: Tokens
    max_output_tokens: Tokens
    revision: str
    prefix: str = ""
    licence: str = ""
    entry: str = ""
    files: dict[str, FileMark] = {}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that `verify_model` found."""

    file: str
    zh: str
    en: str


def load_catalogue(path: Path | None = None) -> dict[str, Entry]:
    """Known models by name. Raises ResourceError naming the entry that is wrong."""
    path = path or find("models", "catalog.toml")
    name = ""
    try:
        entries = {}
        for name, values in tomllib.loads(path.read_text("utf-8")).items():
            _check_name(name)
            entries[name] = msgspec.convert(values, Entry)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as err:
        raise ResourceError(
            f"模型目录有误（{name}）：{err}", f"wrong model catalogue ({name}): {err}", source=str(path)
        ) from err
    return entries


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        raise ConfigError(
            f"模型名 {name!r} 无效：只用字母、数字与 . _ -，不超过 80 个字符",
            f"{name!r} is no model name: letters, digits and . _ - only, at most 80",
            source="model",
        )


def models_home(environment: Mapping[str, str] | None = None) -> Path:
    """The user's models folder: BRIEFING_MODELS, else `briefing/models` under the user's data folder."""
    environment = os.environ if environment is None else environment
    if environment.get(HOME_VARIABLE):
        return Path(environment[HOME_VARIABLE])
    data = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "briefing" / "models"


def registered(home: Path) -> dict[str, Card]:
    """Registered models by name. Raises ResourceError for a damaged card."""
    return {p.stem: _read_card(p) for p in sorted(home.glob("*.json"))} if home.is_dir() else {}


def _read_card(path: Path) -> Card:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Card)
    except (OSError, msgspec.DecodeError) as err:
        raise ResourceError(
            f"模型登记文件损坏（{err}），请删除后重新 briefing models add",
            f"damaged model card ({err}): delete it and run briefing models add again",
            source=str(path),
        ) from err


def describe_folder(folder: Path, name: str = "", entry_name: str = "") -> Card:
    """The card of a model folder, from its configuration and, where it is known, its catalogue entry.

    Raises ResourceError when it is no folder of a supported model, naming what is supported.
    """
    config = _read_config(folder)
    loader = _loader(config, folder)
    entry = _entry(entry_name) if entry_name else None
    if entry and entry.loader != loader:
        raise _unusable(folder, f"与目录中的 {entry_name} 不符", f"it is not {entry_name} of the catalogue")
    output = entry.max_output_tokens if entry else _DEFAULT_OUTPUT_TOKENS
    own = _input_limit(config, folder, loader)
    return Card(
        name=name or folder.resolve().name,
        folder=str(folder.resolve()),
        loader=loader,
        tokenizer=_layout(config, folder, loader),
        max_input_tokens=min(own, entry.max_input_tokens) if entry else own,
        max_output_tokens=output,
        revision="",
        prefix=entry.prefix if entry else "",
        licence=entry.licence if entry else "",
        entry=entry_name,
    )


def _entry(name: str) -> Entry:
    catalogue = load_catalogue()
    if name not in catalogue:
        raise ConfigError(
            f"目录中没有模型 {name}；有：{'、'.join(catalogue)}",
            f"no model {name} in the catalogue: {', '.join(catalogue)}",
            source="model",
        )
    return catalogue[name]


def _unusable(folder: Path, zh: str, en: str) -> ResourceError:
    return ResourceError(f"不是可用的模型文件夹：{zh}", f"not a usable model folder: {en}", source=str(folder))


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError) as err:
        raise _unusable(folder, "没有可读的 config.json", "no readable config.json") from err
    if not isinstance(config, dict):
        raise _unusable(folder, "config.json 不是对象", "config.json is no object")
    return config


def _loader(config: Mapping[str, Any], folder: Path) -> Loader:
    names = [str(a) for a in config.get("architectures") or []]
    if config.get("auto_map") and config.get("model_type") not in _NATIVE_TYPES:
        raise _unusable(
            folder,
            "它要运行自带的代码（auto_map），本程序不运行模型文件夹里的代码",
            "it needs code of its own (auto_map), and no code of a model folder is ever run",
        )
    if any(n.endswith("ForCausalLM") for n in names):
        if not _has_chat_template(folder):
            raise _unusable(
                folder,
                "没有对话模板（chat_template），请换用 instruct/chat 版",
                "it has no chat template: take the instruct or chat version",
            )
        return "instruct"
    if config.get("is_encoder_decoder") or any(n.endswith("ForConditionalGeneration") for n in names):
        return "seq2seq"
    kind = ", ".join(names) or str(config.get("model_type"))
    raise _unusable(
        folder,
        f"不支持 {kind}；可用：T5/mT5、BART、Pegasus，以及带对话模板的指令模型",
        f"{kind} is not supported: T5/mT5, BART, Pegasus, or an instruct model with a chat template",
    )


def _has_chat_template(folder: Path) -> bool:
    if (folder / "chat_template.jinja").is_file():
        return True
    try:
        return bool(json.loads((folder / "tokenizer_config.json").read_text("utf-8")).get("chat_template"))
    except (OSError, ValueError, AttributeError):
        return False


def _layout(config: Mapping[str, Any], folder: Path, loader: Loader) -> Layout:
    """How the folder's tokenizer is laid out, from its files: what the configuration says of it is often wrong
    for Chinese models (BART and Pegasus with a BERT vocabulary name the English class)."""
    modern = any((folder / n).is_file() for n in ("tokenizer.json", "spiece.model", "sentencepiece.bpe.model"))
    vocabulary = folder / "vocab.txt"
    if loader != "seq2seq" or modern or not vocabulary.is_file():
        return "auto"
    # Randeng-Pegasus ends a text with [unused1]; a plain BERT vocabulary with [SEP].
    lines = vocabulary.read_text("utf-8").split("\n")
    end = config.get("eos_token_id")
    if config.get("model_type") == "pegasus" and isinstance(end, int) and lines[end : end + 1] == ["[unused1]"]:
        return "randeng"
    return "bert"


def _input_limit(config: Mapping[str, Any], folder: Path, loader: Loader) -> int:
    limits = [config.get(k) for k in ("max_position_embeddings", "n_positions", "max_sequence_length")]
    known = [n for n in limits if isinstance(n, int) and n >= 64]
    try:
        own = json.loads((folder / "tokenizer_config.json").read_text("utf-8")).get("model_max_length")
        known += [int(own)] if isinstance(own, int | float) and 64 <= own < 1_000_000 else []
    except (OSError, ValueError, AttributeError):
        pass
    ceiling = _MAX_INSTRUCT_TOKENS if loader == "instruct" else _T5_INPUT_TOKENS
    return min([*known, ceiling])


def model_files(folder: Path) -> Iterator[Path]:
    """The files that loading reads, in the order of their names."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in _READ_SUFFIXES and not path.name.startswith("."):
            yield path


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _mark(path: Path) -> FileMark:
    return FileMark(sha256_of(path), path.stat().st_size)


def _revision(files: Mapping[str, FileMark]) -> str:
    lines = "".join(f"{name} {mark.sha256}\n" for name, mark in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:12]


def add_model(folder: Path, home: Path, *, name: str = "", entry_name: str = "") -> Card:
    """Register `folder` under `name` (its own name when empty) in `home`; the folder stays where it is.

    A model of the same name is replaced. Raises ResourceError or ConfigError.
    """
    card = describe_folder(folder, name, entry_name)
    _check_name(card.name)
    files = {p.name: _mark(p) for p in model_files(folder)}
    if not any(n.endswith((".safetensors", ".bin")) for n in files):
        raise _unusable(folder, "没有权重文件", "it holds no weights")
    card = msgspec.structs.replace(card, files=files, revision=_revision(files))
    try:
        home.mkdir(parents=True, exist_ok=True)
        part = home / f".{card.name}.part"
        part.write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
        part.replace(home / f"{card.name}.json")
    except OSError as err:
        raise ResourceError(
            f"无法写入模型文件夹（{err.strerror}）；可用环境变量 {HOME_VARIABLE} 另指一处",
            f"cannot write to the models folder ({err.strerror}): set {HOME_VARIABLE} to another",
            source=str(home),
        ) from err
    return card


def verify_model(card: Card) -> list[Problem]:
    """Every file of `card` against its hash; files that came later count too."""
    folder = Path(card.folder)
    if not folder.is_dir():
        return [Problem(card.folder, "文件夹不存在", "the folder is gone")]
    found = []
    for name, mark in card.files.items():
        path = folder / name
        if not path.is_file():
            found.append(Problem(name, "文件缺失", "missing"))
        elif path.stat().st_size != mark.size or sha256_of(path) != mark.sha256:
            found.append(Problem(name, "内容已改变", "changed"))
    new = [p.name for p in model_files(folder) if p.name not in card.files]
    return found + [Problem(n, "登记后新增的文件", "came after it was registered") for n in new]


def find_model(path_or_name: str, home: Path) -> Card:
    """The registered model of that name, or the folder at that path, fit to be loaded.

    Raises ConfigError listing what is registered, ResourceError when its files are gone or have changed size
    (`verify_model` reads them whole).
    """
    known = registered(home)
    if path_or_name in known:
        card = known[path_or_name]
        folder = Path(card.folder)
        for name, mark in card.files.items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != mark.size:
                raise ResourceError(
                    f"模型文件 {name} 缺失或已改变，请用 briefing models verify {card.name} 核对",
                    f"model file {name} is missing or has changed: run briefing models verify {card.name}",
                    source=card.folder,
                )
        return card
    folder = Path(path_or_name).expanduser()
    if folder.is_dir():
        card = describe_folder(folder)
        return msgspec.structs.replace(card, revision=_sampled_revision(folder))
    hint = (
        f"；它在目录中，可先用 briefing models fetch {path_or_name} 下载"
        if path_or_name in load_catalogue()
        else ""
    )
    listed = "、".join(known) or "（无）"
    raise ConfigError(
        f"没有模型 {path_or_name}：既不是已登记的名称，也不是文件夹。已登记：{listed}{hint}",
        f"no model {path_or_name}: neither a registered name nor a folder. Registered: "
        f"{', '.join(known) or '(none)'}"
        + (f"; fetch it: briefing models fetch {path_or_name}" if hint else ""),
        source="--model",
    )


def _sampled_revision(folder: Path) -> str:
    """A hash of small files, and of size, beginning and end of large ones: reading fifteen gigabytes at each
    start would cost a minute. `add_model` reads all."""
    digest = hashlib.sha256()
    for path in model_files(folder):
        size = path.stat().st_size
        digest.update(f"{path.name} {size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(_CHUNK))
            if size > _CHUNK:
                file.seek(max(_CHUNK, size - _CHUNK))
                digest.update(file.read(_CHUNK))
    return digest.hexdigest()[:12]

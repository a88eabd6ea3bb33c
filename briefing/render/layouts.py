"""Ready layouts: folders with a `layout.toml` that says what is printed, and templates of their own if any."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from briefing import resources
from briefing.errors import ConfigError, ResourceError

FILE_NAME = "layout.toml"


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a layout prints: its `layout.toml`.

    `label`: its Chinese name; `title`: the masthead of an office that gives none. `numbering`: "areas"
    (一、area, （一）item), "topic" (one centred title, 一、item), "plain" (area, 1. item). `judgement`: up
    to 200 characters on top. `tail`: 版记. An office may switch off key figures, chart and appendices, not on.
    """

    label: Annotated[str, Meta(min_length=1, max_length=20)]
    title: Annotated[str, Meta(min_length=1, max_length=40)]
    masthead: Literal["red", "plain"] = "red"
    numbering: Literal["areas", "topic", "plain"] = "areas"
    contents: bool = True
    judgement: bool = False
    key_figures: bool = True
    chart: bool = True
    tail: bool = True
    appendices: tuple[Literal["sources", "left_out"], ...] = ("sources", "left_out")


class ReadyLayout(msgspec.Struct, frozen=True):
    """`name`: as briefing.json keeps it. `folder`: its templates come before the shipped ones."""

    name: str
    form: Form
    folder: Path


def shipped_layouts() -> dict[str, ReadyLayout]:
    """The layouts of the package by name, in the order of their names."""
    root = resources.find("briefing", "templates", "layouts")
    return {path.name: read_layout(path) for path in sorted(root.iterdir()) if (path / FILE_NAME).is_file()}


def find_layout(wanted: str | Path, *, folders: bool = True) -> ReadyLayout:
    """The layout called `wanted` (its name or Chinese label), or the one in that folder.

    `folders` False: a name only; a record read from a file must not choose what is read from the disk.
    Raises ConfigError with the names there are.
    """
    shipped = shipped_layouts()
    for name, layout in shipped.items():
        if str(wanted) in (name, layout.form.label):
            return layout
    if folders and Path(wanted).is_dir():
        return read_layout(Path(wanted))
    allowed = "、".join(f"{name} {layout.form.label}" for name, layout in shipped.items())
    raise ConfigError(
        f"没有这种版式；可用：{allowed}，或以 --layout 给出含 {FILE_NAME} 的目录",
        f"no such layout: use {', '.join(shipped)}, or --layout with a folder that holds {FILE_NAME}",
        source=str(wanted),
    )


def read_layout(folder: Path) -> ReadyLayout:
    """The layout in `folder`. Raises ConfigError naming the file and the key at fault."""
    path = folder / FILE_NAME
    try:
        form = msgspec.convert(tomllib.loads(path.read_text("utf-8-sig")), Form)
    except FileNotFoundError as err:
        raise ConfigError(
            f"版式目录中没有 {FILE_NAME}", f"the layout folder has no {FILE_NAME}", source=str(folder)
        ) from err
    except OSError as err:
        raise ResourceError(
            f"版式文件无法读取（{err.strerror}）", f"cannot read the layout ({err.strerror})", source=str(path)
        ) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(
            f"版式文件不是有效的 UTF-8 TOML：{err}", f"not valid UTF-8 TOML: {err}", source=str(path)
        ) from err
    except msgspec.ValidationError as err:
        allowed = ", ".join(Form.__struct_fields__)
        raise ConfigError(
            f"版式文件有误：{err}；可用的项：{allowed}", f"{err}; known keys: {allowed}", source=str(path)
        ) from err
    return ReadyLayout(folder.resolve().name, form, folder)

"""What every renderer is, and what it may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from briefing.records import Briefing


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a briefing is rendered.

    `template_dir`: a folder of the user's own templates; what it lacks comes from the shipped ones.
    `clean`: the reader's copy (清样): no 核验提示, no marks for the editor, no appendices, no original
    texts. It is refused while an ERROR finding stands, so that nothing known to be wrong goes out.
    JSON is always the whole record. `layout`: a ready layout's name or the folder of one, before the
    record's own; its templates come after the user's and before the shipped ones.
    """

    template_dir: Path | None = None
    clean: bool = False
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Renderer:
    """`render` returns the file's bytes from the record alone: no clock, no model, no network."""

    media_type: str
    filename: str
    render: Callable[[Briefing, RenderOptions], bytes]

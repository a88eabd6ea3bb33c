"""The whole record: what every other format can be rendered from again."""

from __future__ import annotations

from briefing.json_form import to_json
from briefing.records import Briefing
from briefing.render.contract import Renderer, RenderOptions


def _render(briefing: Briefing, options: RenderOptions) -> bytes:
    return to_json(briefing, indent=2) + b"\n"


RENDERER = Renderer("application/json", "briefing.json", _render)

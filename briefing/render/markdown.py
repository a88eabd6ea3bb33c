"""Markdown (CommonMark with tables and footnotes), readable as it stands and by any viewer."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from briefing.records import Briefing
from briefing.render.contract import Renderer, RenderOptions
from briefing.render.templating import make_environment, render_template
from briefing.render.view import layout_of, view_of
from briefing.render.wording import one_line

_ANYWHERE = re.compile(r"[\\`*_\[\]<>|~$]")
# What turns a line into a heading, list, quotation, rule or underlined heading.
_LINE_START = re.compile(r"^(?:([#>+=\-])|(\d{1,9})([.)])(?=\s|$))")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# Bare addresses, which some viewers make into links.
_BARE_LINK = re.compile(r"(?<=:)//|(?<=\bwww)\.|(?<=\w)@(?=[\w-]+\.)", re.IGNORECASE)


def escape_markdown(text: str) -> str:
    r"""`text` on one line, such that a Markdown viewer shows exactly these characters and no markup.

    Backslash escapes only where a character could mean something, so that the file itself stays readable.
    """
    text = _ANYWHERE.sub(r"\\\g<0>", one_line(text))
    text = _ENTITY.sub("&amp;", text)
    text = _BARE_LINK.sub(lambda m: "\\" + m.group().replace("//", "/\\/"), text)
    return _LINE_START.sub(lambda m: "\\" + m[1] if m[1] else f"{m[2]}\\{m[3]}", text)


def _finalize(value: Any) -> Markup:
    return value if isinstance(value, Markup) else Markup(escape_markdown(str(value)))  # noqa: S704


def link(url: str, label: str) -> Markup:
    """`label` as a link to `url`, which `wording.safe_url` has passed; plain text when it is empty."""
    target = f"](<{_ENTITY.sub('&amp;', url)}>)" if url else ""
    return Markup(f"[{escape_markdown(label)}{target}" if url else escape_markdown(label))  # noqa: S704


def _render(briefing: Briefing, options: RenderOptions) -> bytes:
    environment = make_environment(
        options.template_dir, _finalize, layout_dir=layout_of(briefing, options).folder
    )
    environment.filters["link"] = link
    view = view_of(briefing, options)
    text = render_template(environment, "briefing.md.j2", {"briefing": view})
    # Blank lines that stand for what an issue does not have.
    return (re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n").encode()


RENDERER = Renderer("text/markdown; charset=utf-8", "briefing.md", _render)

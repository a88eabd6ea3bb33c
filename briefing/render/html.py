"""One self-contained HTML file: for the screen with sources to click, and ready to print on A4."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from briefing.fonts import Role, css_families
from briefing.records import Briefing
from briefing.render.contract import Renderer, RenderOptions
from briefing.render.templating import make_environment, read_asset, render_template
from briefing.render.titles import is_divisible, is_short, titles_of
from briefing.render.view import layout_of, view_of


def _content_hash(text: str) -> str:
    """`text` as Content-Security-Policy names an inline script or style that may run."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _font_roles() -> str:
    """The families of each role as custom properties, which `briefing.css` uses."""
    names = {
        Role.FANGSONG: "fangsong",
        Role.TITLE: "title",
        Role.HEI: "hei",
        Role.KAI: "kai",
        Role.SONG: "song",
    }
    generic = {Role.HEI: "sans-serif"}
    rules = "".join(
        f"  --{name}: {css_families(role, generic.get(role, 'serif'))};\n" for role, name in names.items()
    )
    return f":root {{\n{rules}}}\n"


def render_page(briefing: Briefing, options: RenderOptions, *, screen: bool) -> str:
    """The page as HTML. `screen` False leaves out what paper never shows: panel, script, originals."""
    environment = make_environment(options.template_dir, layout_dir=layout_of(briefing, options).folder)
    environment.tests |= {"divisible": is_divisible, "short": is_short}
    view = view_of(briefing, options)
    style = _font_roles() + read_asset(environment, "briefing.css").strip()
    script = read_asset(environment, "briefing.js").strip() if screen and not view.clean else ""
    # Only these two may act, by their hash, and nothing may be fetched: text that slipped through
    # escaping still could not run or phone out.
    allowed_script = _content_hash(script) if script else "'none'"
    policy = (
        f"default-src 'none'; style-src {_content_hash(style)}; script-src {allowed_script}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    values = {
        "briefing": view,
        "titles": titles_of(view),
        "style": Markup(style),  # noqa: S704
        "script": Markup(script),  # noqa: S704
        "policy": policy,
        "screen": screen,
    }
    return render_template(environment, "briefing.html.j2", values)


def _render(briefing: Briefing, options: RenderOptions) -> bytes:
    return render_page(briefing, options, screen=True).encode()


RENDERER = Renderer("text/html; charset=utf-8", "briefing.html", _render)

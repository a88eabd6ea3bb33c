"""One self-contained HTML file: for the screen with sources to click, and ready to print on A4."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from briefing.records import Briefing
from briefing.render.contract import Renderer, RenderOptions
from briefing.render.templating import make_environment, read_asset, render_template
from briefing.render.view import build_view


def _content_hash(text: str) -> str:
    """`text` as Content-Security-Policy names an inline script or style that may run."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _render(briefing: Briefing, options: RenderOptions) -> bytes:
    environment = make_environment(options.template_dir)
    view = build_view(briefing, clean=options.clean)
    style = read_asset(environment, "briefing.css").strip()
    script = "" if options.clean else read_asset(environment, "briefing.js").strip()
    # Only these two may act, by their hash, and nothing may be fetched: text that slipped through
    # escaping still could not run or phone out.
    allowed_script = _content_hash(script) if script else "'none'"
    policy = (
        f"default-src 'none'; style-src {_content_hash(style)}; script-src {allowed_script}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    values = {
        "briefing": view,
        "style": Markup(style),  # noqa: S704
        "script": Markup(script),  # noqa: S704
        "policy": policy,
    }
    return render_template(environment, "briefing.html.j2", values).encode()


RENDERER = Renderer("text/html; charset=utf-8", "briefing.html", _render)

"""The templates of deliveries: letters and the pages of the archive. Text is untrusted: all is escaped."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parents[1] / "templates" / "deliver"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(name: str, **values: Any) -> str:
    """The template `name` with `values`, escaped."""
    return _environment().get_template(name).render(**values)


def asset(name: str) -> Markup:
    """A shipped style or script as it stands."""
    return Markup((TEMPLATES / name).read_text("utf-8").strip())  # noqa: S704 - ours, not a document's


def content_hash(text: str) -> str:
    """`text` as Content-Security-Policy names an inline script or style that may run."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

"""The generated pages say what the program says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import generate_docs  # noqa: E402


@pytest.mark.parametrize(
    ("name", "page"),
    [
        pytest.param("commands.md", generate_docs.commands_page, id="commands"),
        pytest.param("configuration.md", generate_docs.configuration_page, id="configuration"),
    ],
)
def test_generated_page_is_up_to_date(name: str, page: object) -> None:
    assert callable(page)
    written = (ROOT / "docs" / name).read_text("utf-8")
    assert written == page(), f"docs/{name} is stale: run python tools/generate_docs.py"

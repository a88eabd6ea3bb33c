"""The whole hand-made briefing in every format, exactly. `make golden` rewrites."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from briefing.render import RenderOptions, render_briefing
from tests.fixtures_briefing import make_briefing


def test_golden_files_are_not_being_rewritten(request: pytest.FixtureRequest) -> None:
    assert not request.config.getoption("golden_update", default=False), "run again without --golden-update"


@pytest.mark.parametrize(
    ("format", "clean", "name"),
    [
        pytest.param("md", False, "briefing.md", id="md"),
        pytest.param("md", True, "clean.md", id="md clean"),
        pytest.param("html", False, "briefing.html", id="html"),
        pytest.param("html", True, "clean.html", id="html clean"),
        pytest.param("json", False, "briefing.json", id="json"),
    ],
)
def test_rendered_as_before(format: str, clean: bool, name: str, golden: Callable[[str, str], None]) -> None:
    text = render_briefing(make_briefing(), format, RenderOptions(clean=clean)).body.decode()
    # Looks are the browser test's matter; here every change of a word should stand out.
    text = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1…\3", text, flags=re.S)
    golden(name, re.sub(r"sha256-[\w+/=]+", "sha256-…", text))

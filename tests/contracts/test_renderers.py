"""What every renderer promises."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from briefing.check import CHECKS
from briefing.errors import RenderError
from briefing.json_form import read_briefing
from briefing.records import Briefing
from briefing.render import RENDERERS, RenderOptions, render_briefing
from briefing.render.wording import CHECK_LABELS
from tests.fixtures_briefing import make_briefing, plain_briefing

FORMATS = [pytest.param(name, id=name) for name in RENDERERS]
BRIEFINGS = [
    pytest.param(make_briefing(), id="everything"),
    pytest.param(plain_briefing(0), id="no items"),
    pytest.param(plain_briefing(200), id="200 items"),
    pytest.param(plain_briefing(1, source_chars=3000, headline_chars=80), id="long"),
]


@pytest.mark.parametrize("briefing", BRIEFINGS)
@pytest.mark.parametrize("name", FORMATS)
def test_the_same_briefing_gives_the_same_bytes(name: str, briefing: Briefing) -> None:
    rendered = render_briefing(briefing, name)
    assert rendered.body == render_briefing(briefing, name).body
    assert rendered.body


@pytest.mark.parametrize("briefing", BRIEFINGS)
@pytest.mark.parametrize("name", FORMATS)
def test_a_briefing_read_from_json_renders_the_same(name: str, briefing: Briefing) -> None:
    again = read_briefing(render_briefing(briefing, "json").body, source="briefing.json")
    assert render_briefing(again, name).body == render_briefing(briefing, name).body


@pytest.mark.parametrize("name", FORMATS)
def test_names_and_types_are_those_of_the_table(name: str) -> None:
    rendered = render_briefing(plain_briefing(1), name)
    assert (rendered.filename, rendered.media_type) == (RENDERERS[name].filename, RENDERERS[name].media_type)
    assert rendered.filename.startswith("briefing.")


def test_no_two_renderers_write_the_same_file() -> None:
    names = [r.filename for r in RENDERERS.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", FORMATS)
def test_every_item_is_in_the_file(name: str) -> None:
    briefing = plain_briefing(30)
    text = render_briefing(briefing, name).body.decode()
    for item in briefing.items:
        assert item.summary.headline in text
        assert item.summary.text in text


@pytest.mark.parametrize("clean", [pytest.param(False, id="editor's"), pytest.param(True, id="clean")])
@pytest.mark.parametrize("name", FORMATS)
def test_no_python_value_shows_through(name: str, clean: bool) -> None:
    if name == "json":
        return
    text = render_briefing(make_briefing(), name, RenderOptions(clean=clean)).body.decode()
    assert not re.search(r"\bNone\b|Undefined|Span\(|datetime\.|object at 0x|Severity\.", text)


@pytest.mark.parametrize("name", [pytest.param("md", id="md"), pytest.param("html", id="html")])
def test_what_utf_8_cannot_write_is_shown_as_broken(name: str) -> None:
    briefing = replace(plain_briefing(1), title="坏\udcff名")
    assert "坏\ufffd名" in render_briefing(briefing, name).body.decode()


def test_a_record_that_utf_8_cannot_write_is_an_error_of_ours() -> None:
    with pytest.raises(RenderError) as caught:
        render_briefing(replace(plain_briefing(1), title="坏\udcff名"), "json")
    assert caught.value.source == "briefing.json"


def test_findings_are_called_what_the_checks_call_themselves() -> None:
    assert {name: check.label for name, check in CHECKS.items()} == CHECK_LABELS

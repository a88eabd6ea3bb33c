"""What every renderer promises."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import import_module

import pytest

from briefing.check import CHECKS
from briefing.errors import RenderError
from briefing.json_form import read_briefing
from briefing.records import Briefing
from briefing.render import RENDERERS, RenderOptions, render_briefing
from briefing.render.wording import CHECK_LABELS
from tests.docx_reading import word_paragraphs
from tests.fixtures_briefing import make_briefing, plain_briefing


@cache
def missing(name: str) -> str:
    """Why `name` cannot be rendered on this machine: PDF calls system libraries that pip cannot bring."""
    if name == "pdf":
        try:
            import_module("weasyprint")
        except OSError as err:
            return f"Pango is not installed ({err})"
    return ""


def skip_if(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.skip(reason=missing(name))] if missing(name) else []


FORMATS = [pytest.param(name, id=name, marks=skip_if(name)) for name in RENDERERS]
# Laying out paper takes a tenth of a second an item: tests/e2e/test_pdf.py has the long ones, once.
PAPER = {"pdf"}
BRIEFINGS = {
    "everything": make_briefing(),
    "no items": plain_briefing(0),
    "200 items": plain_briefing(200),
    "long": plain_briefing(1, source_chars=3000, headline_chars=80),
}
CASES = [
    pytest.param(name, briefing, id=f"{name} {case}", marks=skip_if(name))
    for name in RENDERERS
    for case, briefing in BRIEFINGS.items()
    if name not in PAPER or case in ("everything", "no items")
]


def text_of(body: bytes, name: str) -> str:
    """What a reader of the file reads; line ends of a page are not part of it."""
    if name == "docx":
        return "\n".join("".join(p.itertext()) for p in word_paragraphs(body))
    if name != "pdf":
        return body.decode()
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"[\r\n]+(?:— \d+ —)?", "", text)


@pytest.mark.parametrize(("name", "briefing"), CASES)
def test_the_same_briefing_gives_the_same_bytes(name: str, briefing: Briefing) -> None:
    rendered = render_briefing(briefing, name)
    assert rendered.body == render_briefing(briefing, name).body
    assert rendered.body


@pytest.mark.parametrize(("name", "briefing"), CASES)
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
    text = text_of(render_briefing(briefing, name).body, name)
    for item in briefing.items:
        assert item.summary.headline in text
        assert item.summary.text in text


@pytest.mark.parametrize("clean", [pytest.param(False, id="editor's"), pytest.param(True, id="clean")])
@pytest.mark.parametrize("name", FORMATS)
def test_no_python_value_shows_through(name: str, clean: bool) -> None:
    if name == "json":
        return
    text = text_of(render_briefing(make_briefing(), name, RenderOptions(clean=clean)).body, name)
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

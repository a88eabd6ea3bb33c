"""The user's own templates: they replace the shipped ones one by one, in a sandbox, with errors that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.errors import BriefingError, ConfigError, RenderError
from briefing.render import RenderOptions, render_briefing
from tests.fixtures_briefing import make_briefing, plain_briefing


def render(folder: Path, name: str, text: str, format: str = "md") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return render_briefing(make_briefing(), format, RenderOptions(template_dir=folder)).body.decode()


def test_a_template_of_ones_own_is_used(tmp_path: Path) -> None:
    assert render(tmp_path, "briefing.md.j2", "{{ briefing.title }}：{{ briefing.items|length }}条\n") == (
        "每日政策要情：4条\n"
    )


def test_what_the_folder_lacks_comes_from_the_shipped_templates(tmp_path: Path) -> None:
    page = render(tmp_path, "item.html.j2", "<p>简：{{ item.headline.text }}</p>\n", "html")
    assert "<p>简：青禾县试行“村账云审”</p>" in page
    assert "附一" in page


def test_a_style_sheet_of_ones_own_is_used_and_allowed(tmp_path: Path) -> None:
    page = render(tmp_path, "briefing.css", "body { color: navy }\r\n", "html")
    assert "body { color: navy }</style>" in page


@pytest.mark.parametrize(
    ("template", "line", "why"),
    [
        pytest.param("{{ briefing.title }}\n{{ nothing }}\n", 2, "nothing", id="undefined variable"),
        pytest.param("\n\n{{ briefing.salary }}\n", 3, "salary", id="undefined attribute"),
        pytest.param("{% for x in y %}\n", 1, "endfor", id="syntax"),
        pytest.param("a\n{{ 1 / 0 }}", 2, "division", id="arithmetic"),
        pytest.param("a\n{{ 'x' + 1 }}", 2, "concatenate", id="types"),
        pytest.param("{{ briefing|nofilter }}", 1, "nofilter", id="unknown filter"),
        pytest.param("{{ range(99999999)|list }}", 1, "ange", id="range without end"),
    ],
)
def test_an_error_in_a_template_names_its_file_and_line(
    tmp_path: Path, template: str, line: int, why: str
) -> None:
    with pytest.raises(RenderError) as caught:
        render(tmp_path, "briefing.md.j2", template)
    assert caught.value.source.endswith(f"briefing.md.j2:{line}")
    assert why in caught.value.zh
    assert why in caught.value.en


def test_an_error_in_an_included_template_names_that_template(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as caught:
        render(tmp_path, "item.html.j2", "<p>\n{{ item.nothing }}</p>", "html")
    assert caught.value.source == f"{tmp_path / 'item.html.j2'}:2"


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ ''.__class__.__mro__ }}", id="class walk"),
        pytest.param("{{ briefing.__init__.__globals__ }}", id="globals"),
        pytest.param("{% set _ = briefing.sections.__add__ %}{{ _ }}", id="dunder"),
        pytest.param("{{ '{0.__class__}'.format(briefing) }}", id="format string"),
        pytest.param("{% include '/etc/passwd' %}", id="absolute include"),
        pytest.param("{% include '../../pyproject.toml' %}", id="include outside"),
    ],
)
def test_a_template_cannot_leave_its_sandbox(tmp_path: Path, template: str) -> None:
    with pytest.raises(RenderError):
        render(tmp_path, "briefing.md.j2", template)


def test_a_template_that_is_not_utf_8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "briefing.md.j2").write_bytes("简报".encode("gb18030"))
    with pytest.raises(RenderError):
        render_briefing(plain_briefing(1), "md", RenderOptions(template_dir=tmp_path))


@pytest.mark.parametrize(
    "folder", [pytest.param("nowhere", id="no such folder"), pytest.param(".", id="nothing of use in it")]
)
def test_a_folder_without_templates_is_an_error(tmp_path: Path, folder: str) -> None:
    (tmp_path / "readme.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        render_briefing(plain_briefing(1), "md", RenderOptions(template_dir=tmp_path / folder))
    assert str(tmp_path) in caught.value.source


def test_values_in_a_users_template_are_escaped(tmp_path: Path) -> None:
    page = render(tmp_path, "item.html.j2", "<i>{{ item.area }}</i>", "html")
    assert "<i>&lt;s&gt;领域&lt;/s&gt;</i>" in page
    text = render(tmp_path, "briefing.md.j2", "{{ briefing.sections[2].heading }}")
    assert text == "三、\\<s\\>领域\\</s\\>\n"


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(BriefingError, match="md, html, pdf, docx, json"):
        render_briefing(plain_briefing(1), "pptx")

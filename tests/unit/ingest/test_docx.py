"""Word files: what is text and what is not; damaged, locked and hostile packages."""

from __future__ import annotations

import io
import zipfile

import docx as python_docx
import pytest

from briefing.errors import SourceError
from briefing.ingest import IngestLimits
from briefing.ingest.docx import ingest
from briefing.ingest.limits import Extracted
from tests.unit.ingest.makers import MORE, NEWS, docx, paragraph

LIMITS = IngestLimits()


def text_of(body: bytes, limits: IngestLimits = LIMITS) -> str:
    (document,) = ingest(body, "甲.docx", limits)
    assert isinstance(document, Extracted)
    return document.text


def refusal(body: bytes, limits: IngestLimits = LIMITS) -> SourceError:
    with pytest.raises(SourceError) as caught:
        ingest(body, "甲.docx", limits)
    assert "\n" not in caught.value.zh + caught.value.en
    assert caught.value.source == "甲.docx"
    return caught.value


def test_paragraphs_headings_and_tables_come_in_document_order() -> None:
    document = python_docx.Document()
    document.add_heading("老旧小区改造开工", 1)
    document.add_paragraph(NEWS)
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table._cells, ("区", "小区数", "户数", "东区", "18", "5200"), strict=True):
        cell.text = text
    table.rows[0].cells[0].merge(table.rows[0].cells[1])
    document.add_paragraph(MORE)
    out = io.BytesIO()
    document.save(out)
    assert (
        text_of(out.getvalue()) == f"老旧小区改造开工\n\n{NEWS}\n\n区 小区数 | 户数\n东区 | 18 | 5200\n\n{MORE}"
    )


def test_insertions_are_text_and_deletions_are_not() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    deleted = "<w:del><w:r><w:delText>已完成</w:delText></w:r></w:del>"
    inserted = f"<w:ins>{run.format('拟于年底')}</w:ins>"
    moved = f"<w:moveFrom>{run.format('旧处')}</w:moveFrom><w:moveTo>{run.format('完成')}</w:moveTo>"
    body = f"<w:p>{run.format('该项目')}{deleted}{inserted}{moved}</w:p>"
    assert text_of(docx(body)) == "该项目拟于年底完成"


def test_hidden_text_fields_and_notes_are_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t></w:r>'
        '<w:r><w:instrText>PAGEREF x</w:instrText></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    )
    assert text_of(docx(body)) == "正文可见"


def test_line_breaks_tabs_and_content_controls_are_kept() -> None:
    body = (
        "<w:p><w:r><w:t>一行</w:t><w:br/><w:t>二行</w:t><w:tab/><w:t>三</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('控件内')}</w:sdtContent></w:sdt>"
    )
    assert text_of(docx(body)) == "一行\n二行\t三\n\n控件内"


def test_a_text_box_comes_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('框内文字')}</w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        f"<w:p><w:r><w:t>前</w:t><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>{paragraph('后')}"
    )
    assert text_of(docx(body)) == "前\n\n框内文字\n\n后"


def test_a_table_inside_a_table_is_read_once() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('内')}</w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{paragraph('外')}{inner}</w:tc><w:tc>{paragraph('右')}</w:tc></w:tr></w:tbl>"
    assert text_of(docx(body)) == "外 内 | 右"


def test_template_syntax_and_markup_stay_text() -> None:
    assert text_of(docx(paragraph("{{ 7*7 }} {% x %} &lt;script&gt;"))) == "{{ 7*7 }} {% x %} <script>"


BILLION_LAUGHS = '<!DOCTYPE w [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
GOOD = docx(paragraph(NEWS))


@pytest.mark.parametrize(
    ("body", "zh"),
    [
        pytest.param(GOOD[:200], "损坏", id="broken zip"),
        pytest.param(GOOD[:-40], "损坏", id="zip without its end"),
        pytest.param(b"PK\x03\x04" + b"\x00" * 100, "损坏", id="zip head only"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "密码", id="locked or old .doc"),
        pytest.param(NEWS.encode(), "不是 .docx", id="text with the wrong ending"),
        pytest.param(docx(paragraph("&b;"), prologue=BILLION_LAUGHS), "XML 炸弹", id="billion laughs"),
        pytest.param(
            docx(paragraph("&b;"), prologue=BILLION_LAUGHS, encoding="utf-16"), "XML 炸弹", id="in UTF-16"
        ),
        pytest.param(docx(paragraph("x"), encoding="utf-7"), "XML 炸弹", id="encoding that hides a DTD"),
        pytest.param(
            docx(paragraph("x"), parts={"word/a.xml": b"<!DOCTYPE a>"}), "XML 炸弹", id="in another part"
        ),
        pytest.param(docx(""), "没有文字", id="no text"),
        pytest.param(docx("<w:p>"), "损坏", id="broken XML"),
        pytest.param(docx("<w:p>" * 5000 + "</w:p>" * 5000), "损坏", id="nested too deep"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(body: bytes, zh: str) -> None:
    assert zh in refusal(body).zh


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    limits = IngestLimits(max_unpacked_bytes=1 << 20)
    assert "压缩炸弹" in refusal(docx(paragraph("x"), parts={"word/a.bin": b"\x00" * (2 << 20)}), limits).zh


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    body = docx(paragraph("x"), parts={"word/a.bin": b"\x00" * (2 << 20)})
    true, lie = (2 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert body.count(true) == 2
    assert refusal(body.replace(true, lie), IngestLimits(max_unpacked_bytes=1 << 20)).zh


def test_too_many_parts_are_refused() -> None:
    body = docx(paragraph("x"), parts={f"word/{i}.bin": b"" for i in range(60)})
    assert "部件过多" in refusal(body, IngestLimits(max_zip_parts=50)).zh


def test_a_zip_of_something_else_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", NEWS)
    assert "损坏" in refusal(out.getvalue()).zh


def test_a_locked_zip_is_refused_as_locked() -> None:
    body = bytearray(GOOD)
    central = body.index(b"PK\x01\x02")
    body[central + 8] |= 1
    assert "密码" in refusal(bytes(body)).zh

"""PDF pages: reading order of columns, paragraphs, tables; files that cannot be read."""

from __future__ import annotations

import re

import pytest

from briefing.errors import SourceError
from briefing.ingest import IngestLimits
from briefing.ingest.limits import Extracted
from briefing.ingest.pdf import ingest
from tests.unit.ingest.makers import MORE, NEWS, Line, column, pdf

LIMITS = IngestLimits()


def read(pages: list[list[Line]]) -> Extracted:
    (document,) = ingest(pdf(pages), "甲.pdf", LIMITS)
    assert isinstance(document, Extracted)
    return document


def solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


ONE, TWO = solid(NEWS), solid(MORE)


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_are_read_one_after_the_other(columns: int) -> None:
    ems = 50 // columns
    lines = column(f"{NEWS}\n{MORE}\n{NEWS}", 0, 0, ems)
    per_column = -(-len(lines) // columns)
    page: list[Line] = [(60, 780, 24, "江城启动老旧小区改造")]
    for i, (x, _, size, text) in enumerate(lines):
        place, row = divmod(i, per_column)
        page.append((40 + place * (ems * 10 + 12) + x, 740 - row * 15, size, text))
    assert solid(read([page]).text) == "江城启动老旧小区改造" + ONE + TWO + ONE


def test_file_order_does_not_matter() -> None:
    page = column(f"{NEWS}\n{MORE}", 40, 700, 20) + column(f"{MORE}\n{NEWS}", 260, 700, 20)
    assert read([page[::-1]]).text == read([page]).text
    assert solid(read([page]).text) == ONE + TWO + TWO + ONE


def test_articles_above_one_another_are_read_whole() -> None:
    page: list[Line] = [(60, 790, 22, "上面一篇的标题在这里")]
    page += column(NEWS, 40, 750, 24) + column(MORE, 300, 750, 24)
    page += [(60, 560, 22, "下面一篇的标题在这里")]
    page += column(MORE, 40, 520, 15) + column(NEWS, 215, 520, 15) + column(MORE, 390, 520, 15)
    want = "上面一篇的标题在这里" + ONE + TWO + "下面一篇的标题在这里" + TWO + ONE + TWO
    assert solid(read([page]).text) == want


def test_a_line_of_print_is_a_line_and_a_blank_line_parts_paragraphs() -> None:
    blocks = read([column(f"{NEWS}\n{MORE}", 40, 700, 30)]).text.split("\n\n")
    assert [solid(block) for block in blocks] == [ONE, TWO]
    assert all(len(line) <= 30 for block in blocks for line in block.split("\n"))


def test_a_paragraph_broken_at_a_columns_foot_is_not_parted() -> None:
    lines = column(f"{NEWS}\n{MORE}", 40, 700, 20)
    left, right = lines[:4], [(x + 220, 700 - i * 15, s, t) for i, (x, _, s, t) in enumerate(lines[4:])]
    assert [solid(block) for block in read([left + right]).text.split("\n\n")] == [ONE, TWO]


def test_a_headline_over_two_lines_stays_together_and_apart_from_the_body() -> None:
    page: list[Line] = [(40, 760, 20, "全市首个退役军人税费"), (40, 732, 20, "咨询服务站正式成立")]
    page += column(NEWS, 40, 690, 40)
    assert read([page]).text.split("\n\n")[0] == "全市首个退役军人税费\n咨询服务站正式成立"


def test_a_table_is_read_row_by_row() -> None:
    rows = [("县区", "面积", "进度"), ("东县", "82.0", "68%"), ("西县", "76.5", "66%")]
    page: list[Line] = [
        (x, 700 - 18 * i, 10, cell)
        for i, row in enumerate(rows)
        for x, cell in zip((60, 200, 340), row, strict=True)
    ]
    assert read([page]).text.split("\n") == ["县区 面积 进度", "东县 82.0 68%", "西县 76.5 66%"]


def test_the_foot_of_the_page_comes_last() -> None:
    page = column(NEWS, 40, 700, 20) + column(MORE, 260, 700, 20)
    page.append((40, 60, 9, "责任编辑：方晓 校对：周岩"))
    assert read([page]).text.endswith("责任编辑：方晓 校对：周岩")


def test_spaces_between_phrases_of_a_headline_are_kept() -> None:
    page: list[Line] = [(40, 760, 20, "讲述榜样故事　传播党的声音"), *column(NEWS, 40, 700, 40)]
    assert read([page]).text.startswith("讲述榜样故事　传播党的声音\n\n")


def test_bold_by_double_printing_is_read_once() -> None:
    page: list[Line] = [(40, 760, 20, "江城启动改造"), (40.4, 760, 20, "江城启动改造")]
    assert read([page]).text == "江城启动改造"


def test_pages_tile_the_text_and_a_scanned_page_is_a_warning() -> None:
    document = read([column(NEWS, 40, 700, 40), [], column(MORE, 40, 700, 40)])
    assert "".join(document.text[p.start : p.end] for p in document.pages) == document.text
    assert [solid(document.text[p.start : p.end]) for p in document.pages] == [ONE, "", TWO]
    assert "第 2 页" in document.warnings[0][0]


@pytest.mark.parametrize(
    ("body", "zh"),
    [
        pytest.param(pdf([[]]), "扫描件", id="no text layer"),
        pytest.param(pdf([[(40, 700, 10, NEWS)]], locked=True), "密码", id="password"),
        pytest.param(b"%PDF-1.4\nnothing", "损坏", id="damaged"),
        pytest.param(b"", "损坏", id="empty"),
        pytest.param(pdf([[]] * 4), "页数太多", id="too many pages"),
        pytest.param(pdf([[(40, 700, 10, "\ue123\ue456\ue789" * 20)]]), "乱码", id="no character map"),
        pytest.param(
            pdf([[(40, 700 - 12 * i, 10, "龘靐齉爩鱻麤龗灪吁龖") for i in range(6)]]), "乱码", id="noise"
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(body: bytes, zh: str) -> None:
    with pytest.raises(SourceError) as caught:
        ingest(body, "甲.pdf", IngestLimits(max_pdf_pages=3))
    assert zh in caught.value.zh
    assert caught.value.source == "甲.pdf"


def test_a_page_with_too_many_characters_is_refused() -> None:
    body = pdf([column(NEWS, 40, 700, 40)])
    with pytest.raises(SourceError, match="page 1 has too many"):
        ingest(body, "甲.pdf", IngestLimits(max_page_chars=50))


def test_columns_on_uneven_baselines_do_not_run_into_one_another() -> None:
    """Each column stands a quarter of a line lower than the one before: no row may drift down across the page."""
    lines = [
        (
            40.0 + 130 * k,
            700.0 - 15 * row - 3.75 * k,
            10.0,
            f"{'甲乙丙丁'[k]}栏第{'一二三四五六七八'[row]}行的文字",
        )
        for k in range(4)
        for row in range(8)
    ]
    text = read([lines]).text
    assert "".join(text.split()) == "".join(t for _, _, _, t in lines)


def test_a_narrow_headline_is_read_before_all_the_columns_under_it() -> None:
    columns = [
        (40.0 + 130 * k, 700.0 - 15 * row, 10.0, f"{'甲乙丙丁'[k]}栏第{'一二三四五六七八'[row]}行的文字")
        for k in range(4)
        for row in range(8)
    ]
    head = (215.0, 713.0, 20.0, "窄标题居中排")
    text = read([[head, *columns]]).text
    assert "".join(text.split()) == "窄标题居中排" + "".join(t for _, _, _, t in columns)

"""JSON lines, Markdown and plain text."""

from __future__ import annotations

import json
from datetime import date

import pytest

from briefing.errors import SourceError
from briefing.ingest import IngestLimits, jsonl, markdown, plain_text
from briefing.ingest.dates import stated_date
from briefing.ingest.limits import Extracted
from briefing.records import Skip, Span
from tests.unit.ingest.makers import MORE, NEWS

LIMITS = IngestLimits()


def rows(*lines: str) -> list[Extracted | Skip]:
    return jsonl.ingest("\n".join(lines).encode(), "甲.jsonl", LIMITS)


def test_each_row_is_an_article_with_its_own_text_untouched() -> None:
    text = " \u200b正文，\r\n第二段 \x0b "
    row = {
        "id": 7,
        "title": "标题",
        "text": text,
        "source": "江城日报",
        "url": "http://a.cn",
        "date": "2026-03-05",
        "page": "02",
    }
    (found,) = rows(json.dumps(row, ensure_ascii=False))
    assert isinstance(found, Extracted)
    assert found.text == text
    assert (found.row, found.title, found.outlet, found.url) == (7, "标题", "江城日报", "http://a.cn")
    assert (found.published_on, found.page_label, found.single_article) == (date(2026, 3, 5), "02", True)


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        '{"id": 1}',
        '{"text": 5}',
        '{"text": "  "}',
        "[1]",
        "null",
        '{"text": "' + "x",
        "[" * 100_000,
        '{"a": 1e999, "id"}',
    ],
    ids=["cut", "no text", "number", "blank", "list", "null", "open string", "deep", "no value"],
)
def test_a_broken_row_is_a_skip_with_its_line_and_the_others_go_on(broken: str) -> None:
    first, skip, last = rows(json.dumps({"text": NEWS}), broken, json.dumps({"text": MORE}))
    assert isinstance(skip, Skip)
    assert "第 2 行" in skip.zh
    assert "line 2" in skip.en
    assert [d.text for d in (first, last) if isinstance(d, Extracted)] == [NEWS, MORE]


def test_line_separators_inside_a_row_do_not_cut_it() -> None:
    text = "一\u2028二\u0085三"
    (found,) = rows(json.dumps({"text": text}, ensure_ascii=False))
    assert isinstance(found, Extracted)
    assert found.text == text


def test_a_lone_surrogate_is_replaced_and_reported() -> None:
    (found,) = rows('{"text": "坏\\ud800字"}')
    assert isinstance(found, Extracted)
    assert found.text == "坏\ufffd字"
    assert found.warnings


def test_rows_without_an_id_are_numbered_by_line() -> None:
    found = rows("", json.dumps({"text": NEWS}), "", json.dumps({"text": MORE}))
    assert [d.row for d in found if isinstance(d, Extracted)] == ["2", "4"]


def test_a_file_without_a_usable_row_is_an_error() -> None:
    with pytest.raises(SourceError, match="no row can be used"):
        rows('{"a": 1}', '{"b": 2}')


def test_rows_over_the_limit_are_one_skip() -> None:
    body = "\n".join(json.dumps({"text": NEWS}) for _ in range(5)).encode()
    found = jsonl.ingest(body, "甲.jsonl", IngestLimits(max_rows=3))
    assert [type(d) for d in found] == [Extracted] * 3 + [Skip]


def test_front_matter_is_read_and_kept_in_the_text() -> None:
    fields = 'title: "江城启动改造"\ndate: 2026-03-05\n来源：江城日报\nurl: http://a.cn/1\n'
    text = f"---\n{fields}---\n\n# 标题\n\n{NEWS}\n"
    (found,) = markdown.ingest(text.encode(), "甲.md", LIMITS)
    assert isinstance(found, Extracted)
    assert found.text == text
    assert (found.title, found.outlet, found.url) == ("江城启动改造", "江城日报", "http://a.cn/1")
    assert found.published_on == date(2026, 3, 5)


@pytest.mark.parametrize(
    "text", [f"# 标题\n\n{NEWS}", f"---\n{NEWS}", f"{NEWS}\n---\ntitle: x\n---"], ids=["none", "open", "late"]
)
def test_without_front_matter_nothing_is_made_up(text: str) -> None:
    (found,) = markdown.ingest(text.encode(), "甲.md", LIMITS)
    assert isinstance(found, Extracted)
    assert (found.text, found.title, found.published_on) == (text, "", None)


def test_form_feeds_part_pages_that_tile_the_text() -> None:
    text = f"{NEWS}\f{MORE}\f"
    (found,) = plain_text.ingest(text.encode(), "甲.txt", LIMITS)
    assert isinstance(found, Extracted)
    assert found.pages == (Span(0, len(NEWS) + 1), Span(len(NEWS) + 1, len(text)))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026/3/5 10:20", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        (20260305, date(2026, 3, 5)),
        ("2026-02-30", None),
        ("2026-03-055", None),
        ("昨天", None),
        (None, None),
        (True, None),
    ],
    ids=str,
)
def test_stated_dates(value: object, day: date | None) -> None:
    assert stated_date(value) == day

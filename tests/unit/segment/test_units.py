from __future__ import annotations

import pytest

from briefing.segment.units import make_units
from briefing.text.normalise import normalise

WRAPPED = """\
本报讯（记者 周文）9月12日，望川县水利局
通报，今年全县计划改造中型灌区3处，目前
已完成渠道衬砌41公里，占年度任务的八成
五，预计10月底前全部完工。
  县水利局负责人介绍，下一步将把末级渠系
纳入管护范围，由受益村签订责任书，县里按
每亩12元的标准安排补助资金。"""


def texts(raw: str) -> list[str]:
    return [unit.text for unit in make_units(normalise(raw), raw)]


def test_wrapped_lines_become_paragraphs() -> None:
    first, second = texts(WRAPPED)
    assert "望川县水利局通报" in first
    assert first.endswith("全部完工。")
    assert second.startswith("县水利局负责人")
    assert second.endswith("补助资金。")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            "望川县通报灌区改造\n本报讯 今年全县计划改造中型灌区3处。\n县里安排补助资金。", id="short lines"
        ),
        pytest.param("甲\n\n乙\n\n丙", id="blank lines"),
    ],
)
def test_lines_that_were_not_wrapped_stay_apart(raw: str) -> None:
    assert texts(raw) == [normalise(line).text for line in raw.split("\n") if line]


def test_latin_words_keep_their_blank_when_lines_are_joined() -> None:
    raw = "\n".join(
        [
            "the county office has said",
            "that work on the dyke will",
            "go on until the year ends,",
            "and that no money is short",
            "of what was once promised.",
        ]
    )
    assert texts(raw) == [raw.replace("\n", " ")]


def test_markdown_mark_is_no_part_of_the_text() -> None:
    raw = "## 全市秋粮收获过六成\n\n据农情调度，截至9月18日已收178.2万亩。"
    unit = make_units(normalise(raw), raw)[0]
    assert (unit.text, unit.heading_mark) == ("全市秋粮收获过六成", True)


def test_indentation_is_read_from_the_raw_text() -> None:
    raw = "　　县里安排补助资金。\n各村签订责任书。"
    assert [u.indented for u in make_units(normalise(raw), raw)] == [True, False]


def test_rows_of_a_table_stay_apart() -> None:
    rows = [
        "县（市、区） | 面积（万亩） | 进度（%）",
        "青石县、柳坪镇 | 82.0 | 68.0",
        "望川县、云居乡 | 76.5 | 66.0",
    ]
    raw = "\n".join([*rows, *rows[1:]])
    assert len(texts(raw)) == 5


@pytest.mark.parametrize(
    ("line", "head", "text"),
    [
        pytest.param(
            "【秋粮收获过六成】据农情调度，全市已收秋粮178万亩。",
            "【秋粮收获过六成】",
            "据农情调度，全市已收秋粮178万亩。",
            id="brackets",
        ),
        pytest.param(
            "2.【秋粮收获过六成】 据农情调度，全市已收秋粮178万亩。",
            "2.【秋粮收获过六成】",
            "据农情调度，全市已收秋粮178万亩。",
            id="numbered",
        ),
        pytest.param(
            "- **秋粮收获过六成**：据农情调度，全市已收秋粮178万亩。",
            "- **秋粮收获过六成**：",
            "据农情调度，全市已收秋粮178万亩。",
            id="bold",
        ),
    ],
)
def test_headline_run_in_before_its_text_is_a_unit_of_its_own(line: str, head: str, text: str) -> None:
    normalised = normalise(line)
    units = make_units(normalised, line)
    assert [u.text for u in units] == [head, text]
    assert ["".join(normalised.text[s.start : s.end] for s in u.spans) for u in units] == [head, text]


def test_short_note_behind_brackets_stays_in_its_line() -> None:
    assert texts("【秋粮收获过六成】（见图）") == ["【秋粮收获过六成】（见图）"]


def test_run_in_headline_of_a_wrapped_paragraph_keeps_its_spans() -> None:
    text = "【补助资金到位】九月十六日县里召开秋粮收获推进会通报各村进度并安排农机下田作业，全县已收秋粮一百七十八万亩，比去年快。"
    raw = "\n".join(text[i : i + 13] for i in range(0, len(text), 13))
    units = make_units(normalise(raw), raw)
    assert [u.text for u in units] == [text[:8], text[8:]]
    assert ["".join(raw[s.start : s.end] for s in u.spans) for u in units] == [text[:8], text[8:]]

"""The words every format shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.render import wording
from tests.fixtures_briefing import take

PLAIN = take("正文。", ["正文。"], source="dir/第1期 样本.txt")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(n, text, id=text)
        for n, text in {
            1: "一",
            10: "十",
            11: "十一",
            20: "二十",
            99: "九十九",
            100: "一百",
            105: "一百零五",
            110: "一百一十",
            200: "二百",
            1003: "一千零三",
            1010: "一千零一十",
            9999: "九千九百九十九",
        }.items()
    ],
)
def test_heading_numbers(number: int, expected: str) -> None:
    assert wording.chinese_number(number) == expected


@pytest.mark.parametrize("number", [pytest.param(0, id="0"), pytest.param(10000, id="10000")])
def test_numbers_no_heading_has_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no heading number"):
        wording.chinese_number(number)


def test_dates_have_no_leading_zero() -> None:
    assert wording.chinese_date(date(2024, 4, 2)) == "2024年4月2日"


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        pytest.param("", "第【待补】期", id="missing"),
        pytest.param("25", "第25期", id="number"),
        pytest.param("2026年第25期（总第325期）", "2026年第25期（总第325期）", id="as written"),
        pytest.param("增刊", "增刊", id="special"),
    ],
)
def test_issue_label(given_number: str, expected: str) -> None:
    assert wording.issue_label(given_number) == expected


@pytest.mark.parametrize(
    ("office", "expected"),
    [
        pytest.param("", "【待补】编印", id="missing"),
        pytest.param("江城市政府办公室", "江城市政府办公室编印", id="name"),
        pytest.param("江城市政府办公室编印", "江城市政府办公室编印", id="already says so"),
    ],
)
def test_office_label(office: str, expected: str) -> None:
    assert wording.office_label(office) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"outlet": "聊城日报", "published_on": date(2024, 4, 2), "page_label": "02"},
            "《聊城日报》2024年4月2日第2版",
            id="paper, date, page",
        ),
        pytest.param(
            {"outlet": "《大众日报》", "page_label": "A03"}, "《大众日报》A03版", id="already in 《》"
        ),
        pytest.param({"outlet": "新华社", "published_on": date(2024, 4, 2)}, "新华社2024年4月2日", id="agency"),
        pytest.param({"outlet": "人民网"}, "人民网", id="site"),
        pytest.param({}, "第1期 样本.txt", id="unknown outlet: the file"),
        pytest.param({"page_label": "第3页"}, "第1期 样本.txt 第3页", id="file and page apart"),
        pytest.param({"source": "-"}, "标准输入", id="stdin"),
        pytest.param({"source": "C:\\报\\a.txt"}, "a.txt", id="windows path"),
    ],
)
def test_source_label(changes: dict[str, object], expected: str) -> None:
    assert wording.source_label(replace(PLAIN, **changes)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param(" data:text/html,x", id="data"),
        pytest.param("https://", id="no host"),
        pytest.param("https://a b/", id="space"),
        pytest.param('https://a/"onmouseover=', id="quote"),
        pytest.param("https://a/\u202ex", id="bidi"),
        pytest.param("http://[::1", id="broken address"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("//host/x", id="no scheme"),
        pytest.param("", id="empty"),
    ],
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert wording.safe_url(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://a.cn/x?a=1&b=%E4%BD%A0#c", id="query"),
        pytest.param("http://报.cn/今日", id="chinese"),
    ],
)
def test_web_addresses_stay_as_they_are(url: str) -> None:
    assert wording.safe_url(url) == url


@given(st.text(st.characters(codec=None)))
def test_printable_text_can_be_written_and_shows_no_control(text: str) -> None:
    shown = wording.printable(text)
    shown.encode()
    assert not set(shown) & set("\x00\x1b\u202e\u2066\u200b\ufeff")
    assert wording.printable(shown) == shown


def test_quotes_inside_a_quotation_are_not_changed() -> None:
    assert wording.quoted("试行“云审”") == "「试行“云审”」"
    assert wording.quoted("试行") == "“试行”"


def test_shortened_text_keeps_to_its_budget() -> None:
    assert wording.shorten("一二三四五", 5) == "一二三四五"
    assert wording.shorten("一二三四五六", 5) == "一二三四…"

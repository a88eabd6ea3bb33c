"""Sentence and clause splitting: loses nothing, tiles, keeps quotations whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.sentences import split_sentences

_CHARS = st.text(alphabet="我市今年3.5%12，。；：！？“”‘’（）()《》、…—\n 　ab,:;!?·", max_size=120)


@given(_CHARS)
def test_only_white_space_stands_between_sentences(text: str) -> None:
    at = 0
    for sentence in split_sentences(text):
        assert not text[at : sentence.span.start].strip()
        at = sentence.span.end
    assert not text[at:].strip()


@given(_CHARS)
def test_clauses_tile_their_sentence(text: str) -> None:
    for sentence in split_sentences(text):
        at = sentence.span.start
        for clause in sentence.clauses:
            assert clause.span.start == at
            assert clause.span.end > at
            at = clause.span.end
        assert at == sentence.span.end


@given(_CHARS)
def test_no_sentence_begins_or_ends_with_white_space_or_crosses_a_line(text: str) -> None:
    for sentence in split_sentences(text):
        words = text[sentence.span.start : sentence.span.end]
        assert words == words.strip()
        assert "\n" not in words


def _sentences(text: str) -> list[str]:
    return [text[s.span.start : s.span.end] for s in split_sentences(text)]


def _clauses(text: str) -> list[str]:
    return [text[c.span.start : c.span.end] for s in split_sentences(text) for c in s.clauses]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("市里开会。县里落实。", ["市里开会。", "县里落实。"], id="two sentences"),
        pytest.param(
            "他说：“今年增收。明年再看。”会后散场。",
            ["他说：“今年增收。明年再看。”", "会后散场。"],
            id="quotation whole",
        ),
        pytest.param(
            "增长3.5%。其中工业增长4.2%",
            ["增长3.5%。", "其中工业增长4.2%"],
            id="decimal point and no final stop",
        ),
        pytest.param("第一段\n第二段。", ["第一段", "第二段。"], id="line end"),
        pytest.param(
            "“大家都来了！”村民高兴地说。",
            ["“大家都来了！”", "村民高兴地说。"],
            id="quotation with its own stop",
        ),
        pytest.param(
            "建成“三横三纵……五联”路网。", ["建成“三横三纵……五联”路网。"], id="ellipsis inside a quotation"
        ),
        pytest.param("\u3000\u3000全角空格开头。", ["全角空格开头。"], id="full-width space"),
    ],
)
def test_sentences(text: str, want: list[str]) -> None:
    assert _sentences(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("今年，全市新建学校8所。", ["今年，", "全市新建学校8所。"], id="comma"),
        pytest.param(
            "印发《教育、科技，人才规划》，下月施行。",
            ["印发《教育、科技，人才规划》，", "下月施行。"],
            id="comma in a title",
        ),
        pytest.param("总额1,200万元，增长一成。", ["总额1,200万元，", "增长一成。"], id="thousands separator"),
        pytest.param(
            "会议要求：抓安全；保供应。", ["会议要求：", "抓安全；", "保供应。"], id="colon and semicolon"
        ),
    ],
)
def test_clauses(text: str, want: list[str]) -> None:
    assert _clauses(text) == want

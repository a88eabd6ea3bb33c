"""Titles broken at word borders: shapes, names, figures, quotes, and anything that a headline may hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import fonts
from briefing.render.contract import RenderOptions
from briefing.render.titles import (
    Room,
    break_title,
    char_width,
    is_divisible,
    is_short,
    text_width,
    titles_of,
    words_of,
)
from briefing.render.view import view_of
from briefing.words import load_lexicon
from tests.fixtures_briefing import make_briefing, plain_briefing

CUT = load_lexicon().cut
LEFT = Room(28, 23.5, centred=False)
CLOSING = "）》”’】，。、；：！？…％%"
OPENING = "（《“‘【"


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        pytest.param("青石县举行春耕现场会", LEFT, ("青石县举行春耕现场会",), id="what fits is left alone"),
        pytest.param(
            "青石县将重点开展“投资青石·共赢未来”系列招商活动",
            LEFT,
            ("青石县将重点开展“投资青石·共赢未来”", "系列招商活动"),
            id="no stub on the last line",
        ),
        pytest.param(
            "关于进一步优化营商环境促进民营经济高质量发展的若干措施",
            Room(20),
            ("关于进一步优化营商环境", "促进民营经济高质量发展的若干措施"),
            id="centred: a trapezoid at the border of the phrase",
        ),
        pytest.param(
            "青石县今年前三季度完成固定资产投资135.8亿元",
            Room(20),
            ("青石县今年前三季度", "完成固定资产投资135.8亿元"),
            id="a figure keeps its unit",
        ),
        pytest.param(
            "青石县人民政府办公室关于全市政务信息与舆情动态的每日综合简报",
            Room(14.7),
            ("青石县人民政府办公室", "关于全市政务信息与舆情", "动态的每日综合简报"),
            id="three lines",
        ),
    ],
)
def test_titles_are_broken_as_an_editor_would(text: str, room: Room, lines: tuple[str, ...]) -> None:
    assert break_title(text, room, CUT) == lines


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param("高质量", id="a word of the list"),
        pytest.param("周明远", id="a name that is no word"),
        pytest.param("镕昇玥喆", id="rare characters"),
        pytest.param("326.5亿元", id="decimal and unit"),
        pytest.param("2026—2028年", id="years from to"),
        pytest.param("2026年3月15日", id="date"),
        pytest.param("第12批", id="ordinal"),
        pytest.param("十八处", id="figure in characters"),
        pytest.param("百分之八", id="per cent in characters"),
        pytest.param("5.8%", id="per cent"),
        pytest.param("5G", id="digit and letter"),
        pytest.param("Smith-Jones", id="Latin name"),
        pytest.param("《青石日报》", id="short book title"),
        pytest.param("“村账云审”", id="quoted term"),
        pytest.param("青石县", id="unknown place with its suffix"),
        pytest.param("……", id="ellipsis"),
        pytest.param("——", id="dash"),
        pytest.param("👨\u200d👩\u200d👧", id="joined emoji"),
    ],
)
def test_what_belongs_together_is_not_parted(whole: str) -> None:
    # The place moves through the line's end: no offset may part it.
    for before in range(8, 22):
        text = ("推动各项政策措施落实到位" * 2)[:before] + whole + "推动各项政策措施落实到位"
        for room in (Room(20), LEFT):
            lines = break_title(text, room, CUT)
            assert "".join(lines) == text
            assert any(whole in line for line in lines), lines
        assert not any(whole[i:] in words_of(text, CUT) for i in range(1, len(whole)))


@pytest.mark.parametrize("room", [pytest.param(Room(20), id="centred"), pytest.param(LEFT, id="flush left")])
def test_no_headline_length_leaves_a_character_alone(room: Room) -> None:
    words = "青石县推进低空经济和数字产业融合发展促进企业技术改造加快建设现代化产业体系"
    for size in range(10, len(words) + 1):
        lines = break_title(words[:size], room, CUT)
        assert all(text_width(line) >= 2 for line in lines), lines
        assert all(text_width(line) <= room.line(i) for i, line in enumerate(lines)), lines


def test_centred_lines_are_no_hourglass() -> None:
    for size in range(41, 60):
        text = ("青石县推进低空经济和数字产业融合发展，" * 4)[:size]
        widths = [text_width(line) for line in break_title(text, Room(20), CUT)]
        assert len(widths) >= 3
        turns = [b < a for a, b in pairwise(widths) if a != b]
        assert turns == sorted(turns), widths


ANY = st.text(
    st.one_of(
        st.sampled_from("青石县推进的和与第三季度人周明远镕，、：“”《》（）……—— "),
        st.sampled_from("0123456789.%ABCabcmw-é"),
        st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")),
    ),
    max_size=90,
)


@given(text=ANY, columns=st.sampled_from([9.7, 14.7, 20.0, 26.0]), centred=st.booleans())
def test_any_text_is_kept_whole_in_lines_that_fit(text: str, columns: float, centred: bool) -> None:
    room = Room(columns, 0 if centred else columns - 2, centred=centred)
    lines = break_title(text, room, CUT)
    assert "".join(lines) == text
    assert "".join(words_of(text, CUT)) == text
    if len(lines) > 1:
        assert all(text_width(line.rstrip()) <= columns + 1e-6 for line in lines)
        assert not any(line[0] in CLOSING for line in lines[1:])
        assert not any(line[-1] in OPENING for line in lines[:-1])


def test_a_word_longer_than_the_line_is_broken_only_then() -> None:
    address = "https://www.example.test/a/very/long/path/that/never/ends"
    lines = break_title("青石县开通" + address, Room(20), CUT)
    assert len(lines) > 1
    assert "".join(lines) == "青石县开通" + address
    assert break_title("，" * 60, Room(20), CUT) == ("，" * 60,)


def test_a_headline_of_200_characters_takes_no_time() -> None:
    text = "青石县推进低空经济和数字产业融合发展" * 11
    assert len(break_title(text, Room(20), CUT)) in (10, 11)


@pytest.mark.parametrize(
    ("word", "short", "divisible"),
    [
        pytest.param("高质量", True, False, id="word"),
        pytest.param("站", False, False, id="one character needs nothing"),
        pytest.param("“投资青石·共赢未来”", False, True, id="a dot inside"),
        pytest.param("2026—2028年", True, True, id="a dash inside"),
        pytest.param("“村账云审”，", True, False, id="marks at the ends only"),
        pytest.param("www.example.test/a/very/long/path", False, False, id="wider than a phone"),
    ],
)
def test_what_a_browser_would_part_is_told(word: str, short: bool, divisible: bool) -> None:
    assert (is_short(word), is_divisible(word)) == (short, divisible)


@pytest.mark.parametrize("role", [pytest.param(r, id=r.name.lower()) for r in fonts.Role])
def test_no_character_is_wider_than_is_reckoned(role: fonts.Role) -> None:
    """What is printed must not need more room than it was given: measured in the fonts that stand in here."""
    from PIL import ImageFont

    choice = fonts.choose(role, fonts.installed_fonts())
    if choice.face is None:
        pytest.skip(f"no font for {role.value} here")
    font = ImageFont.truetype(str(choice.face.file), 1000)
    chars = [*map(chr, range(32, 127)), *"县，“《—·×±℃"]
    wider = {c: font.getlength(c) / 1000 for c in chars if font.getlength(c) / 1000 > char_width(c) + 0.001}
    assert not wider


def test_the_ordinal_has_its_room() -> None:
    briefing = plain_briefing(12, headline_chars=24)
    view = view_of(briefing, RenderOptions())
    titles = titles_of(view)
    for item in view.items:
        first = "".join(titles.headline(item)[0])
        assert text_width(item.ordinal + first) <= 26.5
        assert "".join("".join(words) for words in titles.headline(item)) == item.headline.text


def test_a_long_masthead_takes_the_smaller_type() -> None:
    view = view_of(replace(make_briefing(), title="江城市人民政府办公室每日政务信息"), RenderOptions())
    titles = titles_of(view)
    assert titles.masthead_is_long
    assert ["".join(words) for words in titles.masthead()] == ["江城市人民政府办公室", "每日政务信息"]

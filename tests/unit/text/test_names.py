"""Persons by titles, verbs and lists; organisations by suffixes; places from a list."""

from __future__ import annotations

import pytest

from briefing.text.names import find_organisations, find_people, find_places


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("青泽市市长韩立群主持召开推进会。", "韩立群", id="after-title"),
        pytest.param("“不会降低门槛。”沈知微表示，", "沈知微", id="before-verb"),
        pytest.param("局长王军接受采访", "王军", id="two-characters"),
        pytest.param("书记欧阳云帆说", "欧阳云帆", id="compound-surname"),
        pytest.param("委员长郑义和表示，", "郑义和", id="ends-in-a-function-word"),
    ],
)
def test_person_is_found(text: str, name: str) -> None:
    assert name in [m.text for m in find_people(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("各级代表时间安排", id="time"),
        pytest.param("专家和总统先生表示", id="title-after-and"),
        pytest.param("文章指出，", id="article-says"),
    ],
)
def test_common_word_is_no_person(text: str) -> None:
    assert find_people(text) == ()


def test_known_name_is_found_without_a_cue() -> None:
    assert [m.text for m in find_people("由褚云帆带队", known=["褚云帆"])] == ["褚云帆"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("财政部印发通知", "财政部", id="ministry"),
        pytest.param("县水利局表示", "县水利局", id="county-office"),
        pytest.param("青山集团有限公司中标", "青山集团有限公司", id="company"),
    ],
)
def test_organisation_is_found(text: str, name: str) -> None:
    assert any(m.text.startswith(name[:2]) and name.startswith(m.text) for m in find_organisations(text))


def test_layout_and_ending_are_no_offices() -> None:
    assert find_organisations("产业布局的结局，客厅与展厅") == ()


def test_place_names_a_street_is_no_place() -> None:
    assert [m.text for m in find_places("南京路在上海")] == ["上海"]

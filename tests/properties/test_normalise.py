"""Properties of the normaliser over any text."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.records import Span
from briefing.text.normalise import normalise
from briefing.text.spans import to_origin

# Pieces that the rules look at, so that they meet in every order.
PIECES = [
    *" \t\n\r,:;!?()\"'“”‘’，。：；（）《》.1２３aBc",
    *"年月日第版人中国民记者摄张三电讯报条、％%\u200b\u0301\u3000é-…",
    *(
        "记者 ",
        "通讯员 ",
        "新华社",
        "本报讯",
        "日电 ",
        "第一条 ",
        "https://",
        "a@b.c",
        " 摄",
        "‘",
        "⻓",
        "﹐",
        "｡",
        "\r\n",
    ),
    "是的，我们一起来看看吧，这里有很多的字可以用来凑数目的，",
]
CRAFTED = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
ANY = st.one_of(CRAFTED, st.text(max_size=60))


@given(ANY)
@example('"https://",年')
@example("记者 张三 从有关部门获悉 今天，下雨。")
@settings(max_examples=600, deadline=None)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw).text
    assert normalise(once).text == once


@given(ANY)
@settings(max_examples=300, deadline=None)
def test_every_character_stands_for_one_character_of_the_raw_text(raw: str) -> None:
    found = normalise(raw)
    assert sum(run.length for run in found.runs) == len(found.text)
    at = [p for run in found.runs for p in range(run.origin_start, run.origin_start + run.length)]
    assert at == sorted(set(at))
    assert all(p < len(raw) for p in at)
    # The n-th character stands for the n-th place; digits and hanzi keep their value.
    for char, place in zip(found.text, at, strict=True):
        if char.isdigit():
            assert unicodedata.normalize("NFKC", raw[place]) == char or raw[place] == char


@given(ANY)
@settings(max_examples=300, deadline=None)
def test_no_letter_digit_or_hanzi_is_lost(raw: str) -> None:
    found = normalise(raw)
    kept = {p for run in found.runs for p in range(run.origin_start, run.origin_start + run.length)}
    for place, char in enumerate(raw):
        if char.isalnum():
            assert place in kept


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_nothing_invisible_is_left(raw: str) -> None:
    text = normalise(raw).text
    assert not [c for c in text if unicodedata.category(c) in ("Cf", "Co", "Cs") or (c < " " and c != "\n")]
    assert "  " not in text
    assert all(line == line.strip(" ") for line in text.split("\n"))


@given(ANY, st.data())
@settings(max_examples=200, deadline=None)
def test_a_span_leads_back_to_as_many_characters(raw: str, data: st.DataObject) -> None:
    found = normalise(raw)
    start = data.draw(st.integers(0, len(found.text)))
    end = data.draw(st.integers(start, len(found.text)))
    assert sum(len(s) for s in to_origin(found.runs, Span(start, end))) == end - start

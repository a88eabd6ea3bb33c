"""Assembling: order of sections and items, what is never made up, options that cannot work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from briefing.assemble import AREA_ORDER, AssembleOptions, SectionOrder, assemble_briefing, keep_document
from briefing.errors import ConfigError
from briefing.records import (
    Briefing,
    BriefingItem,
    DroppedBlock,
    DropReason,
    RawDocument,
    RunReport,
    RunStatus,
    SegmentedDocument,
    Span,
)
from tests.fixtures_briefing import insufficient_item

DAY = date(2026, 3, 5)


def item(name: str, area: str, score: float) -> BriefingItem:
    base = insufficient_item()
    return replace(base, area=area, score=score, summary=replace(base.summary, headline=name))


ITEMS = (
    item("a", "经济运行", 3.0),
    item("b", "时政要闻", 2.0),
    item("c", "经济运行", 4.0),
    item("d", "文化旅游", 5.0),
    item("e", "时政要闻", 2.0),
)


def assemble(items: tuple[BriefingItem, ...], options: AssembleOptions) -> Briefing:
    return assemble_briefing(items, (), (), RunReport(RunStatus.OK), options)


def order(briefing: Briefing) -> list[tuple[str, str]]:
    return [(s.area, "".join(i.summary.headline for i in s.items)) for s in briefing.sections]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(
            AssembleOptions(DAY),
            [("文化旅游", "d"), ("经济运行", "ca"), ("时政要闻", "be")],
            id="the most important item opens the issue",
        ),
        pytest.param(
            AssembleOptions(DAY, section_order=SectionOrder.FIXED),
            [("时政要闻", "be"), ("经济运行", "ca"), ("文化旅游", "d")],
            id="fixed: the configured order of areas",
        ),
        pytest.param(
            AssembleOptions(DAY, section_order=SectionOrder.FIXED, area_order=("文化旅游",)),
            [("文化旅游", "d"), ("经济运行", "ca"), ("时政要闻", "be")],
            id="areas nobody configured follow",
        ),
        pytest.param(
            AssembleOptions(DAY, lead_items=2, section_order=SectionOrder.FIXED),
            [("要闻", "dc"), ("时政要闻", "be"), ("经济运行", "a")],
            id="top items lead in a section of their own",
        ),
        pytest.param(AssembleOptions(DAY, lead_items=9), [("要闻", "dcabe")], id="more leads than items"),
    ],
)
def test_sections_stand_in_the_order_asked_for(options: AssembleOptions, expected: list[object]) -> None:
    assert order(assemble(ITEMS, options)) == expected


def test_equally_important_sections_follow_the_configured_order() -> None:
    items = (item("x", "文化旅游", 3.0), item("y", "时政要闻", 3.0))
    assert order(assemble(items, AssembleOptions(DAY))) == [("时政要闻", "y"), ("文化旅游", "x")]


def test_an_empty_day_has_no_sections() -> None:
    assert assemble((), AssembleOptions(DAY)).sections == ()


def test_office_and_number_are_never_made_up() -> None:
    briefing = assemble(ITEMS, AssembleOptions(DAY))
    assert (briefing.office, briefing.issue_number) == ("", "")
    assert {value for _, value in briefing.colophon} == {""}


def test_other_closes_the_default_order() -> None:
    assert AREA_ORDER[-1] == "其他"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        pytest.param({"lead_items": -1}, "lead_items", id="negative leads"),
        pytest.param({"area_order": ("甲", "乙", "甲")}, "area_order", id="area twice"),
        pytest.param({"title": "  "}, "title", id="no title"),
    ],
)
def test_options_that_cannot_work_are_refused(change: dict[str, object], key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        replace(AssembleOptions(DAY), **change)  # type: ignore[arg-type]
    assert caught.value.source == key


def test_a_kept_document_holds_the_text_and_what_was_dropped() -> None:
    block = DroppedBlock(DropReason.CREDIT, "责任编辑", Span(2, 6))
    raw = RawDocument(
        "a.txt", "text/plain", datetime(2026, 3, 5, tzinfo=UTC), "f" * 64, "正文责任编辑", outlet="甲报"
    )
    kept = keep_document(raw, SegmentedDocument("a.txt", (), (block,)))
    assert (kept.text, kept.outlet, kept.sha256, kept.dropped) == ("正文责任编辑", "甲报", "f" * 64, (block,))

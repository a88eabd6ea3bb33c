"""Puts chosen items into the order a reader meets them: sections, masthead data, tail.

Which items are in and how they score is `rank`'s work; every printed word is `render`'s.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from briefing.errors import ConfigError
from briefing.records import (
    SCHEMA_VERSION,
    Briefing,
    BriefingItem,
    Layout,
    LeftOut,
    RawDocument,
    RunReport,
    Section,
    SegmentedDocument,
    SourceDocument,
)

# What a city-government desk reads first; 其他 closes. Offices change it in their configuration.
AREA_ORDER = (
    "时政要闻",
    "经济运行",
    "改革开放",
    "产业科技",
    "民生社会",
    "乡村振兴",
    "生态环境",
    "法治安全",
    "党建思想",
    "文化旅游",
    "国际港澳台",
    "其他",
)


class SectionOrder(StrEnum):
    """`IMPORTANCE`: the section with the best item leads, so the first item of the issue is the most
    important one. `FIXED`: `area_order` always, for offices whose readers turn to a known place."""

    IMPORTANCE = "importance"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class AssembleOptions:
    """How an issue is put together.

    `office` and `issue_number` may be empty: they print as 【待补】 and are never made up.
    `lead_items`: so many top items of all areas open the issue in a section of their own,
    `lead_title`; 0 for none. `colophon`: label and value pairs of the tail.
    """

    date: datetime.date
    title: str = "每日政策要情"
    office: str = ""
    issue_number: str = ""
    area_order: tuple[str, ...] = AREA_ORDER
    section_order: SectionOrder = SectionOrder.IMPORTANCE
    lead_items: int = 0
    lead_title: str = "要闻"
    colophon: tuple[tuple[str, str], ...] = (("编辑", ""), ("核稿", ""), ("签发", ""))
    layout: Layout = field(default_factory=Layout)

    def __post_init__(self) -> None:
        if self.lead_items < 0:
            raise ConfigError(
                f"要闻条数不能为负：{self.lead_items}，请改为 0 或以上",
                f"lead_items is {self.lead_items}: use 0 or more",
                source="lead_items",
            )
        if len(set(self.area_order)) != len(self.area_order):
            twice = sorted({a for a in self.area_order if self.area_order.count(a) > 1})
            raise ConfigError(
                f"领域顺序中有重复：{'、'.join(twice)}，请每个领域只写一次",
                f"area_order repeats {', '.join(twice)}: name each area once",
                source="area_order",
            )
        if not self.title.strip():
            raise ConfigError("简报名称为空，请填写 title", "the title is empty: give one", source="title")


def keep_document(document: RawDocument, segmented: SegmentedDocument) -> SourceDocument:
    """What the briefing keeps of `document`: its text, to show the page, and what was dropped from it."""
    return SourceDocument(
        source=document.source,
        media_type=document.media_type,
        sha256=document.sha256,
        text=document.text,
        outlet=document.outlet,
        dropped=segmented.dropped,
    )


def _by_weight(items: Sequence[BriefingItem]) -> list[BriefingItem]:
    """Most important first; equal items stay in the given order."""
    return sorted(items, key=lambda item: (-item.score, -item.importance))


def arrange_sections(items: Sequence[BriefingItem], options: AssembleOptions) -> tuple[Section, ...]:
    """Sections by policy area, most important item first in each; areas without items left out.

    Areas that `area_order` does not name follow the named ones, in the order they first occur.
    """
    ordered = _by_weight(items)
    lead, rest = ordered[: options.lead_items], ordered[options.lead_items :]
    areas: dict[str, list[BriefingItem]] = {}
    for item in rest:
        areas.setdefault(item.area, []).append(item)
    place = {area: i for i, area in enumerate(options.area_order)}
    names = sorted(areas, key=lambda area: place.get(area, len(place)))
    if options.section_order is SectionOrder.IMPORTANCE:
        names.sort(key=lambda area: (-areas[area][0].score, -areas[area][0].importance))
    sections = [Section(name, tuple(areas[name])) for name in names]
    if lead:
        sections.insert(0, Section(options.lead_title, tuple(lead)))
    return tuple(sections)


def assemble_briefing(
    items: Sequence[BriefingItem],
    left_out: Sequence[LeftOut],
    documents: Sequence[SourceDocument],
    report: RunReport,
    options: AssembleOptions,
    generated_by: Sequence[tuple[str, str]] = (),
) -> Briefing:
    """The whole issue. `generated_by`: name and version pairs; see `render.wording.MAKER_LABELS`.

    Nothing is dropped here: every item is in exactly one section.
    """
    return Briefing(
        schema_version=SCHEMA_VERSION,
        title=options.title.strip(),
        date=options.date,
        office=options.office.strip(),
        issue_number=options.issue_number.strip(),
        sections=arrange_sections(items, options),
        left_out=tuple(left_out),
        documents=tuple(documents),
        report=report,
        generated_by=tuple(generated_by),
        colophon=options.colophon,
        layout=options.layout,
    )

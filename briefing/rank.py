"""Orders the stories for the reader and cuts what does not fit; every addend of a score says why it is there.

Weights, caps and thresholds come from the caller's options; nothing here reads a
configuration file.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from briefing.records import Classification, LeftOut, LeftOutReason, ScorePart, Story


@dataclass(frozen=True, slots=True)
class RankOptions:
    """What the reader's office prefers. Weights are in points of importance (1–5), so `front_page=0.5` is worth
    half a grade.

    The place weights are preferences, kept below what the data show because the text tells most of it already:
    672 newspaper rows of gold/train have mean importance 3.9 on page 1, 3.5 on pages 2–4, 2.9 after, and beyond
    page 1 3.4 for the first article of a page, 3.0 for the others.

    `publishers`: for each doubling of the number of publishers. `front_page`: printed on page 1.
    `top_of_page`: first article of its page. `stale_per_day`: taken off for each day older than the day before
    `today`, at most `stale_limit`; no `today`, no effect. `area_bonus`, `area_caps`: by area.
    `watch`: terms that the office follows, with their bonus, once per story.
    `items_per_area`, `items`: caps; 0 means none. `min_score`: what scores less is left out.
    """

    today: date | None = None
    publishers: float = 0.4
    front_page: float = 0.3
    top_of_page: float = 0.1
    stale_per_day: float = 0.3
    stale_limit: float = 1.5
    area_bonus: tuple[tuple[str, float], ...] = ()
    area_caps: tuple[tuple[str, int], ...] = ()
    watch: tuple[tuple[str, float], ...] = ()
    items_per_area: int = 8
    items: int = 30
    min_score: float = 0.0


@dataclass(frozen=True, slots=True)
class ScoredStory:
    """A story with its area and score; what `select` orders."""

    story: Story
    classification: Classification
    score: float
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """`chosen`: most important first. `left_out`: in the same order, each with its reason."""

    chosen: tuple[ScoredStory, ...]
    left_out: tuple[LeftOut, ...]


def score_item(
    classification: Classification, story: Story, options: RankOptions
) -> tuple[float, tuple[ScorePart, ...]]:
    """The score (the sum of its parts' values) and the parts, each with its reason in Chinese."""
    parts = [
        ScorePart(
            "importance", classification.importance, f"内容重要度{classification.importance:.1f}（满分5）"
        ),
        *_publisher_part(story, options),
        *_place_parts(story, options),
        *_age_part(story, options),
        *_preference_parts(classification, story, options),
    ]
    kept = tuple(ScorePart(p.name, round(p.value, 2), p.reason) for p in parts if round(p.value, 2))
    return round(sum(p.value for p in kept), 2), kept


def score(story: Story, classification: Classification, options: RankOptions) -> ScoredStory:
    """`story` with its score."""
    value, parts = score_item(classification, story, options)
    return ScoredStory(story, classification, value, parts)


def _publisher_part(story: Story, options: RankOptions) -> list[ScorePart]:
    names = sorted({a.outlet.strip().strip("《》") or a.source for a in story.articles})
    if len(names) < 2:
        return []
    shown = "、".join(names[:4]) + ("等" if len(names) > 4 else "")
    return [ScorePart("publishers", options.publishers * math.log2(len(names)), f"{shown}共{len(names)}家刊发")]


def _place_parts(story: Story, options: RankOptions) -> list[ScorePart]:
    parts = []
    front = next((a for a in story.articles if a.front_page), None)
    if front:
        parts.append(ScorePart("front_page", options.front_page, f"{front.outlet or '报纸'}第1版刊发"))
    # A web page or a one-article file has no place on a page.
    if any(a.position == 0 and a.page_label for a in story.articles):
        parts.append(ScorePart("top_of_page", options.top_of_page, "版面首篇"))
    return parts


def _age_part(story: Story, options: RankOptions) -> list[ScorePart]:
    days = [a.published_on for a in story.articles if a.published_on]
    if not options.today or not days:
        return []
    # A morning briefing is made from yesterday's papers: those are fresh.
    late = (options.today - max(days)).days - 1
    if late <= 0:
        return []
    return [
        ScorePart("stale", -min(options.stale_limit, options.stale_per_day * late), f"报道已过{late + 1}天")
    ]


def _preference_parts(classification: Classification, story: Story, options: RankOptions) -> list[ScorePart]:
    parts = []
    bonus = dict(options.area_bonus).get(classification.area, 0.0)
    if bonus:
        parts.append(ScorePart("area", bonus, f"“{classification.area}”领域加权"))
    text = (
        "\n".join(f"{a.kicker}{a.title}{a.subtitle}\n{a.text}" for a in story.articles) if options.watch else ""
    )
    found = [(term, value) for term, value in options.watch if term and term in text]
    if found:
        term, value = max(found, key=lambda f: f[1])
        parts.append(ScorePart("watch", value, f"涉及关注词“{term}”"))
    return parts


def select(scored: Sequence[ScoredStory], options: RankOptions) -> Selection:
    """The stories that are printed, most important first, and the others with the reason.

    Equal scores keep the order in which the stories came.
    """
    order = sorted(range(len(scored)), key=lambda i: (-scored[i].score, i))
    caps = dict(options.area_caps)
    taken: Counter[str] = Counter()
    chosen: list[ScoredStory] = []
    left_out: list[LeftOut] = []
    for item in (scored[i] for i in order):
        area = item.classification.area
        cap = caps.get(area, options.items_per_area)
        detail = ""
        if item.score < options.min_score:
            detail = f"得分{item.score:.2f}，低于入选下限{options.min_score:.2f}"
        elif options.items and len(chosen) >= options.items:
            detail = f"得分{item.score:.2f}，本期已满{options.items}条"
        elif area in caps and cap == 0:
            detail = f"“{area}”设为不收录"
        elif cap and taken[area] >= cap:
            detail = f"得分{item.score:.2f}，“{area}”已满{cap}条"
        if detail:
            left_out.append(_left_out(item, detail))
        else:
            taken[area] += 1
            chosen.append(item)
    return Selection(tuple(chosen), tuple(left_out))


def _left_out(item: ScoredStory, detail: str) -> LeftOut:
    lead = item.story.lead
    return LeftOut(lead.title, lead.source, LeftOutReason.LENGTH, detail, article_id=lead.id)


def duplicates(story: Story) -> tuple[LeftOut, ...]:
    """The articles that the lead of `story` stands for."""
    lead = story.lead
    named = f"“{lead.title}”" if lead.title else "同一报道"
    return tuple(
        LeftOut(a.title, a.source, LeftOutReason.DUPLICATE, detail + named, article_id=a.id, kept_as=lead.id)
        for others, detail in ((story.reprints, "转载稿，并入"), (story.reports, "同一事件，并入"))
        for a in others
    )

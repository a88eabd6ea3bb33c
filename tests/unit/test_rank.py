"""Scores add up and say why; caps and thresholds cut with a reason."""

from __future__ import annotations

from datetime import date

import pytest

from briefing.rank import RankOptions, ScoredStory, duplicates, score, score_item, select
from briefing.records import Article, Classification, LeftOutReason, Story

TODAY = date(2024, 4, 3)


def make(name: str = "a", outlet: str = "聊城日报", **more: object) -> Article:
    return Article(
        id=name, source=f"{name}.txt", title=more.pop("title", f"标题{name}"), text=more.pop("text", "正文。"),
        sentences=(), origin=(), outlet=outlet, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def graded(importance: float = 3.0, area: str = "经济运行") -> Classification:
    return Classification(area=area, importance=importance)


def scored(name: str, value: float, area: str = "经济运行") -> ScoredStory:
    return ScoredStory(Story(lead=make(name)), graded(value, area), value, ())


BASE = Story(lead=make("a"))


TWO_PAPERS = Story(lead=make("a"), reprints=(make("b", "大众日报"),))
OTHER_FRONT = Story(lead=make("a"), reports=(make("b", "大众日报", front_page=True),))
TOP = Story(lead=make("a", page_label="第2版", position=0))
LOCAL = Story(lead=make("a", text="东阿县举行仪式。"))
WATCH = RankOptions(watch=(("东阿县", 0.6), ("茌平", 0.9)))
FRONT = Story(lead=make("a", front_page=True))
BONUS = RankOptions(area_bonus=(("经济运行", 0.5),))


@pytest.mark.parametrize(
    ("story", "options", "name", "words"),
    [
        pytest.param(
            TWO_PAPERS, RankOptions(), "publishers", ("聊城日报", "大众日报", "2家"), id="two-publishers"
        ),
        pytest.param(FRONT, RankOptions(), "front_page", ("聊城日报", "第1版"), id="front-page"),
        pytest.param(OTHER_FRONT, RankOptions(), "front_page", ("大众日报",), id="front-page-of-another-paper"),
        pytest.param(TOP, RankOptions(), "top_of_page", ("版面",), id="top-of-page"),
        pytest.param(BASE, BONUS, "area", ("经济运行",), id="preferred-area"),
        pytest.param(LOCAL, WATCH, "watch", ("东阿县",), id="watched-term"),
    ],
)
def test_what_speaks_for_a_story_raises_its_score_and_says_why(
    story: Story, options: RankOptions, name: str, words: tuple[str, ...]
) -> None:
    plain, _ = score_item(graded(), BASE, RankOptions())
    value, parts = score_item(graded(), story, options)
    (part,) = [p for p in parts if p.name == name]
    assert value > plain
    assert all(word in part.reason for word in words)


def test_the_score_is_the_sum_of_its_parts() -> None:
    story = Story(
        lead=make("a", front_page=True, published_on=date(2024, 3, 30)), reprints=(make("b", "大众日报"),)
    )
    item = score(story, graded(3.37), RankOptions(today=TODAY))
    assert item.score == pytest.approx(sum(p.value for p in item.parts))
    assert all(p.reason and p.value for p in item.parts)


def test_two_pages_of_one_paper_are_no_second_publisher() -> None:
    _, parts = score_item(graded(), Story(lead=make("a"), reprints=(make("b", "《聊城日报》"),)), RankOptions())
    assert [p.name for p in parts] == ["importance"]


@pytest.mark.parametrize(
    ("published_on", "expected"),
    [
        pytest.param(TODAY, 0.0, id="today"),
        pytest.param(date(2024, 4, 2), 0.0, id="yesterday"),
        pytest.param(date(2024, 4, 1), -0.3, id="two-days"),
        pytest.param(date(2024, 3, 30), -0.9, id="four-days"),
        pytest.param(date(2023, 4, 1), -1.5, id="a-year-is-limited"),
        pytest.param(None, 0.0, id="unknown"),
    ],
)
def test_old_news_loses_points(published_on: date | None, expected: float) -> None:
    value, _ = score_item(graded(3.0), Story(lead=make(published_on=published_on)), RankOptions(today=TODAY))
    assert value == pytest.approx(3.0 + expected)


def test_without_a_date_of_the_briefing_age_does_not_count() -> None:
    value, _ = score_item(graded(3.0), Story(lead=make(published_on=date(1999, 1, 1))), RankOptions())
    assert value == 3.0


def test_the_most_important_comes_first_and_ties_keep_their_order() -> None:
    items = [scored("a", 2.0), scored("b", 4.0), scored("c", 2.0), scored("d", 3.0)]
    chosen = select(items, RankOptions()).chosen
    assert [s.story.lead.id for s in chosen] == ["b", "d", "a", "c"]


@pytest.mark.parametrize(
    ("options", "kept", "detail"),
    [
        pytest.param(RankOptions(items=2), ["a", "b"], "本期已满2条", id="overall-cap"),
        pytest.param(RankOptions(items_per_area=1), ["a", "d"], "已满1条", id="area-cap"),
        pytest.param(
            RankOptions(area_caps=(("经济运行", 2),)), ["a", "b", "d"], "“经济运行”已满2条", id="own-cap"
        ),
        pytest.param(RankOptions(area_caps=(("经济运行", 0),)), ["d"], "不收录", id="area-excluded"),
        pytest.param(RankOptions(min_score=2.5), ["a", "b"], "低于入选下限2.50", id="threshold"),
        pytest.param(RankOptions(items=0, items_per_area=0), ["a", "b", "c", "d"], "", id="no-caps"),
    ],
)
def test_what_does_not_fit_is_left_out_with_its_reason(
    options: RankOptions, kept: list[str], detail: str
) -> None:
    items = [scored("a", 4.0), scored("b", 3.0), scored("c", 2.0), scored("d", 1.5, "文化旅游")]
    result = select(items, options)
    assert [s.story.lead.id for s in result.chosen] == kept
    assert sorted(kept + [left.article_id for left in result.left_out]) == ["a", "b", "c", "d"]
    assert all(left.reason is LeftOutReason.LENGTH for left in result.left_out)
    assert detail in "".join(left.detail for left in result.left_out)


def test_merged_articles_are_listed_with_the_lead_that_stands_for_them() -> None:
    story = Story(lead=make("a", title="揭牌"), reprints=(make("b"),), reports=(make("c", title=""),))
    found = duplicates(story)
    assert [(d.article_id, d.reason, d.kept_as) for d in found] == [
        ("b", LeftOutReason.DUPLICATE, "a"),
        ("c", LeftOutReason.DUPLICATE, "a"),
    ]
    assert ["转载" in d.detail for d in found] == [True, False]
    assert all("揭牌" in d.detail for d in found)


def test_nothing_selects_nothing() -> None:
    assert select([], RankOptions()).chosen == ()

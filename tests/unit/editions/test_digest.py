"""Digests: every sentence as it was printed, every count true, nothing of a period that is not over."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import docx
import pytest

from briefing.cli import run
from briefing.digest_records import Digest
from briefing.editions import RunRequest, Workplace, approve, run_edition
from briefing.editions.digest_counts import collect_figures
from briefing.editions.digest_items import Entry
from briefing.editions.digesting import CHAINS, make_digest
from briefing.editions.periods import Period, between, month, week
from briefing.errors import ConfigError, NothingToPrintError
from briefing.records import Briefing, BriefingItem
from briefing.render import render_briefing
from briefing.render.digest_view import build_digest
from briefing.store.database import open_store
from briefing.store.editions import (
    EditionRecord,
    EditionState,
    NewEdition,
    find_edition,
    keep_edition,
    load_edition,
    set_published,
)
from tests.fixtures_briefing import make_item, quote, take
from tests.unit.editions.made_sources import MadeClock, MadeSource, config, daily, document

MONDAY = date(2026, 3, 2)
WEDNESDAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)
BRIDGE = (
    "3月3日上午，临河市黄河大桥改扩建工程正式开工。大桥全长3.2公里，总投资18.6亿元，计划2028年10月建成通车。"
    "项目采用双向六车道标准，设计时速80公里，建成后主城区到高铁站的时间将由40分钟缩短到15分钟。"
)
PILES = "截至3月4日，黄河大桥改扩建工程已完成桩基12根，进场设备46台，占一期计划的三成。"
STORIES = {
    date(2026, 3, 3): ("黄河大桥改扩建工程开工", BRIDGE),
    date(2026, 3, 5): ("黄河大桥改扩建工程完成桩基12根", BRIDGE + PILES),
}


class Office:
    """Five days of editions; on Wednesday no source answers, on Friday one of the two does not."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        def bridge(day: date) -> list[object]:
            return [document(*STORIES[day], day, "临河日报", f"bridge/{day}")] if day in STORIES else []

        papers = daily("甲源", "青禾日报", 2)
        papers.down = lambda day: day == WEDNESDAY
        other = MadeSource("乙源", bridge, lambda day: day in (WEDNESDAY, FRIDAY))  # type: ignore[arg-type]
        self.clock = MadeClock(datetime(2026, 3, 1, 23, tzinfo=UTC))
        self.place = Workplace(config(folder, settings), folder, self.clock.clock(), sources=[papers, other])

    def week(self) -> None:
        for n in range(5):
            day = MONDAY + timedelta(days=n)
            self.clock.value = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1)
            run_edition(self.place, RunRequest("", day))
        self.clock.value = datetime(2026, 3, 9, 1, tzinfo=UTC)

    def load(self, edition: str, day: date, version: int = 0) -> Briefing:
        with open_store(self.place.store_path) as store:
            record = find_edition(store, edition, day, version)
            assert record is not None
            return load_edition(store, record)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("office"))
    made.week()
    make_digest(made.place, week("2026-W10"))
    return made


def digest_of(office: Office) -> tuple[Briefing, Digest]:
    made = office.load("weekly", date(2026, 3, 9), 1)
    assert made.digest is not None
    return made, made.digest


def test_every_sentence_stands_in_the_item_that_it_names(office: Office) -> None:
    made, _ = digest_of(office)
    assert made.items
    for item in made.items:
        ends = [*(p.first_sentence for p in item.printed[1:]), len(item.summary.sentences)]
        for printed, end in zip(item.printed, ends, strict=True):
            carried = item.summary.sentences[printed.first_sentence : end]
            first = office.load(printed.edition, printed.day).items[printed.number - 1]
            assert carried == first.summary.sentences
        articles = {a.id: a for a in item.story.articles}
        for sentence in item.summary.sentences:
            assert sentence.sources
            assert all(r.span.end <= len(articles[r.article_id].text) for r in sentence.sources)


def test_a_continuing_story_is_told_in_order_under_its_latest_headline(office: Office) -> None:
    made, _ = digest_of(office)
    assert made.sections[0].area == CHAINS
    (bridge,) = made.sections[0].items
    assert [p.day for p in bridge.printed] == sorted(STORIES)
    assert "桩基12根" in bridge.summary.headline
    later = [i for s in made.sections[1:] for i in s.items]
    assert not any("大桥" in i.summary.headline for i in later)


def test_the_counts_are_those_of_the_editions(office: Office) -> None:
    _, digest = digest_of(office)
    days = [MONDAY + timedelta(days=n) for n in (0, 1, 3, 4)]
    printed = sum(len(office.load("daily", day).items) for day in days)
    assert (digest.editions, sum(n for _, n in digest.areas)) == (4, printed)
    assert [(d, why) for d, _, why in digest.missed] == [(WEDNESDAY, "运行失败")]
    failed = {s.name: (s.asked, s.failed) for s in digest.sources}
    assert failed == {"甲源": (5, (WEDNESDAY,)), "乙源": (5, (WEDNESDAY, FRIDAY))}


@pytest.mark.parametrize("format", ["md", "html", "docx"])
def test_it_says_so_in_every_format(office: Office, format: str) -> None:
    made, _ = digest_of(office)
    body = render_briefing(made, format).body
    if format == "docx":
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(body)).paragraphs)
    else:
        # Where a title may be broken is said between its words.
        text = body.decode().replace("<wbr>", "")
    for words in (
        "本期汇编2026年3月2日至2026年3月8日所刊简报4期",
        "持续关注",
        "【各领域条数】",
        "2026年3月4日《每日政策要情》未出刊（运行失败）。",
        "来源乙源：5日中有2日未能获取（3月4日、3月6日）。",
        "首见2026年3月3日，最近2026年3月5日",
        "（原刊《每日政策要情》2026年3月",
    ):
        assert words in text


def test_made_again_the_same_digest_stands_and_redo_makes_a_version(office: Office) -> None:
    again = make_digest(office.place, week("2026-W10"))
    assert (again.new, again.record.version) == (False, 1)
    assert make_digest(office.place, week("2026-W10"), redo=True).record.version == 2


def test_drafts_do_not_count_and_a_digest_is_approved_like_them(tmp_path: Path) -> None:
    office = Office(tmp_path, "[run]\ndraft = true\n")
    office.week()
    with pytest.raises(NothingToPrintError):
        make_digest(office.place, week("2026-W10"))
    for n in (0, 1):
        approve(office.place, "", MONDAY + timedelta(days=n), "李审")
    held = make_digest(office.place, week("2026-W10"))
    assert held.record.state is EditionState.HELD
    record, published = approve(office.place, "weekly", date(2026, 3, 9), "李审")
    assert (record.approved_by, record.memory) == ("李审", "digest-week")
    assert all(p.parent.name == "weekly" for p in published.paths)


def test_what_a_later_version_changed_or_took_out_is_told(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.week()
    made = office.load("daily", MONDAY)
    first, *rest = made.items
    changed = replace(first, summary=replace(first.summary, headline="改过的标题"))
    with open_store(office.place.store_path) as store:
        new = replace(made, sections=(replace(made.sections[0], items=(changed,)),))
        record = keep_edition(store, new, NewEdition("daily", "main", 1, (), False), office.place.now())
        set_published(store, record, office.place.now())
    make_digest(office.place, week("2026-W10"))
    digest = office.load("weekly", date(2026, 3, 9)).digest
    assert digest is not None
    assert rest
    assert [c.after.split("：")[0] for c in digest.corrections] == ["改过的标题", *[""] * len(rest)]
    view = build_digest(digest)
    assert view is not None
    assert "后出的版本改为“改过的标题：" in view.corrections[0]


def figure_entry(county: str, value: str, day: date) -> Entry:
    text = f"前三季度，{county}规模以上工业增加值同比增长{value}%。"
    article = take(text, [text], source=f"{county}{value}", title=f"{county}经济运行", outlet="江城日报")
    item: BriefingItem = make_item(article, (quote(article, text),), area="经济运行", score=3.0)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    state = EditionState.PUBLISHED
    record = EditionRecord(day.day, "daily", day, 1, "main", 1, state, "要情", "", 1, now, now, "", None)
    return Entry(record, 1, item)


def test_figures_of_two_counties_are_never_one_series() -> None:
    rows = (("青石县", "7.2"), ("白石县", "3.1"), ("青石县", "7.5"))
    entries = [figure_entry(c, v, MONDAY + timedelta(days=n)) for n, (c, v) in enumerate(rows)]
    series = collect_figures(entries, 20)
    assert [[v[1] for v in s.values] for s in series] == [["同比增长7.5%", "同比增长7.2%"], ["同比增长3.1%"]]
    assert len(collect_figures(entries, 1)) == 1


@pytest.mark.parametrize(
    ("period", "days"),
    [
        pytest.param(week("2026-W10"), ["03-02", "03-08", "03-09", "02-23"], id="week"),
        pytest.param(week("2026-W53"), ["12-28", "01-03", "01-04", "12-21"], id="over the year"),
        pytest.param(month("2028-02"), ["02-01", "02-29", "03-01", "01-01"], id="leap month"),
        pytest.param(month("2026-12"), ["12-01", "12-31", "01-01", "11-01"], id="december"),
        pytest.param(between(MONDAY, MONDAY), ["03-02", "03-02", "03-02", "03-01"], id="one day"),
    ],
)
def test_periods(period: Period, days: list[str]) -> None:
    found = (period.since, period.until, period.day, period.before.since)
    assert [f"{d:%m-%d}" for d in found] == days


@pytest.mark.parametrize("text", ["2026-W54", "2026W", "W10", "2026-03"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="2026-W47"):
        week(text)


def test_a_period_that_is_not_over_is_refused(office: Office) -> None:
    with pytest.raises(ConfigError, match="ends on"):
        make_digest(office.place, week("2026-W11"))


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="none"),
        pytest.param(["--week", "2026-W10", "--month", "2026-03"], id="two"),
        pytest.param(["--from", "2026-03-01"], id="half"),
    ],
)
def test_the_command_wants_one_period(arguments: list[str]) -> None:
    assert run(["digest", *arguments]) == 2


def test_the_command_writes_the_digest(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(office.place.base / "briefing.toml")
    assert run(["digest", "--from", "2026-03-02", "--to", "2026-03-06", "--config", path]) == 0
    names = [Path(line).name for line in capsys.readouterr().out.split()]
    assert sorted(names) == ["briefing.html", "briefing.json", "briefing.md"]
    assert run(["digest", "--week", "2025-W10", "--config", path]) == 1
    assert "2025-03-03" in capsys.readouterr().err

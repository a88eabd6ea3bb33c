"""What a run does when all is well, when something is down, and when it is asked again."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from briefing.deliver.contract import Outcome, Outlet, Part, Shipment, sent
from briefing.editions import RunRequest, Workplace, approve, run_edition
from briefing.editions.lock import run_lock
from briefing.errors import StoreError
from briefing.ingest.limits import IngestLimits
from briefing.ingest.sources import FetchOutcome, FetchRequest, Source, SourceReport, SourceStatus
from briefing.ingest.sources.folder import Folder
from briefing.records import LeftOutReason, RunStatus
from briefing.source_tables import FolderTable
from briefing.store.database import open_store
from briefing.store.editions import EditionState, find_edition, list_versions, load_edition
from briefing.store.runs import RunState, list_runs
from tests.unit.editions.made_sources import DAY, MadeClock, MadeSource, config, daily, document

BRIDGE = (
    "3月5日上午，临河市黄河大桥改扩建工程正式开工。大桥全长3.2公里，总投资18.6亿元，计划2028年10月建成通车。"
    "项目采用双向六车道标准，设计时速80公里，建成后主城区到高铁站的时间将由40分钟缩短到15分钟。"
)
PILES = "截至3月6日，黄河大桥改扩建工程已完成桩基12根，进场设备46台，占一期计划的三成。"


class Office:
    """A workplace whose clock and sources the test moves."""

    def __init__(
        self, folder: Path, sources: list[Source], settings: str = "", channels: tuple[object, ...] = ()
    ) -> None:
        self.folder = folder
        self.clock = MadeClock(datetime(2026, 3, 4, 23, tzinfo=UTC))  # 07:00 of DAY in Shanghai
        self.place = Workplace(
            config(folder, settings), folder, self.clock.clock(), sources=sources, channels=channels
        )  # type: ignore[arg-type]

    def run(self, day: date = DAY, *, redo: bool = False, edition: str = "") -> object:
        self.clock.value = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1)
        return run_edition(self.place, RunRequest(edition, day, redo))

    def edition(self, day: date = DAY, name: str = "daily") -> object:
        with open_store(self.place.store_path) as store:
            record = find_edition(store, name, day)
            assert record is not None
            return load_edition(store, record)


def given(name: str, by_day: dict[date, list[tuple[str, str]]]) -> MadeSource:
    def documents(day: date) -> list[object]:
        return [
            document(t, x, day, "临河日报", f"{name}/{day}/{i}") for i, (t, x) in enumerate(by_day.get(day, []))
        ]

    return MadeSource(name, documents)  # type: ignore[arg-type]


def test_asked_again_the_same_edition_stands_and_redo_makes_a_version_beside_it(tmp_path: Path) -> None:
    office = Office(tmp_path, [daily("a", "青禾日报")])
    assert office.run().status is RunState.OK
    before = (tmp_path / "out" / "2026-03-05" / "briefing.json").read_bytes()
    assert office.run().status is RunState.UNCHANGED
    assert (tmp_path / "out" / "2026-03-05" / "briefing.json").read_bytes() == before
    assert office.run(redo=True).record.version == 2
    with open_store(office.place.store_path) as store:
        first, second = list_versions(store, "daily", DAY)
        assert [i.summary for i in load_edition(store, first).items] == [
            i.summary for i in load_edition(store, second).items
        ]


def test_one_source_down_is_said_in_the_edition_and_the_next_run_brings_what_it_missed(tmp_path: Path) -> None:
    up = {"now": False}
    b = daily("b", "白石晚报", 4)
    b.down = lambda day: not up["now"]
    office = Office(tmp_path, [daily("a", "青禾日报", 2), b])
    result = office.run()
    assert result.status is RunState.PARTIAL
    assert [(r.name, r.status, r.zh) for r in office.edition().coverage][1] == (
        "b",
        SourceStatus.FAILED,
        "连接超时",
    )
    assert office.edition().report.status is RunStatus.PARTIAL
    for name in ("briefing.md", "briefing.html"):
        printed = (tmp_path / "out" / "2026-03-05" / name).read_text("utf-8")
        assert "来源b未能获取" in printed
        assert "来源情况：a已获取2份；b未能获取（连接超时）。" in printed
    up["now"] = True
    result = office.run()
    assert (result.status, result.record.version) == (RunState.OK, 2)
    assert len(office.edition().items) > 2


def test_all_sources_down_give_a_notice_and_no_briefing(tmp_path: Path) -> None:
    a = daily("a", "青禾日报")
    a.down = lambda day: True
    office = Office(tmp_path, [a])
    result = office.run()
    assert (result.status, result.record) == (RunState.FAILED, None)
    folder = tmp_path / "out" / "2026-03-05"
    assert "连接超时" in (folder / "未出刊说明.txt").read_text("utf-8")
    assert not (folder / "briefing.md").exists()
    assert json.loads((tmp_path / "data" / "health.json").read_text("utf-8"))["healthy"] is False
    a.down = lambda day: False
    assert office.run().status is RunState.OK
    assert not (folder / "未出刊说明.txt").exists()


def test_an_edition_that_is_a_supplement_is_numbered_apart(tmp_path: Path) -> None:
    settings = """
[briefing]
issue_number = "2026年第25期（总第325期）"
[layout]
number = "auto"
[[editions]]
name = "daily"
[[editions]]
name = "flood"
time = "15:00"
supplement = true
issue_number = "2026年增刊第1期"
memory = "flood"
"""
    office = Office(tmp_path, [daily("a", "青禾日报")], settings)
    numbers: dict[str, list[str]] = {"daily": [], "flood": []}
    for day in (DAY, DAY + timedelta(days=1)):
        for name, found in numbers.items():
            office.run(day, edition=name)
            found.append(office.edition(day, name).issue_number)
    assert numbers == {
        "daily": ["2026年第25期（总第325期）", "2026年第26期（总第326期）"],
        "flood": ["2026年增刊第1期", "2026年增刊第2期"],
    }
    printed = (tmp_path / "out" / DAY.isoformat() / "flood" / "briefing.md").read_text("utf-8")
    assert "增刊第1期" in printed
    assert office.edition(DAY, "flood").layout.supplement
    assert not office.edition(DAY).layout.supplement


def test_rotated_logs_go_after_their_time_and_the_log_in_use_stays(tmp_path: Path) -> None:
    office = Office(tmp_path, [daily("a", "青禾日报")], "[keep]\nlog_days = 30\n")
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    ages = {"briefing.log": 400, "briefing.log.1": 29, "briefing.log.2": 31, "else.log.1": 400}
    for name, days in ages.items():
        (folder / name).write_text("{}\n", "utf-8")
        then = office.clock.value.timestamp() - days * 86_400
        os.utime(folder / name, (then, then))
    office.run()
    left = {p.name for p in folder.glob("*.log*")}
    assert left == {"briefing.log", "briefing.log.1", "else.log.1"}


def test_the_prometheus_file_is_read_by_its_own_parser(tmp_path: Path) -> None:
    a = daily("a", "青禾日报")
    office = Office(tmp_path, [a], '[watch]\nprometheus = "metrics/briefing.prom"\n')
    office.run()

    def samples() -> dict[str, float]:
        text = (tmp_path / "metrics" / "briefing.prom").read_text("utf-8")
        families = {f.name: f for f in text_string_to_metric_families(text)}
        assert all(f.type == "gauge" and f.documentation for f in families.values())
        assert families["briefing_last_run_good"].samples[0].labels == {"edition": "daily"}
        return {name: f.samples[0].value for name, f in families.items()}

    good = samples()
    assert good["briefing_last_run_good"] == 1
    assert good["briefing_store_bytes"] > 10_000
    finished = datetime.fromtimestamp(good["briefing_last_good_timestamp_seconds"], UTC)
    assert abs(finished - office.clock.value) < timedelta(hours=1)
    a.down = lambda day: True
    office.run(DAY + timedelta(days=1))
    bad = samples()
    assert bad["briefing_last_run_good"] == 0
    assert bad["briefing_last_good_timestamp_seconds"] == good["briefing_last_good_timestamp_seconds"]


def test_what_was_printed_is_not_printed_again_and_new_facts_are(tmp_path: Path) -> None:
    days = [DAY + timedelta(days=n) for n in range(3)]
    other = daily("b", "青禾日报", 2)
    stories = {
        days[0]: [("黄河大桥改扩建工程开工", BRIDGE)],
        days[1]: [("临河黄河大桥动工", BRIDGE)],
        days[2]: [("黄河大桥改扩建工程完成桩基12根", BRIDGE + PILES)],
    }
    office = Office(tmp_path, [given("a", stories), other])
    for day in days:
        office.run(day)
    first, second, third = (office.edition(day) for day in days)
    assert any("大桥" in i.summary.headline for i in first.items)
    assert not any("大桥" in i.summary.headline for i in second.items)
    assert [x.reason for x in second.left_out if "大桥" in x.title] == [LeftOutReason.PRINTED]
    again = [i for i in third.items if "大桥" in i.summary.headline]
    assert len(again) == 1
    assert again[0].earlier is not None
    assert (again[0].earlier.printed_on, again[0].earlier.headline) == (DAY, first_headline(first))
    assert "桩基12根" in again[0].summary.text
    assert "18.6亿元" not in again[0].summary.text
    printed = (tmp_path / "out" / days[2].isoformat() / "briefing.md").read_text("utf-8")
    assert "（续报，前见2026年3月5日“黄河大桥改扩建工程开工”）" in printed


def test_a_file_corrected_in_the_folder_is_not_printed_again_and_one_with_news_is(tmp_path: Path) -> None:
    table = FolderTable(name="收件", path=str(tmp_path / "in"), outlet="临河日报", settle_seconds=0)
    office = Office(tmp_path, [Folder(table, IngestLimits()), daily("b", "青禾日报", 1)])
    path = tmp_path / "in" / "大桥.txt"
    path.parent.mkdir()
    texts = [BRIDGE, BRIDGE.replace("建成后主城区", "建成以后，主城区"), BRIDGE + PILES]
    days = [DAY + timedelta(days=n) for n in range(3)]
    for day, text in zip(days, texts, strict=True):
        path.write_text("黄河大桥改扩建工程建设\n" + text, "utf-8")
        at = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() - 7200
        os.utime(path, (at, at))
        office.run(day)
    found = [[i for i in office.edition(day).items if "大桥" in i.summary.headline] for day in days]
    assert [len(items) for items in found] == [1, 0, 1]
    assert [x.reason for x in office.edition(days[1]).left_out] == [LeftOutReason.PRINTED]
    assert found[2][0].earlier is not None
    assert "桩基12根" in found[2][0].summary.text


def first_headline(briefing: object) -> str:
    return next(i.summary.headline for i in briefing.items if "大桥" in i.summary.headline)  # type: ignore[attr-defined]


def test_an_old_edition_made_again_sees_neither_later_news_nor_later_editions(tmp_path: Path) -> None:
    office = Office(tmp_path, [daily("a", "青禾日报")])
    office.run()
    before = office.edition()
    office.run(DAY + timedelta(days=1))
    office.clock.move(days=1)
    result = run_edition(office.place, RunRequest("", DAY, True))
    assert result.record is not None
    assert result.record.version == 2
    assert [i.summary for i in office.edition().items] == [i.summary for i in before.items]


def test_a_second_edition_of_the_day_does_not_repeat_the_first(tmp_path: Path) -> None:
    settings = '[[editions]]\nname = "daily"\n[[editions]]\nname = "evening"\ntime = "18:00"\n'
    late = given("late", {DAY: [("黄河大桥改扩建工程开工", BRIDGE)]})
    late.down = lambda day: True
    office = Office(tmp_path, [daily("a", "青禾日报"), late], settings)
    office.run()
    late.down = lambda day: False
    office.run(edition="evening")
    morning, evening = office.edition(), office.edition(name="evening")
    assert [i.summary.headline for i in evening.items] == ["黄河大桥改扩建工程开工"]
    assert not {i.story.lead.id for i in morning.items} & {i.story.lead.id for i in evening.items}
    assert (tmp_path / "out" / "2026-03-05" / "evening" / "briefing.md").is_file()


def test_a_source_that_does_not_answer_in_time_is_left_behind(tmp_path: Path) -> None:
    release = threading.Event()

    class Stalled(MadeSource):
        def fetch(self, request: FetchRequest) -> FetchOutcome:
            release.wait(30)
            return super().fetch(request)

    stalled = Stalled("s", lambda day: [])
    settings = "[run]\nsource_minutes = 0.005\n"
    office = Office(tmp_path, [daily("a", "青禾日报"), stalled], settings)
    real = Workplace(office.place.config, tmp_path, sources=office.place.sources)
    result = run_edition(real, RunRequest(day=DAY))
    release.set()
    assert result.status is RunState.PARTIAL
    assert [(r.name, r.status) for r in result.coverage] == [
        ("a", SourceStatus.FETCHED),
        ("s", SourceStatus.FAILED),
    ]


def test_a_fault_in_a_source_costs_only_that_source(tmp_path: Path) -> None:
    class Broken(MadeSource):
        def fetch(self, request: FetchRequest) -> FetchOutcome:
            raise ZeroDivisionError("boom")

    office = Office(tmp_path, [Broken("x", lambda day: []), daily("a", "青禾日报")])
    result = office.run()
    assert result.status is RunState.PARTIAL
    assert "boom" in result.coverage[0].en


def test_a_second_run_at_the_same_time_is_refused_and_names_the_owner(tmp_path: Path) -> None:
    office = Office(tmp_path, [daily("a", "青禾日报")])
    with run_lock(office.place.folder, office.place.now()), pytest.raises(StoreError, match="another run"):
        office.run()
    assert office.run().status is RunState.OK


class Outbox:
    """A channel that keeps the keys of what it is given."""

    name, repeatable, formats, pause_seconds = "outbox", False, (), 0.0

    def __init__(self) -> None:
        self.parcels: list[str] = []

    def parts(self, shipment: Shipment) -> tuple[Part, ...]:
        return (Part(shipment.key, shipment.key, b""),)

    def send(self, shipment: Shipment, parts: Sequence[Part]) -> tuple[Outcome, ...]:
        self.parcels.append(shipment.key)
        return (sent("id 1"),)


def test_a_draft_is_held_until_it_is_approved_and_goes_out_once(tmp_path: Path) -> None:
    outbox = Outbox()
    office = Office(tmp_path, [daily("a", "青禾日报")], "[run]\ndraft = true\n", (Outlet(outbox),))
    assert office.run().record.state is EditionState.HELD
    assert not (tmp_path / "out").exists()
    record, published = approve(office.place, "", DAY, "李审")
    assert (record.state, record.approved_by, len(published.paths)) == (EditionState.PUBLISHED, "李审", 3)
    assert outbox.parcels == ["daily-2026-03-05-v1"]
    with pytest.raises(StoreError, match="gone out already"):
        approve(office.place, "", DAY, "李审")


def test_an_edited_file_is_not_overwritten(tmp_path: Path) -> None:
    office = Office(tmp_path, [daily("a", "青禾日报")])
    office.run()
    edited = tmp_path / "out" / "2026-03-05" / "briefing.md"
    edited.write_text("改过", "utf-8")
    result = office.run(redo=True)
    assert edited.read_text("utf-8") == "改过"
    assert all(p.parent.name == "v2" for p in result.paths)
    assert result.status is RunState.PARTIAL


def test_old_raw_material_goes_and_editions_stay(tmp_path: Path) -> None:
    office = Office(tmp_path, [daily("a", "青禾日报")], "[keep]\ndocuments_days = 7\n")
    office.run()
    office.run(DAY + timedelta(days=20))
    with open_store(office.place.store_path) as store:
        bodies = store.rows("SELECT fetched_on, body IS NULL AS gone FROM documents ORDER BY seq")
        assert {(r["fetched_on"], r["gone"]) for r in bodies} == {("2026-03-05", 1), ("2026-03-25", 0)}
        assert len(list_runs(store)) == 2
    assert office.edition().items
    assert SourceReport


def test_the_report_of_a_run_says_how_long_each_stage_took_and_the_edition_does_not(tmp_path: Path) -> None:
    office = Office(tmp_path, [daily("a", "青禾日报", 2)])
    report = office.run().report  # type: ignore[attr-defined]
    assert [stage for stage, _ in report.seconds][:2] == ["fetch", "segment"]
    assert {"dedupe", "summarise and check", "keep", "publish"} <= {stage for stage, _ in report.seconds}
    assert office.edition().report.seconds == ()  # type: ignore[attr-defined]

"""Exactly once for each version and channel: retries, kills, drafts, corrections, notices, by hand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from briefing.cli import run as cli
from briefing.editions import RunRequest, Workplace, approve, run_edition
from briefing.editions.resending import Order, deliver, deliver_waiting, plan
from briefing.store.database import open_store
from briefing.store.deliveries import DeliveryState, deliveries, open_deliveries, parts_of
from briefing.store.editions import find_edition
from briefing.store.runs import RunState
from tests.unit.deliver.servers import OK, Robot, hang_up, robot
from tests.unit.editions.made_sources import DAY, MadeClock, MadeSource, config, daily

ROOT = Path(__file__).parents[3]
BUSY = (200, {}, b'{"errcode":130101,"errmsg":"send too fast"}')
GROUP = """
[[deliver]]
kind = "{kind}"
name = "群"
url_env = "MADE_URL"
allow_private = true
{more}
"""


def settings(kind: str = "wecom", more: str = "", before: str = "") -> str:
    return before + GROUP.format(kind=kind, more=more)


class Office:
    def __init__(
        self, folder: Path, text: str, url: str, monkeypatch: pytest.MonkeyPatch, sources: Any = None
    ) -> None:
        monkeypatch.setenv("MADE_URL", url)
        self.clock = MadeClock(datetime(2026, 3, 4, 23, tzinfo=UTC))
        self.sources: list[MadeSource] = sources or [daily("a", "青禾日报", 4)]
        self.place = Workplace(config(folder, text), folder, self.clock.clock(), sources=self.sources)  # type: ignore[arg-type]

    def run(self, day: date = DAY, *, redo: bool = False) -> Any:
        return run_edition(self.place, RunRequest("", day, redo))

    def states(self, version: int = 0) -> list[tuple[str, int]]:
        with open_store(self.place.store_path) as store:
            record = find_edition(store, "daily", DAY, version)
            assert record is not None
            return [(d.state.value, d.attempts) for d in deliveries(store, record.id)]


def contents(server: Robot) -> list[str]:
    return [json.loads(body)["markdown"].get("content", "") for _, _, body in server.asked]


def test_an_edition_goes_out_once_however_often_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with robot() as server:
        office = Office(tmp_path, settings(), server.url, monkeypatch)
        assert office.run().status is RunState.OK
        assert office.run().status is RunState.UNCHANGED
        deliver_waiting(office.place)
        deliver(office.place, Order(day=DAY, channel="群", again=True))
    assert len(server.asked) == 1
    assert office.states() == [("sent", 1)]
    with open_store(office.place.store_path) as store:
        dumped = "\n".join(store._connection.iterdump())
    log = [p.read_text("utf-8") for p in tmp_path.rglob("*.log")]
    assert "TOKEN123" not in dumped + "".join(log)


def test_what_is_refused_for_now_is_tried_later_and_arrives_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with robot(BUSY, OK) as server:
        office = Office(tmp_path, settings("dingtalk"), server.url, monkeypatch)
        result = office.run()
        assert result.status is RunState.PARTIAL
        assert "send too fast" in result.problems[0][0]
        assert office.states() == [("waiting", 1)]
        deliver_waiting(office.place)
        assert len(server.asked) == 1
        office.clock.move(minutes=11)
        assert deliver_waiting(office.place) == []
        assert (len(server.asked), office.states()) == (2, [("sent", 2)])


def test_after_the_time_for_trying_it_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with robot(BUSY) as server:
        office = Office(tmp_path, settings("dingtalk"), server.url, monkeypatch)
        office.run()
        for _ in range(40):
            office.clock.move(hours=1)
            deliver_waiting(office.place)
        assert office.states()[0][0] == "failed"
        tried = len(server.asked)
        assert 20 <= tried <= 30
        server.answers = [OK]
        deliver(office.place, Order(day=DAY, channel="群", again=True))
    assert (len(server.asked), office.states()[0][0]) == (tried + 1, "sent")


def test_no_answer_waits_for_a_person_and_is_not_sent_again_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with robot(hang_up, OK) as server:
        office = Office(tmp_path, settings(), server.url, monkeypatch)
        assert office.run().status is RunState.PARTIAL
        for _ in range(5):
            office.clock.move(hours=2)
            deliver_waiting(office.place)
        assert (len(server.asked), office.states()) == (1, [("unclear", 1)])
        deliver(office.place, Order(day=DAY, channel="群", received=True))
        assert (len(server.asked), office.states()[0][0]) == (1, "sent")


def test_a_receiver_that_knows_keys_is_sent_to_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with robot(hang_up, OK) as server:
        office = Office(tmp_path, settings("webhook"), server.url, monkeypatch)
        office.run()
        office.clock.move(hours=1)
        deliver_waiting(office.place)
    assert office.states()[0][0] == "sent"
    assert len({headers["idempotency-key"] for _, headers, _ in server.asked}) == 1


def test_of_several_messages_only_those_that_are_missing_are_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = (200, {}, b'{"errcode":45009,"errmsg":"freq"}')
    with robot(OK, busy, busy, busy, OK) as server:
        sources = [daily("a", "青禾日报", 12), daily("b", "白石晚报", 12)]
        office = Office(tmp_path, settings("wecom"), server.url, monkeypatch, sources)
        office.run()
        with open_store(office.place.store_path) as store:
            (waiting,) = open_deliveries(store)
            total = len(parts_of(store, waiting.id))
            assert total > 1
        office.clock.move(hours=1)
        deliver_waiting(office.place)
    good = [c for i, c in enumerate(contents(server)) if i not in (1, 2, 3)]
    assert [f"（{n}/{total}）" in c for n, c in enumerate(good, 1)] == [True] * total
    assert office.states()[0][0] == "sent"


def run_killed(folder: Path, url: str, step: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"MADE_URL": url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.unit.deliver.sent_run", str(folder), step]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT, env=environment
    )


@pytest.mark.parametrize(
    ("kind", "step", "asked", "state"),
    [
        pytest.param("wecom", "queued", 1, "sent", id="before anything was sent"),
        pytest.param("wecom", "handed over", 1, "unclear", id="robot, between sending and noting"),
        pytest.param("webhook", "handed over", 2, "sent", id="webhook, which knows the key"),
        pytest.param("wecom", "sent", 1, "sent", id="after it was noted"),
    ],
)
def test_killed_at_a_step_it_is_neither_lost_nor_sent_twice_unnoticed(
    tmp_path: Path, kind: str, step: str, asked: int, state: str
) -> None:
    (tmp_path / "settings.toml").write_text(settings(kind), "utf-8")
    with robot() as server:
        assert run_killed(tmp_path, server.url, step).returncode == -signal.SIGKILL
        done = run_killed(tmp_path, server.url, "")
        assert done.returncode == 0, done.stderr
        assert run_killed(tmp_path, server.url, "").returncode == 0
    assert len(server.asked) == asked
    with open_store(tmp_path / "data" / "store.db") as store:
        record = find_edition(store, "daily", DAY)
        assert record is not None
        assert [d.state.value for d in deliveries(store, record.id)] == [state]


def test_a_draft_goes_out_when_it_is_approved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = settings(more="notices = true", before="[run]\ndraft = true\n")
    with robot() as server:
        office = Office(tmp_path, text, server.url, monkeypatch)
        office.run()
        assert [c.splitlines()[0] for c in contents(server)] == ["### 草稿待核准：2026年3月5日"]
        approve(office.place, "", DAY, "李审")
    assert len(server.asked) == 2
    assert contents(server)[1].startswith("### 每日政策要情")


def test_a_new_version_goes_out_once_as_a_correction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with robot() as server:
        office = Office(tmp_path, settings(), server.url, monkeypatch)
        office.run()
        office.run(redo=True)
        deliver_waiting(office.place)
    first, second = contents(server)
    assert second.startswith("### 【更正：第2版】每日政策要情")
    assert "请以本版为准" in second
    assert "更正" not in first


def test_a_version_that_never_went_out_is_not_sent_after_the_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with robot(BUSY, OK) as server:
        office = Office(tmp_path, settings("dingtalk"), server.url, monkeypatch)
        office.run()
        office.run(redo=True)
        office.clock.move(hours=2)
        deliver_waiting(office.place)
    assert len(server.asked) == 2
    assert office.states(1)[0][0] == "superseded"
    assert json.loads(server.asked[1][2])["markdown"]["title"].startswith("【第2版】")


def test_no_edition_is_told_once_and_that_all_is_well_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = daily("a", "青禾日报", 3)
    source.down = lambda day: day == DAY
    with robot() as server:
        office = Office(
            tmp_path, settings(more="notices = true\nbriefings = false"), server.url, monkeypatch, [source]
        )
        office.run()
        deliver_waiting(office.place)
        deliver_waiting(office.place)
        office.clock.move(days=1)
        office.run(DAY + timedelta(days=1))
        deliver_waiting(office.place)
    failed, recovered = contents(server)
    assert failed == "### 未出刊：2026年3月5日\n来源 a：未能获取（连接超时）"
    assert recovered.startswith("### 已恢复正常：2026年3月6日")


def test_a_delivery_that_is_unclear_is_told_on_another_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with robot(hang_up) as server, robot() as duty:
        monkeypatch.setenv("DUTY_URL", duty.url)
        text = settings() + GROUP.format(kind="feishu", more="notices = true\nbriefings = false").replace(
            '"群"', '"值班"'
        ).replace("MADE_URL", "DUTY_URL")
        office = Office(tmp_path, text, server.url, monkeypatch)
        office.run()
        deliver_waiting(office.place)
    assert len(duty.asked) == 1
    assert "结果不明" in json.loads(duty.asked[0][2])["card"]["header"]["title"]["content"]


def test_the_command_sends_what_waits_and_says_how_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configured = ["--config", str(tmp_path / "briefing.toml")]
    with robot(hang_up, OK) as server:
        office = Office(tmp_path, settings(), server.url, monkeypatch)
        office.run()
        assert cli(["deliver", str(DAY), *configured]) == 3
        assert "结果不明" in capsys.readouterr().out
        assert cli(["deliver", "--again", *configured]) == 2
        assert "--channel" in capsys.readouterr().err
        assert cli(["deliver", str(DAY), "--channel", "传真", *configured]) == 2
        assert "可用：群" in capsys.readouterr().err
        assert cli(["runs", *configured]) == 0
        assert "0/1" in capsys.readouterr().out
        assert cli(["deliver", str(DAY), "--channel", "群", "--again", *configured]) == 0
        assert "已送达" in capsys.readouterr().out
        assert cli(["deliver", "--channel", "群", "--test", *configured]) == 0
    assert len(server.asked) == 3


def test_a_dry_run_shows_what_would_go_out_and_sends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with robot(BUSY) as server:
        office = Office(tmp_path, settings("dingtalk"), server.url, monkeypatch)
        office.run()
        (planned,) = plan(office.place, Order())
    assert len(server.asked) == 1
    assert planned.record.state is DeliveryState.WAITING
    assert "每日政策要情" in planned.parts[0].body.decode()

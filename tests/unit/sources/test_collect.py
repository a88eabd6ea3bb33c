"""Sources side by side, from the configuration to the command that tries them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from briefing import collect
from briefing.cli import run
from briefing.config import Config, load_config
from briefing.errors import ConfigError
from briefing.ingest import IngestLimits
from briefing.ingest.sources import FetchOutcome, SourceStatus
from tests.unit.sources.servers import Answer, Site, Waits, request
from tests.unit.sources.test_feed import item, rss
from tests.unit.sources.texts import BRIDGE, CLINIC, page, solid


@pytest.fixture
def configured(site: Site, tmp_path: Path) -> Callable[[str], Config]:
    """A configuration with the given sources; {url} is the made site."""

    def load(text: str) -> Config:
        path = tmp_path / "briefing.toml"
        path.write_text(text.replace("{url}", site.url), "utf-8")
        return load_config(path, environment={})

    return load


FEED = """
[[sources]]
kind = "feed"
name = "安澜网"
url = "{url}/feed"
interval_seconds = 0
allow_addresses = ["127.0.0.1"]
"""
FOLDER = '[[sources]]\nkind = "folder"\nname = "收件"\npath = "inbox"\n'
OFF = '[[sources]]\nkind = "folder"\nname = "停用"\npath = "inbox"\nenabled = false\n'


def put_feed(site: Site) -> None:
    site.html("/1", page("跨江二桥主桥合龙", BRIDGE, CLINIC))
    site.pages["/feed"] = Answer(rss(item("跨江二桥主桥合龙", "/1")))


def fetch(config: Config, base: Path, **options: float) -> list[FetchOutcome]:
    around = collect.surroundings(config, IngestLimits(), base)
    return list(
        collect.fetch_sources(collect.choose_sources(config), lambda _: request(), around, **options)  # type: ignore[arg-type]
    )


def test_one_dead_source_costs_only_itself(
    site: Site, tmp_path: Path, configured: Callable[[str], Config]
) -> None:
    put_feed(site)
    found = fetch(configured(FEED + FOLDER + OFF), tmp_path)
    assert [(o.report.name, o.report.status) for o in found] == [
        ("安澜网", SourceStatus.FETCHED),
        ("收件", SourceStatus.FAILED),
    ]


def test_relative_paths_begin_at_the_configuration(
    tmp_path: Path, configured: Callable[[str], Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox").mkdir()
    monkeypatch.chdir("/")
    assert fetch(configured(FOLDER), tmp_path)[0].report.status is SourceStatus.UNCHANGED


def test_a_missing_rule_file_fails_its_source_alone(
    tmp_path: Path, configured: Callable[[str], Config]
) -> None:
    (tmp_path / "inbox").mkdir()
    paper = '[[sources]]\nkind = "paper"\nname = "日报"\nrules = "none.toml"\n'
    found = fetch(configured(paper + FOLDER), tmp_path)
    assert [o.report.status for o in found] == [SourceStatus.FAILED, SourceStatus.UNCHANGED]
    assert "none.toml" in found[0].report.zh or "规则文件" in found[0].report.zh


def test_when_the_time_for_fetching_is_up_the_rest_says_so(
    site: Site, tmp_path: Path, configured: Callable[[str], Config]
) -> None:
    config = configured(FEED)
    waits = Waits()
    around = replace(collect.surroundings(config, IngestLimits(), tmp_path), clock=waits.clock())
    tables = collect.choose_sources(config)
    (outcome,) = collect.fetch_sources(tables, lambda _: request(), around, max_seconds=0.0)
    assert outcome.report.status is SourceStatus.FAILED
    assert "总时间" in outcome.report.zh
    assert site.asked == []


def test_an_unknown_name_lists_the_known_ones(configured: Callable[[str], Config]) -> None:
    with pytest.raises(ConfigError, match="安澜网"):
        collect.choose_sources(configured(FEED), ["安阑网"])


def test_a_source_that_is_off_can_still_be_tried_by_name(configured: Callable[[str], Config]) -> None:
    assert [t.name for t in collect.choose_sources(configured(OFF), ["停用"])] == ["停用"]
    assert collect.choose_sources(configured(OFF)) == ()


def test_the_command_lists_what_came_and_what_did_not(
    site: Site, tmp_path: Path, configured: Callable[[str], Config], capsys: pytest.CaptureFixture[str]
) -> None:
    put_feed(site)
    configured(FEED + FOLDER)
    flags = ["--config", str(tmp_path / "briefing.toml"), "--date", "2026-11-23"]
    assert run(["fetch", "--all", *flags]) == 3
    out = capsys.readouterr()
    assert "跨江二桥主桥合龙" in out.out
    assert "收件" in out.out
    assert run(["fetch", "收件", *flags]) == 1
    assert run(["fetch", *flags]) == 2


def test_its_rows_make_a_briefing(
    site: Site, tmp_path: Path, configured: Callable[[str], Config], capsys: pytest.CaptureFixture[str]
) -> None:
    put_feed(site)
    configured(FEED)
    flags = ["--config", str(tmp_path / "briefing.toml"), "--date", "2026-11-23"]
    capsys.readouterr()
    assert run(["fetch", "安澜网", "--jsonl", *flags]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert solid(BRIDGE) in solid(row["text"])
    assert (row["title"], row["date"]) == ("跨江二桥主桥合龙", "2026-11-23")

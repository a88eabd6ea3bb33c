"""The watched folder: only what is new, changed and whole; nothing in it is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefing.ingest.limits import IngestLimits
from briefing.ingest.sources import FetchOutcome, SourceStatus
from briefing.ingest.sources.folder import Folder
from briefing.source_tables import FolderTable
from tests.unit.sources.servers import NOW, request
from tests.unit.sources.texts import BRIDGE, CLINIC


def put(path: Path, text: str, seconds_old: float = 3600) -> None:
    path.write_text(text, "utf-8")
    at = NOW.timestamp() - seconds_old
    os.utime(path, (at, at))


def fetch(folder: Path, earlier: FetchOutcome | None = None) -> FetchOutcome:
    table = FolderTable(name="收件", path=str(folder), outlet="安澜日报")
    return Folder(table, IngestLimits()).fetch(request(memory=earlier.memory if earlier else {}))


def test_new_files_are_read_in_order_and_then_known(tmp_path: Path) -> None:
    put(tmp_path / "第10版.txt", CLINIC)
    put(tmp_path / "第2版.txt", BRIDGE)
    first = fetch(tmp_path)
    assert [Path(d.source).name for d in first.documents] == ["第2版.txt", "第10版.txt"]
    assert {d.outlet for d in first.documents} == {"安澜日报"}
    assert first.report.status is SourceStatus.FETCHED
    again = fetch(tmp_path, first)
    assert (again.documents, again.report.known) == ((), 2)
    assert again.report.status is SourceStatus.UNCHANGED


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", BRIDGE)
    first = fetch(tmp_path)
    put(tmp_path / "a.txt", CLINIC, seconds_old=100)
    assert [d.text for d in fetch(tmp_path, first).documents] == [CLINIC]


def test_a_file_that_may_still_be_written_to_waits(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", BRIDGE, seconds_old=2)
    first = fetch(tmp_path)
    assert first.documents == ()
    put(tmp_path / "a.txt", BRIDGE, seconds_old=20)
    assert len(fetch(tmp_path, first).documents) == 1


def test_a_bad_file_is_listed_and_tried_again_beside_good_ones(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", BRIDGE)
    put(tmp_path / "b.txt", "")
    put(tmp_path / "c.xyz", "x")
    first = fetch(tmp_path)
    assert first.report.status is SourceStatus.PARTIAL
    assert len(first.documents) == 1
    assert sorted(Path(s.source).name for s in first.report.skips) == ["b.txt", "c.xyz"]
    put(tmp_path / "b.txt", CLINIC)
    assert [d.text for d in fetch(tmp_path, first).documents] == [CLINIC]


def test_an_empty_folder_is_a_quiet_day_and_a_missing_one_a_failure(tmp_path: Path) -> None:
    assert fetch(tmp_path).report.status is SourceStatus.UNCHANGED
    missing = fetch(tmp_path / "none")
    assert missing.report.status is SourceStatus.FAILED
    assert missing.report.zh


def test_nothing_in_the_folder_is_touched(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", BRIDGE)
    before = [(p.name, p.stat().st_mtime_ns) for p in tmp_path.iterdir()]
    fetch(tmp_path)
    assert [(p.name, p.stat().st_mtime_ns) for p in tmp_path.iterdir()] == before


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_is_read_too(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + "/安澜.txt".encode("gb18030")
    Path(os.fsdecode(path)).write_text(BRIDGE, "utf-8")
    os.utime(path, (0, 0))
    found = fetch(tmp_path)
    assert len(found.documents) == 1
    assert all(key.encode() for key in found.memory)

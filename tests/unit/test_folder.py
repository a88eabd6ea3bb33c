"""Writing into a folder: all or nothing, and never over somebody's edits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefing.deliver import folder as module
from briefing.deliver.folder import write_folder
from briefing.errors import DeliveryError
from briefing.records import Rendered


def files(text: str) -> list[Rendered]:
    return [
        Rendered("text/markdown", "briefing.md", text.encode()),
        Rendered("text/html", "b.html", text.encode()),
    ]


def visible(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text("utf-8") for p in folder.iterdir() if not p.name.startswith(".")}


def test_files_are_written_and_a_second_run_replaces_its_own(tmp_path: Path) -> None:
    write_folder(files("一"), tmp_path / "a" / "b")
    paths = write_folder(files("二"), tmp_path / "a" / "b")
    assert [p.name for p in paths] == ["briefing.md", "b.html"]
    assert visible(tmp_path / "a" / "b") == {"briefing.md": "二", "b.html": "二"}


@pytest.mark.parametrize("edited", [True, False], ids=["edited since", "never ours"])
def test_a_file_of_somebody_else_is_kept_unless_forced(tmp_path: Path, edited: bool) -> None:
    if edited:
        write_folder(files("一"), tmp_path)
    (tmp_path / "b.html").write_text("人工修改", "utf-8")
    with pytest.raises(DeliveryError) as caught:
        write_folder(files("二"), tmp_path)
    assert "--force" in caught.value.en
    assert visible(tmp_path)["b.html"] == "人工修改"
    assert visible(tmp_path).get("briefing.md") != "二"
    write_folder(files("二"), tmp_path, force=True)
    assert visible(tmp_path)["b.html"] == "二"


@pytest.mark.parametrize(
    "stop_at", [0, 1, 2], ids=["at the manifest", "at the first file", "at the second file"]
)
def test_an_interruption_leaves_only_whole_files_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    write_folder(files("一"), tmp_path)
    replace, calls = os.replace, iter(range(9))

    def stop(source: Path, target: Path) -> None:
        if next(calls) == stop_at:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(module.os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_folder(files("二"), tmp_path)
    monkeypatch.undo()
    assert set(visible(tmp_path).values()) <= {"一", "二"}
    assert not list(tmp_path.glob(".briefing-*.tmp"))
    write_folder(files("三"), tmp_path)
    assert set(visible(tmp_path).values()) == {"三"}


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(DeliveryError) as caught:
        write_folder(files("一"), tmp_path / "file" / "below")
    assert "file" in caught.value.source


def test_a_briefing_written_below_the_folder_that_is_read_is_no_source(tmp_path: Path) -> None:
    from briefing.ingest import list_inputs

    (tmp_path / "page.txt").write_text("正文", "utf-8")
    write_folder(files("一"), tmp_path / "out" / "2025-09-19")
    (tmp_path / "out" / "2025-09-19" / "added.txt").write_text("后来放进来的", "utf-8")
    found, skips = list_inputs([str(tmp_path)])
    assert [Path(p).name for p in found] == ["page.txt", "added.txt"]
    assert skips == []

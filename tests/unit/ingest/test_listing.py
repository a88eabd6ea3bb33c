"""Files, folders, patterns and what among them cannot be read."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from briefing.errors import SourceError
from briefing.ingest import IngestLimits, list_inputs


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")


def names(folder: Path, *inputs: str) -> list[str]:
    paths, _ = list_inputs([str(folder / i) if i else str(folder) for i in inputs])
    return [os.path.relpath(p, folder) for p in paths]


def test_a_folder_is_listed_with_its_subfolders_in_natural_order(tmp_path: Path) -> None:
    touch(tmp_path, "第10版.txt", "第2版.txt", "b/1.md", "a/1.html", "a/b/2.PDF", "第2版.jsonl")
    assert names(tmp_path, "") == ["第2版.jsonl", "第2版.txt", "第10版.txt", "a/1.html", "a/b/2.PDF", "b/1.md"]


def test_hidden_entries_are_passed_over_and_unsupported_ones_are_skips(tmp_path: Path) -> None:
    touch(tmp_path, ".hidden.txt", ".git/a.txt", "a.txt", "b.xlsx", "c")
    paths, skips = list_inputs([str(tmp_path)])
    assert paths == [str(tmp_path / "a.txt")]
    assert [os.path.basename(s.source) for s in skips] == ["b.xlsx", "c"]
    assert all("不支持" in s.zh for s in skips)


def test_inputs_keep_their_order_and_come_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt", "b.txt", "c.dat")
    assert names(tmp_path, "b.txt", "", "c.dat", "a.txt") == ["b.txt", "a.txt", "c.dat"]


def test_standard_input_is_passed_through() -> None:
    assert list_inputs(["-"]) == (["-"], [])


@pytest.mark.parametrize(
    ("pattern", "want"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("?.md", ["c.md"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("**/*.txt", ["a.txt", "b.txt", "d/e.txt", "d/f/g.txt"]),
        ("d/**", ["d/e.txt", "d/f/g.txt"]),
        ("*/*.txt", ["d/e.txt"]),
        ("d*", ["d/e.txt", "d/f/g.txt"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_patterns_that_the_shell_did_not_expand(tmp_path: Path, pattern: str, want: list[str]) -> None:
    touch(tmp_path, "a.txt", "b.txt", "c.md", "d/e.txt", "d/f/g.txt", ".h/i.txt")
    assert names(tmp_path, pattern) == want


def test_a_file_whose_name_looks_like_a_pattern_is_the_file(tmp_path: Path) -> None:
    touch(tmp_path, "a[1].txt", "a1.txt")
    assert names(tmp_path, "a[1].txt") == ["a[1].txt"]


@pytest.mark.parametrize(
    "missing", ["nothing.txt", "*.nothing", "", "a\x00b"], ids=["file", "pattern", "empty", "NUL"]
)
def test_an_input_that_does_not_exist_is_an_error(tmp_path: Path, missing: str) -> None:
    with pytest.raises(SourceError) as caught:
        list_inputs([str(tmp_path / missing) if missing.strip("\x00") and "\x00" not in missing else missing])
    assert caught.value.zh


def test_no_input_is_an_error() -> None:
    with pytest.raises(SourceError, match="no input"):
        list_inputs([])


def test_symlink_loops_end(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.txt")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    paths, skips = list_inputs([str(tmp_path)])
    assert [os.path.basename(p) for p in paths] == ["x.txt"]
    assert len(skips) == 1
    assert [os.path.basename(p) for p in list_inputs([str(tmp_path / "**" / "*.txt")])[0]] == ["x.txt"]


def test_pipes_and_folders_named_like_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    touch(tmp_path, "folder.txt/a.txt")
    paths, skips = list_inputs([str(tmp_path)])
    assert [os.path.relpath(p, tmp_path) for p in paths] == ["folder.txt/a.txt"]
    assert "管道" in skips[0].zh


def test_an_empty_folder_is_a_skip(tmp_path: Path) -> None:
    paths, skips = list_inputs([str(tmp_path)])
    assert not paths
    assert "没有文件" in skips[0].zh


def test_odd_names_are_listed_and_shown_on_one_line(tmp_path: Path) -> None:
    odd = [b"a\nb.txt", b"\xff\xfe.txt", "引“号”'\".txt".encode(), b"x\n.dat", "反\u202e向.txt".encode()]
    for name in odd:
        with open(os.path.join(os.fsencode(tmp_path), name), "w", encoding="utf-8") as file:
            file.write("x")
    paths, skips = list_inputs([str(tmp_path)])
    assert len(paths) == 4
    assert skips[0].source.endswith("x\\n.dat")


def test_ten_thousand_files_are_listed_fast(tmp_path: Path) -> None:
    for i in range(10_000):
        (tmp_path / f"{i}.txt").touch()
    start = time.process_time()
    paths, _ = list_inputs([str(tmp_path)])
    assert time.process_time() - start < 2
    assert [os.path.basename(p) for p in paths] == [f"{i}.txt" for i in range(10_000)]


def test_files_over_the_limit_are_one_skip(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{i}.txt" for i in range(5)))
    paths, skips = list_inputs([str(tmp_path)], IngestLimits(max_files=3))
    assert len(paths) == 3
    assert "2 个未读" in skips[0].zh

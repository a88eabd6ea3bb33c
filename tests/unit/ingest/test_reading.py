"""Opening inputs: limits, things that are no files, kinds found by content."""

from __future__ import annotations

import io
import os
import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest

from briefing.errors import SourceError
from briefing.ingest import IngestLimits, read_document, read_stdin
from briefing.records import RawDocument, Skip
from tests.unit.ingest.makers import MORE, NEWS, NOW, docx, paragraph, pdf

PDF = pdf([[(40, 700, 10, "江城市政府召开常务会议研究改造工作")]])
DOCX = docx(paragraph(NEWS))


def write(folder: Path, name: str, body: bytes) -> str:
    path = folder / name
    path.write_bytes(body)
    return str(path)


def refusal(path: str, limits: IngestLimits | None = None) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_document(path, limits, now=NOW)
    assert "\n" not in str(caught.value) + caught.value.zh
    return caught.value


def test_a_document_carries_what_was_asked(tmp_path: Path) -> None:
    path = write(tmp_path, "甲.txt", (NEWS + "\r\n").encode("gb18030"))
    (document,) = read_document(path, now=NOW)
    assert isinstance(document, RawDocument)
    assert document.source == path
    assert document.text == NEWS + "\r\n"
    assert document.text == Path(path).read_bytes().decode(document.encoding)
    assert (document.fetched_at, document.media_type) == (NOW, "text/plain")
    assert len(document.sha256) == 64
    assert len(document.pages) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(NEWS.encode("gb18030"), "text/plain", id="text"),
        pytest.param(
            f"<!DOCTYPE html><html><body><p>{NEWS}</p></body></html>".encode(), "text/html", id="html"
        ),
        pytest.param(
            f"\ufeff\n <html><body><p>{NEWS}</p></body></html>".encode(), "text/html", id="html after BOM"
        ),
        pytest.param(PDF, "application/pdf", id="pdf"),
        pytest.param(DOCX, "wordprocessingml", id="docx"),
        pytest.param(f'{{"id": "1", "text": "{NEWS}"}}\n'.encode(), "application/jsonl", id="jsonl"),
        pytest.param(f'{{"id": "1", "text": "{NEWS * 100}"}}\n'.encode(), "application/jsonl", id="long jsonl"),
        pytest.param(f"---\ntitle: 标题\n---\n{NEWS}".encode(), "text/markdown", id="markdown"),
        pytest.param(f"{{不是 JSON}}{NEWS}".encode(), "text/plain", id="brace"),
        pytest.param(f"<说明>{NEWS}".encode(), "text/plain", id="angle bracket"),
        pytest.param(f"MZ 是两个字母。{NEWS}".encode(), "text/plain", id="begins like a program"),
    ],
)
def test_the_kind_of_standard_input_is_found_by_its_content(body: bytes, kind: str) -> None:
    found = read_document("-", now=NOW, stdin=body)
    assert isinstance(found[0], RawDocument)
    assert kind in found[0].media_type
    assert found[0].source.partition("#")[0] == "-"


def test_an_unknown_ending_is_read_by_content(tmp_path: Path) -> None:
    (document,) = read_document(write(tmp_path, "甲.dat", NEWS.encode()), now=NOW)
    assert isinstance(document, RawDocument)
    assert document.text == NEWS


def test_rows_carry_the_file_and_their_id(tmp_path: Path) -> None:
    path = write(tmp_path, "甲.jsonl", f'{{"id": "a", "text": "{NEWS}"}}\n{{\n{{"text": "{MORE}"}}'.encode())
    first, skip, last = read_document(path, now=NOW)
    assert (first.source, last.source) == (f"{path}#a", f"{path}#3")
    assert isinstance(skip, Skip)
    assert isinstance(first, RawDocument)
    assert first.row_id == "a"


def test_a_number_for_an_id_stays_a_number(tmp_path: Path) -> None:
    path = write(
        tmp_path, "甲.jsonl", f'{{"id": 0, "text": "{NEWS}"}}\n{{"id": "0", "text": "{MORE}"}}'.encode()
    )
    found = [d.row_id for d in read_document(path, now=NOW) if isinstance(d, RawDocument)]
    assert found == [0, "0"]


@pytest.mark.parametrize(
    ("name", "body", "zh"),
    [
        ("甲.txt", b"", "空的"),
        ("甲.md", b" \n\t", "空白"),
        ("甲.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "PNG"),
        ("甲.html", b"MZ\x90\x00\x03" + b"\x00" * 50, "程序"),
        ("甲.jsonl", b"\x1f\x8b\x08" + b"\x00" * 50, "gzip"),
        ("甲.txt", DOCX, "压缩包"),
        ("甲.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, "另存为 .docx"),
        ("甲.docx", NEWS.encode(), "不是 .docx"),
        ("甲.pdf", NEWS.encode(), "损坏"),
        ("甲.rtf", b"{\\rtf1 abc}", "RTF"),
    ],
    ids=["empty", "blank", "png", "exe", "gzip", "docx as txt", "doc", "text as docx", "text as pdf", "rtf"],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, body: bytes, zh: str) -> None:
    error = refusal(write(tmp_path, name, body))
    assert zh in error.zh
    assert error.source.endswith(name)


def test_a_200_mb_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    tracemalloc.start()
    assert "太大" in refusal(str(path)).zh
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_standard_input_is_read_only_up_to_the_limit() -> None:
    limits = IngestLimits(max_file_bytes=100)
    body = read_stdin(io.BytesIO(b"x" * 1000), limits)
    assert len(body) == 101
    with pytest.raises(SourceError, match="too large"):
        read_document("-", limits, now=NOW, stdin=body)


def test_pipes_folders_and_devices_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    assert "管道" in refusal(str(tmp_path / "pipe.txt")).zh
    assert "文件夹" in refusal(str(tmp_path / "folder.txt")).zh
    assert "设备" in refusal("/dev/zero").zh


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "甲.txt", NEWS.encode())
    os.chmod(path, 0)
    assert "权限" in refusal(path).zh


def test_missing_files_and_dangling_links_say_so(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert "没有这个文件" in refusal(str(tmp_path / "link.txt")).zh
    assert refusal(str(tmp_path / "loop.txt")).zh
    assert refusal("a\x00b").zh


def test_names_with_newlines_and_undecodable_bytes(tmp_path: Path) -> None:
    name = os.fsdecode(os.path.join(os.fsencode(tmp_path), b"a\n\xff.txt"))
    Path(name).write_text(NEWS, "utf-8")
    (document,) = read_document(name, now=NOW)
    assert isinstance(document, RawDocument)
    assert document.source.endswith("a\n\\xff.txt")
    assert document.source.encode()
    Path(name).write_bytes(b"")
    assert refusal(name).source.endswith("a\\n\\xff.txt")


def test_a_clock_without_a_zone_is_a_programming_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        read_document(write(tmp_path, "a.txt", NEWS.encode()), now=datetime(2026, 1, 1))

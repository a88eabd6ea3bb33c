"""Opens one input, within limits, and hands its bytes to the reader of its format."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from datetime import datetime
from typing import IO

from briefing.errors import SourceError
from briefing.ingest.limits import MEBIBYTE, Extracted, IngestLimits
from briefing.ingest.listing import STDIN
from briefing.ingest.names import as_text, one_line
from briefing.ingest.sniff import DOCX, IMAGE, PDF, refuse_known_binary, sniff_kind, suffix_kind
from briefing.ingest.table import INGESTERS
from briefing.records import RawDocument, Skip, Span

_STDIN_NAME = "标准输入"


def read_document(
    path: str, limits: IngestLimits | None = None, *, now: datetime, stdin: bytes | None = None
) -> list[RawDocument | Skip]:
    """The documents of one file, or of `stdin` when `path` is "-", in order.

    A part that cannot be read (a broken row of a .jsonl) is a Skip; the others go on. `now` must be
    aware. `source` of each document is `path` as given (plus "#row" for rows). Raises SourceError when
    nothing can be read. Never blocks on a pipe or device, never reads more than the limit.
    """
    limits = limits or IngestLimits()
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    shown = _STDIN_NAME if path == STDIN else one_line(path)
    body = _stdin_body(stdin, limits, shown) if path == STDIN else _file_body(path, limits, shown)
    return read_body(body, path, limits, now=now)


def read_body(
    body: bytes, name: str, limits: IngestLimits, *, now: datetime, kind: str = ""
) -> list[RawDocument | Skip]:
    """The documents of a body that stands in no file: a download, an attachment. `name`: its address or name.

    `kind`: its media kind; "": by the ending of `name`, else by content. Raises SourceError as `read_document`.
    """
    shown = _STDIN_NAME if name == STDIN else one_line(name)
    if not body:
        raise SourceError("文件是空的，没有内容可读", "the file is empty", source=shown)
    kind = kind or suffix_kind(name) or sniff_kind(body, shown)
    if kind not in (DOCX, PDF, IMAGE):
        refuse_known_binary(body, shown)
    digest = hashlib.sha256(body).hexdigest()
    source = as_text(name)
    documents = [
        _document(part, source, kind, now, digest) if isinstance(part, Extracted) else part
        for part in INGESTERS[kind](body, shown, limits)
    ]
    if not documents:
        raise SourceError("没有读到文字", "no text was found", source=shown)
    return documents


def read_stdin(stream: IO[bytes] | None = None, limits: IngestLimits | None = None) -> bytes:
    """What `stream` (standard input) holds, for `read_document(stdin=…)`.

    At most one byte more than the limit is read: enough for `read_document` to refuse it.
    """
    return (stream or sys.stdin.buffer).read((limits or IngestLimits()).max_file_bytes + 1)


def _document(part: Extracted, source: str, kind: str, now: datetime, digest: str) -> RawDocument:
    return RawDocument(
        source=f"{source}#{part.row}" if part.row != "" else source,
        media_type=kind,
        fetched_at=now,
        sha256=digest,
        text=part.text,
        encoding=part.encoding,
        pages=part.pages or (Span(0, len(part.text)),),
        single_article=part.single_article,
        row_id=part.row,
        title=part.title,
        outlet=part.outlet,
        url=part.url,
        published_on=part.published_on,
        page_label=part.page_label,
        warnings=part.warnings,
    )


def _stdin_body(stdin: bytes | None, limits: IngestLimits, shown: str) -> bytes:
    if stdin is None:
        raise ValueError("reading - needs stdin=")
    if len(stdin) > limits.max_file_bytes:
        raise _too_large(shown, limits)
    return stdin


def _file_body(path: str, limits: IngestLimits, shown: str) -> bytes:
    try:
        # O_NONBLOCK: opening a FIFO without a writer returns at once. Windows has neither flag.
        flags = (
            os.O_RDONLY
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_CLOEXEC", 0)
            | getattr(os, "O_BINARY", 0)
        )
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as err:
        raise _unreadable(shown, err) from err
    try:
        _check_file(os.fstat(descriptor), limits, shown)
        with open(descriptor, "rb", closefd=False) as file:
            body = file.read(limits.max_file_bytes + 1)
    except OSError as err:
        raise _unreadable(shown, err) from err
    finally:
        os.close(descriptor)
    if len(body) > limits.max_file_bytes:
        raise _too_large(shown, limits)
    return body


def _check_file(status: os.stat_result, limits: IngestLimits, shown: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise SourceError("这是文件夹，不是文件", "this is a folder, not a file", source=shown)
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(
            "不是普通文件（管道或设备），请存成文件，或用 - 从标准输入读",
            "not a regular file (a pipe or a device): save it as a file, or read it with -",
            source=shown,
        )
    if status.st_size > limits.max_file_bytes:
        raise _too_large(shown, limits)


def _too_large(shown: str, limits: IngestLimits) -> SourceError:
    size = f"{limits.max_file_bytes / MEBIBYTE:g} MB"
    return SourceError(
        f"文件太大（超过 {size}），请拆分后再处理",
        f"the file is too large (over {size}): split it",
        source=shown,
    )


def _unreadable(shown: str, err: OSError | ValueError) -> SourceError:
    if isinstance(err, FileNotFoundError):
        return SourceError("没有这个文件，请检查路径", "no such file: check the path", source=shown)
    if isinstance(err, PermissionError):
        return SourceError(
            "没有读取权限，请检查文件权限", "permission denied: check its permissions", source=shown
        )
    reason = err.strerror if isinstance(err, OSError) else str(err)
    return SourceError(f"无法读取（{reason}）", f"cannot be read ({reason})", source=shown)

"""Turns what the user named (files, folders, patterns, "-") into a list of files, in order."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Iterator, Sequence

from briefing.errors import SourceError
from briefing.ingest.limits import STAGE, IngestLimits
from briefing.ingest.names import one_line
from briefing.ingest.sniff import SUFFIXES, suffix_kind
from briefing.records import Skip
from briefing.resources import WRITTEN_MANIFEST, written_names

STDIN = "-"
_MAGIC = re.compile(r"[*?\[]")


def list_inputs(inputs: Sequence[str], limits: IngestLimits | None = None) -> tuple[list[str], list[Skip]]:
    """Files named by `inputs`, each once, in the order given; and what folders hold that is not read.

    A folder is searched with its subfolders, in natural order (第2版 before 第10版), without hidden
    entries. A pattern may use * ? [] and **. A file named outright is listed whatever its ending. Raises
    SourceError when an input does not exist, a pattern matches nothing, or nothing was given.
    """
    limits = limits or IngestLimits()
    if not inputs:
        raise SourceError(
            "没有给出输入：请给出文件、文件夹，或用 - 读标准输入", "no input: give files, folders or -"
        )
    found: dict[str, None] = {}
    skips: list[Skip] = []
    too_many = 0
    for given in inputs:
        for entry in _expand(given):
            if isinstance(entry, Skip):
                skips.append(entry)
            elif entry not in found:
                if len(found) < limits.max_files:
                    found[entry] = None
                else:
                    too_many += 1
    if too_many:
        skips.append(
            Skip(
                one_line(inputs[-1]),
                STAGE,
                f"文件太多：只读前 {limits.max_files} 个，其余 {too_many} 个未读，请分批处理",
                f"too many files: the first {limits.max_files} are read, {too_many} are not; run in batches",
            )
        )
    return list(found), skips


def _expand(given: str) -> Iterator[str | Skip]:
    if given == STDIN:
        yield STDIN
        return
    if not given or "\x00" in given:
        raise SourceError(
            "文件名是空的或含有空字符", "the file name is empty or holds a NUL", source=one_line(given)
        )
    try:
        mode = os.stat(given).st_mode
    except OSError as err:
        if _MAGIC.search(given) and isinstance(err, FileNotFoundError):
            yield from _match(given)
            return
        raise _missing(given, err) from err
    if stat.S_ISDIR(mode):
        any_entry = False
        for entry in _walk(given, set()):
            any_entry = True
            yield entry
        if not any_entry:
            yield Skip(one_line(given), STAGE, "文件夹里没有文件", "the folder holds no files")
    else:
        yield given


def _missing(given: str, err: OSError) -> SourceError:
    if isinstance(err, FileNotFoundError):
        zh, en = "没有这个文件或文件夹，请检查路径", "no such file or folder: check the path"
    elif isinstance(err, PermissionError):
        zh, en = "没有读取权限，请检查文件权限", "permission denied: check the file's permissions"
    else:
        zh, en = f"无法读取（{err.strerror}），请检查路径", f"cannot be read ({err.strerror}): check the path"
    return SourceError(zh, en, source=one_line(given))


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts 第2版 before 第10版; equal names only for equal keys up to leading zeros."""
    pieces = re.findall(r"[0-9]{1,18}|[^0-9]+|[0-9]+", name)
    return tuple((0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in pieces)


def _walk(folder: str, seen: set[tuple[int, int]]) -> Iterator[str | Skip]:
    """Readable files under `folder`, and a skip for each other entry. `seen` stops symlink loops."""
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            status = os.stat(here)
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(here) as entries:
                listed = sorted(entries, key=lambda e: (natural_key(e.name), e.name))
        except OSError as err:
            error = _missing(here, err)
            yield Skip(one_line(here), STAGE, error.zh, error.en)
            continue
        folders = []
        # A briefing is no source of the next one, when it was written below the folder that is read.
        ours = written_names(here) if any(e.name == WRITTEN_MANIFEST for e in listed) else frozenset()
        for entry in listed:
            if entry.name.startswith(".") or entry.name in ours:
                continue
            outcome = _judge(entry)
            if outcome == "folder":
                folders.append(entry.path)
            else:
                yield entry.path if outcome == "file" else outcome
        # Files of a folder come before its subfolders, subfolders in order.
        pending.extend(reversed(folders))


def _judge(entry: os.DirEntry[str]) -> str | Skip:
    """ "folder", "file", or the skip for an entry that is neither or has no known ending."""
    try:
        if entry.is_dir():
            return "folder"
        if not entry.is_file():
            # is_file() is False for a dangling link too.
            return Skip(
                one_line(entry.path),
                STAGE,
                "不是普通文件（管道、设备或失效的链接），已跳过",
                "not a regular file (a pipe, a device or a dangling link): skipped",
            )
    except OSError as err:
        error = _missing(entry.path, err)
        return Skip(one_line(entry.path), STAGE, error.zh, error.en)
    if suffix_kind(entry.name):
        return "file"
    known = " ".join(SUFFIXES)
    return Skip(
        one_line(entry.path),
        STAGE,
        f"不支持的文件类型，已跳过（支持 {known}）",
        f"unsupported kind of file: skipped (supported: {known})",
    )


def _match(pattern: str) -> Iterator[str | Skip]:
    """Files that match a pattern the shell did not expand. Raises SourceError when none does."""
    parts = pattern.split("/")
    first = next(i for i, part in enumerate(parts) if _MAGIC.search(part))
    base = "/".join(parts[:first]) or ("/" if pattern.startswith("/") else ".")
    wanted = _pattern_regex(parts[first:])
    prefix = "" if base == "." and not pattern.startswith("./") else base.rstrip("/") + "/"
    deep = "**" in parts[first:]
    matched = False
    for path in sorted(_below(base, len(parts) - first, deep), key=lambda p: (natural_key(p), p)):
        if wanted.fullmatch(path):
            matched = True
            full = prefix + path
            yield from _walk(full, set()) if os.path.isdir(full) else (full,)
    if not matched:
        raise SourceError("没有文件符合这个模式", "no file matches this pattern", source=one_line(pattern))


def _pattern_regex(parts: Sequence[str]) -> re.Pattern[str]:
    regex = ""
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        if part == "**":
            regex += r"(?:[^/]+/)*" + (r"[^/]+" if last else "")
        else:
            regex += fnmatch.translate(part).removeprefix("(?s:").removesuffix(r")\Z").replace(".*", "[^/]*")
            regex += "" if last else "/"
    return re.compile(regex, re.S)


def _below(base: str, depth: int, deep: bool) -> Iterator[str]:
    """Paths relative to `base`, not hidden, down to `depth` levels (any number when `deep`)."""
    seen: set[tuple[int, int]] = set()
    pending = [("", 1)]
    while pending:
        here, level = pending.pop()
        try:
            status = os.stat(os.path.join(base, here))
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(os.path.join(base, here)) as entries:
                listed = [e for e in entries if not e.name.startswith(".")]
        except OSError:
            continue  # a pattern names what can be reached; an unreadable folder matches nothing
        for entry in listed:
            path = here + entry.name
            if _is_folder(entry):
                if not deep:
                    yield path
                if deep or level < depth:
                    pending.append((path + "/", level + 1))
            else:
                yield path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False

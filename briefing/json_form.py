"""The one JSON form of the records: used by `briefing.json`, `--json`, the goldens and the store."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from briefing.errors import SourceError
from briefing.records import SCHEMA_VERSION, Briefing

T = TypeVar("T")


def to_builtins(record: Any) -> Any:
    """`record` as dicts, lists, strings and numbers; dates as ISO 8601."""
    return msgspec.to_builtins(record)


def to_json(record: Any, *, indent: int = 0) -> bytes:
    """UTF-8 JSON, Chinese unescaped, keys in the order of the fields, byte-identical for equal records."""
    body = msgspec.json.encode(record)
    return msgspec.json.format(body, indent=indent) if indent else body


def from_json(body: bytes, kind: type[T], *, source: str) -> T:
    """`body` as `kind`. Raises SourceError naming the place in the JSON that does not fit."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as err:
        raise SourceError(
            f"不是有效的 {kind.__name__} JSON：{err}", f"not a valid {kind.__name__} JSON: {err}", source=source
        ) from err


def read_briefing(body: bytes, *, source: str) -> Briefing:
    """A `briefing.json`. Raises SourceError on another schema version or damaged content."""
    briefing = from_json(body, Briefing, source=source)
    if briefing.schema_version != SCHEMA_VERSION:
        raise SourceError(
            f"简报文件版本为 {briefing.schema_version}，本程序只读版本 {SCHEMA_VERSION}，请重新生成",
            f"schema_version {briefing.schema_version}, this program reads {SCHEMA_VERSION}: make it again",
            source=source,
        )
    return briefing

"""JSON lines: each row {"id", "title", "text", …} is an article of its own."""

from __future__ import annotations

import json
import re

from briefing.errors import SourceError
from briefing.ingest.dates import stated_date
from briefing.ingest.encoding import decode
from briefing.ingest.limits import STAGE, Extracted, IngestLimits
from briefing.records import Skip

# Field of the row -> names that feeds and exports use for it, first found wins.
_OUTLET = ("outlet", "source", "media", "site")
_DATE = ("published_on", "date", "published", "pub_date")
_PAGE = ("page_label", "page")
# Larger integers cannot be written in the JSON form of a record; they are kept as text.
_MAX_ID = 2**63
_SURROGATE = re.compile("[\ud800-\udfff]")


def ingest(body: bytes, name: str, limits: IngestLimits) -> list[Extracted | Skip]:
    """One document a row, in order, `text` exactly the row's own; a skip for each row that is none.

    Blank lines are passed over. Raises SourceError when no row can be used.
    """
    decoded = decode(body, name)
    found: list[Extracted | Skip] = []
    rows = 0
    # Not splitlines(): a row may hold U+2028 or U+0085 unescaped.
    for number, line in enumerate(decoded.text.split("\n"), 1):
        if not line.strip("\ufeff \t\r"):
            continue
        rows += 1
        if rows > limits.max_rows:
            found.append(
                _skip(
                    name,
                    str(number),
                    f"行数太多：只读前 {limits.max_rows} 行，请分批处理",
                    f"too many rows: the first {limits.max_rows} are read; run in batches",
                )
            )
            break
        found.append(_row(line.strip("\ufeff \t\r"), number, name, decoded.encoding))
    if not found:
        raise SourceError("没有一行内容", "the file has no row", source=name)
    if all(isinstance(row, Skip) for row in found):
        first = next(row for row in found if isinstance(row, Skip))
        raise SourceError(f"没有一行可用：{first.zh}", f"no row can be used: {first.en}", source=name)
    return found


def _skip(name: str, row: str | int, zh: str, en: str) -> Skip:
    return Skip(f"{name}#{row}", STAGE, zh, en, row)


def _row(line: str, number: int, name: str, encoding: str) -> Extracted | Skip:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as err:
        reason = str(err) if isinstance(err, ValueError) else "nested too deeply"
        return _skip(
            name, str(number), f"第 {number} 行不是有效的 JSON：{reason}", f"line {number} is no JSON: {reason}"
        )
    if not isinstance(row, dict):
        return _skip(name, str(number), f"第 {number} 行不是 JSON 对象", f"line {number} is not a JSON object")
    label = _row_id(row.get("id"), number)
    text = row.get("text")
    if not isinstance(text, str):
        return _skip(
            name, label, f"第 {number} 行没有 text 字段（字符串）", f"line {number} has no string field text"
        )
    if not text.strip():
        return _skip(name, label, f"第 {number} 行的 text 是空的", f"line {number} has an empty text")
    # A lone surrogate cannot be stored again; one replacement character keeps every position.
    safe = _SURROGATE.sub("\ufffd", text)
    return Extracted(
        text=safe,
        encoding=encoding,
        single_article=True,
        row=label,
        title=_text(row.get("title")),
        outlet=_first(row, _OUTLET),
        url=_text(row.get("url")),
        published_on=next((d for key in _DATE if (d := stated_date(row.get(key)))), None),
        page_label=_first(row, _PAGE),
        warnings=() if safe == text else (("有字符已损坏（�）", "some characters are damaged (�)"),),
    )


def _row_id(value: object, number: int) -> str | int:
    """The row's id as it was given, so that whoever joins the output to the input finds it; else its line."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MAX_ID:
        return value
    return _text(value) or str(number)


def _text(value: object) -> str:
    """A string or number field as text, on one line; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_SURROGATE.sub("\ufffd", str(value)).split())


def _first(row: dict[str, object], keys: tuple[str, ...]) -> str:
    return next((value for key in keys if (value := _text(row.get(key)))), "")

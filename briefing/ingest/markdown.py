"""Markdown: the decoded file as it is; front matter gives title, date and outlet."""

from __future__ import annotations

import re

from briefing.ingest.dates import stated_date
from briefing.ingest.encoding import decode
from briefing.ingest.limits import Extracted, IngestLimits
from briefing.ingest.plain_text import form_feed_pages
from briefing.records import Skip

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_FIELD = re.compile(r"^([\w\u4e00-\u9fff-]+)[ \t]*[:：][ \t]*(.*?)[ \t\r]*$", re.M)
# Front matter is looked for in this much text, so a file of dashes costs nothing.
_HEAD_CHARS = 8192
_KEYS = {
    "title": ("title", "标题"),
    "outlet": ("outlet", "source", "来源", "媒体"),
    "url": ("url", "link", "链接"),
    "date": ("date", "published", "published_on", "日期"),
    "page": ("page", "page_label", "版次"),
}


def ingest(body: bytes, name: str, limits: IngestLimits) -> list[Extracted | Skip]:
    """One document whose text is `body` decoded, front matter and heading marks included."""
    decoded = decode(body, name)
    fields = front_matter(decoded.text)
    return [
        Extracted(
            decoded.text,
            decoded.encoding,
            pages=form_feed_pages(decoded.text),
            title=_pick(fields, "title"),
            outlet=_pick(fields, "outlet"),
            url=_pick(fields, "url"),
            published_on=stated_date(_pick(fields, "date")),
            page_label=_pick(fields, "page"),
            warnings=decoded.warnings,
        )
    ]


def front_matter(text: str) -> dict[str, str]:
    """`key: value` lines between --- marks at the top of `text`, keys in lower case; quotes removed."""
    match = _FRONT_MATTER.match(text[:_HEAD_CHARS])
    if not match:
        return {}
    return {key.lower(): _unquoted(value) for key, value in _FIELD.findall(match.group(1))}


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _pick(fields: dict[str, str], what: str) -> str:
    return next((fields[key] for key in _KEYS[what] if fields.get(key)), "")

"""Datelines 电头: who sent a report, from where and when (新华社北京4月25日电（记者 …）), at its beginning.

The one place that knows their form: the splitter takes bylines from them, other stages leave them out.
"""

from __future__ import annotations

import re

from briefing.records import Span

_HAN = r"\u4e00-\u9fff"
# Names that need no further sign. 记者 after them begins a sentence (本报记者从供电公司获悉), not a dateline.
_KNOWN = (
    r"(?:本报|本刊|本台|本网|新华社|新华网|中新社|中新网|中国新闻网|人民日报|人民网|央视网|央广网|光明网|大众网)"
    r"(?!社?记者)"
)
# Any other sender is known by how its name ends; what follows must then be more than a place, because
# 合作社光伏发电 and 供电公司网络通讯 are words of the news.
_NAMED = rf"[{_HAN}]{{2,12}}?(?:社|报|网|台|在线|融媒|融媒体|客户端|传媒)"
_DAY = r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日"
_REPORTERS = r"（[^（）]{0,80}）"
_SENT = r"(?:电|讯|消息)"
DATELINE = re.compile(
    rf"^[■□●▲]?\s*据?(?:{_KNOWN}(?:讯|[^，。：；“”（）]{{0,14}}?{_SENT})"
    rf"|{_NAMED}[{_HAN}]{{0,10}}{_DAY}{_SENT}"
    rf"|{_NAMED}[{_HAN}]{{0,6}}{_SENT}(?=\s*（[^（）]{{0,20}}(?:记者|通讯员|作者))"
    rf"|{_NAMED}讯(?=\s|$))\s*(?:{_REPORTERS})?"
)
_INSIDE = re.compile(r"[^。，；：（）]{0,24}（([^（）]{2,80})）")


def find_dateline(text: str) -> Span | None:
    """The dateline that `text` (normalised) begins with, with the brackets after it; None when it has none."""
    found = DATELINE.match(text[:160])
    return Span(0, found.end()) if found and found.end() else None


def dateline_reporters(text: str) -> str:
    """Who stands in the brackets of a dateline or in their place (记者 周砚秋 通讯员 何立新); "" for nobody."""
    inside = _INSIDE.match(text[:160])
    return inside[1] if inside and re.search(r"记者|通讯员", inside[1]) else ""

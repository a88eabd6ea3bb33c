"""A day without an edition says why: a short text where the edition would stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from briefing.deliver.folder import write_folder
from briefing.editions.workplace import Workplace
from briefing.records import Rendered, SourceReport, SourceStatus

NOTICE_NAME = "未出刊说明.txt"
_STATUS = {
    SourceStatus.FETCHED: "已获取",
    SourceStatus.UNCHANGED: "无更新",
    SourceStatus.PARTIAL: "部分获取",
    SourceStatus.FAILED: "未能获取",
}


def write_notice(
    place: Workplace, edition: str, day: date, why: tuple[str, str], coverage: Sequence[SourceReport]
) -> Path:
    """Write the notice into the folder of the edition and return its path."""
    lines = [f"{day.year}年{day.month}月{day.day}日未出刊：{why[0]}。", "", "来源情况："]
    lines += [f"  {r.name}：{_STATUS[r.status]}" + (f"（{r.zh}）" if r.zh else "") for r in coverage]
    body = ("\n".join(lines) + "\n").encode()
    files = [Rendered("text/plain; charset=utf-8", NOTICE_NAME, body)]
    return write_folder(files, place.edition_folder(edition, day), force=True)[0]


def withdraw_notice(place: Workplace, edition: str, day: date) -> None:
    """The edition is there after all."""
    (place.edition_folder(edition, day) / NOTICE_NAME).unlink(missing_ok=True)

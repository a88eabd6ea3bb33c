"""What the commands of scheduled runs share: a configuration's workplace, its log, results in words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import common
from briefing.cli.language import bilingual
from briefing.text.display import one_line

if TYPE_CHECKING:
    from briefing.editions.workplace import Workplace
    from briefing.records import SourceReport

edition_option = click.option("--edition", default="", metavar="NAME", help="哪一期。Which edition.")
day_option = click.option(
    "--date", "day", callback=common.parse_date, metavar="YYYY-MM-DD", help="日期，默认今天。Date."
)
STATES = {
    "running": ("进行中或被打断", "running, or cut off"),
    "ok": ("完成", "ok"),
    "partial": ("部分", "partial"),
    "failed": ("失败", "failed"),
    "unchanged": ("无更新", "unchanged"),
    "empty": ("无可刊材料", "nothing to print"),
}
SOURCE_STATES = {
    "fetched": ("已获取", "fetched"),
    "unchanged": ("无更新", "unchanged"),
    "partial": ("部分获取", "partial"),
    "failed": ("未能获取", "failed"),
}


def find_place(path: Path | None) -> Workplace:
    """The workplace of the configuration file, the current folder's without one."""
    from briefing.config import load_config
    from briefing.editions.workplace import Workplace

    config = load_config(path)
    return Workplace(config, path.resolve().parent if path else Path())


@contextlib.contextmanager
def working(path: Path | None) -> Iterator[Workplace]:
    """The workplace with its log open, in the folder of the configuration: sources' paths count from there."""
    import dataclasses

    from briefing.editions.logbook import open_log

    place = find_place(path)
    with contextlib.chdir(place.base):
        place = dataclasses.replace(place, base=Path())
        observe, handler = open_log(place)
        try:
            yield dataclasses.replace(place, observe=observe)
        finally:
            handler.close()


def warn_of_missing_calendars(here: Workplace) -> list[int]:
    """Say on stderr which years' working days are only guessed; those years."""
    from briefing.editions.working_days import calendar_of, years_without_calendar

    missing = years_without_calendar(calendar_of(here), here.now().date())
    for year in missing:
        click.echo(
            bilingual(
                f"{year} 年的放假安排尚未收入，按周一至周五计；可用 schedule.calendar 补充",
                f"no published calendar for {year}: Monday to Friday count; add days with schedule.calendar",
            ),
            err=True,
        )
    return missing


def describe_source(report: SourceReport) -> str:
    zh, en = SOURCE_STATES[report.status.value]
    counts = bilingual(f"{report.documents} 份", f"{report.documents} documents")
    said = f"  {one_line(report.name)}: {bilingual(zh, en)}, {counts}"
    return said + (f" ({one_line(bilingual(report.zh, report.en))})" if report.en else "")

"""`briefing status`: is all well, what ran last, what runs next."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual
from briefing.text.display import one_line

# Drafts that nobody approved for months would push what matters off the screen; --json has all.
_SHOWN = 10


@click.command(epilog="例 Example:  briefing status --json", short_help="各期现状、下次时刻、数据库大小")
@common.config_option
@click.option("--json", "as_json", is_flag=True, help="JSON。")
@common.output_options
def command(**options: Any) -> int:
    """各期最近一次运行、待核准的草稿、未送达的各期、下次时刻、来源情况、数据库大小。
    全部正常时退出码为 0，否则为 1。

    Last run and next time of each edition, drafts that wait, what was not delivered, sources, size of
    the store. Exit code 1 when the last run of an edition failed or a delivery needs a person.
    """
    from briefing.cli.deliver import describe
    from briefing.editions.lock import is_locked
    from briefing.editions.resending import unsettled
    from briefing.editions.watching import GOOD, last_runs
    from briefing.scheduler import next_time
    from briefing.store.database import open_store
    from briefing.store.editions import list_editions
    from briefing.store.runs import source_reports

    here = place.find_place(options["config"])
    today = here.now().date()
    with open_store(here.store_path, create=False) as store:
        lasts = last_runs(store, here)
        held = [e for e in list_editions(store, date.min, today) if e.state.value == "held"]
        last = max((r for r, _ in lasts.values() if r), key=lambda r: r.id, default=None)
        sources = list(source_reports(store, last.id).values()) if last else []
        size = store.size_bytes()
        undelivered = unsettled(store, here)
    following = {name: next_time(here, name) for name in lasts}
    running = is_locked(here.folder)
    healthy = all(run is None or run.status in GOOD for run, _ in lasts.values())
    guessed = place.warn_of_missing_calendars(here)
    healthy = healthy and not any(d.state.value in ("failed", "unclear") for d in undelivered)
    if options["as_json"]:
        common.print_json(
            {
                "healthy": healthy,
                "running": running,
                "editions": [
                    {"name": n, "last": run, "last_good_day": good.day if good else None, "next": following[n]}
                    for n, (run, good) in lasts.items()
                ],
                "held": held,
                "sources": sources,
                "deliveries": undelivered,
                "years_without_calendar": guessed,
                "store_bytes": size,
            }
        )
        return 0 if healthy else 1
    _say_editions(lasts, following)
    _say_held(held)
    for delivery in undelivered:
        click.echo(bilingual("送达", "delivery") + f": {describe(delivery)}")
    for report in sources:
        click.echo(place.describe_source(report))
    if running:
        click.echo(bilingual("正在运行", "a run is going on"))
    click.echo(bilingual("数据库", "store") + f": {size / (1 << 20):.1f} MB")
    return 0 if healthy else 1


def _say_editions(lasts: dict[str, Any], following: dict[str, Any]) -> None:
    from briefing.editions.watching import GOOD

    for name, (run, good) in lasts.items():
        said = bilingual("尚未运行", "not run yet")
        if run:
            said = f"{run.day} {bilingual(*place.STATES[run.status.value])} {one_line(run.message)}".rstrip()
        if run and run.status not in GOOD and good:
            said += bilingual(f"；上次成功 {good.day}", f"; last good {good.day}")
        then = following[name]
        later = f"{then:%Y-%m-%d %H:%M %Z}" if then else "-"
        click.echo(f"{name}: {said}; {bilingual('下次', 'next')} {later}")


def _say_held(held: list[Any]) -> None:
    if len(held) > _SHOWN:
        more = len(held) - _SHOWN
        click.echo(bilingual(f"另有更早的待核准 {more} 期", f"{more} earlier editions wait for approval"))
    for edition in held[-_SHOWN:]:
        click.echo(
            bilingual("待核准", "waits for approval") + f": {edition.edition} {edition.day} v{edition.version}"
        )

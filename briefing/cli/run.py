"""`briefing run`: today's edition from the configured sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual
from briefing.text.display import one_line

if TYPE_CHECKING:
    from briefing.editions import RunResult

_EXIT = {"ok": 0, "unchanged": 0, "partial": 3, "failed": 1, "empty": 1}


@click.command(
    epilog="例 Example:  briefing run --config /srv/briefing/briefing.toml --date 2026-11-23",
    short_help="由配置的来源做今天的一期",
)
@place.edition_option
@place.day_option
@click.option("--redo", is_flag=True, help="材料未变也重做，成为新的一版，旧版保留。A new version.")
@click.option(
    "--due",
    is_flag=True,
    help="只做已到时刻而未做的各期（供 cron）。Only what is due (for cron).",
)
@common.config_option
@click.option("--json", "as_json", is_flag=True, help="在标准输出给出结果。Result as JSON on stdout.")
@common.output_options
def command(**options: Any) -> int:
    """由 briefing.toml 中的来源做一期简报；被打断的运行从断处继续，终了仍是同一期。

    Makes the edition of a day from the configured sources; a run that was cut off is gone on with.
    """
    from briefing.editions import RunRequest, run_edition

    with place.working(options["config"]) as here:
        if options["due"]:
            return _run_due(here, options)
        request = RunRequest(options["edition"], options["day"], options["redo"])
        with common.ProgressBar(options["quiet"]) as progress:
            result = run_edition(here, request, progress)
        _tell(result, here.base, options)
        return _EXIT[result.status.value]


def _run_due(here: Any, options: dict[str, Any]) -> int:
    from briefing.editions import RunRequest, run_edition
    from briefing.editions.resending import deliver_waiting
    from briefing.scheduler import due_digests, due_slots

    deliver_waiting(here)
    worst = 0
    for slot in due_slots(here):
        with common.ProgressBar(options["quiet"]) as progress:
            result = run_edition(here, RunRequest(slot.edition, slot.day), progress)
        _tell(result, here.base, options)
        code = _EXIT[result.status.value]
        worst = code if worst == 0 or code == 1 else worst
    for slot in due_digests(here):  # after the editions that they are made of
        worst = max(worst, _make_due_digest(here, slot))
    return worst


def _make_due_digest(here: Any, slot: Any) -> int:
    from briefing.editions.digest_times import period_of
    from briefing.editions.digesting import make_digest
    from briefing.errors import BriefingError

    try:
        result = make_digest(here, period_of(slot.edition, slot.day))
    except BriefingError as err:  # the editions of this run are out all the same
        click.echo(one_line(str(err)), err=True)
        return 1
    for path in result.published.paths:
        click.echo(str(path))
    return 3 if result.published.problems else 0


def _tell(result: RunResult, base: Path, options: dict[str, Any]) -> None:
    record = result.record
    if options["as_json"]:
        common.print_json(
            {
                "status": result.status.value,
                "edition": record.edition if record else "",
                "date": record.day if record else None,
                "version": record.version if record else None,
                "issue_number": record.issue_number if record else "",
                "state": record.state.value if record else "",
                "items": record.items if record else 0,
                "files": [str(p) for p in result.paths],
                "sources": result.coverage,
                "report": result.report,
                "problems": [{"zh": zh, "en": en} for zh, en in result.problems],
            }
        )
    else:
        for path in result.paths:
            click.echo(str(path))
    if result.report:
        common.print_skips(result.report.skips)
    for zh, en in result.problems:
        click.echo(one_line(bilingual(zh, en)), err=True)
    if options["quiet"]:
        return
    for report in result.coverage:
        click.echo(place.describe_source(report), err=True)
    zh, en = place.STATES[result.status.value]
    if record is None:
        click.echo(bilingual(zh, en), err=True)
    elif record.state.value == "held":
        click.echo(
            bilingual(
                f"草稿已存（第{record.version}版，{record.items} 条），请用 briefing approve {record.day} 发出",
                f"draft held (version {record.version}, {record.items} items): briefing approve {record.day}",
            ),
            err=True,
        )
    else:
        click.echo(
            bilingual(
                f"{zh}：{record.day} 第{record.version}版，{record.items} 条",
                f"{en}: {record.day} version {record.version}, {record.items} items",
            ),
            err=True,
        )

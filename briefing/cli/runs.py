"""`briefing runs`: the latest runs."""

from __future__ import annotations

from typing import Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual
from briefing.text.display import one_line


@click.command(epilog="例 Example:  briefing runs -n 5 --json", short_help="最近的运行记录")
@click.option("-n", "count", default=10, show_default=True, type=click.IntRange(1, 1000), help="条数。")
@place.edition_option
@common.config_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON。JSON lines.")
@common.output_options
def command(**options: Any) -> int:
    """列出最近的运行：日期、结果、用时、说明。Lists the latest runs, newest first."""
    from briefing.run_tables import is_digest
    from briefing.store.database import open_store
    from briefing.store.deliveries import delivered_of_run
    from briefing.store.runs import list_runs

    here = place.find_place(options["config"])
    with open_store(here.store_path, create=False) as store:
        records = list_runs(store, options["count"], options["edition"])
        if options["edition"] and not records and not is_digest(options["edition"]):
            here.edition(options["edition"])  # a name of the configuration, or an error that lists them
        delivered = {r.id: delivered_of_run(store, r.edition, r.day, r.version or 0) for r in records}
    for record in records:
        if options["as_json"]:
            common.print_json(record)
            continue
        seconds = (record.finished_at - record.started_at).total_seconds() if record.finished_at else None
        took = f"{seconds:.0f} s" if seconds is not None else "-"
        version = f"v{record.version}" if record.version else "-"
        resumed = (
            bilingual(f"，续做{record.resumed}次", f", resumed {record.resumed}×") if record.resumed else ""
        )
        state = bilingual(*place.STATES[record.status.value])
        click.echo(
            f"{record.started_at:%Y-%m-%d %H:%M}  {record.edition} {record.day} {version}  {state}{resumed}"
            f"  {took}{_delivered(*delivered[record.id])}  {one_line(record.message)}".rstrip()
        )
    return 0


def _delivered(sent: int, queued: int) -> str:
    """How many channels have the version that a run made; "" where none was to."""
    return f"  {bilingual('送达', 'delivered')} {sent}/{queued}" if queued else ""

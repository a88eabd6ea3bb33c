"""`briefing deliver`: what waits to be sent, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual
from briefing.text.display import one_line

if TYPE_CHECKING:
    from briefing.editions.resending import Planned
    from briefing.store.deliveries import DeliveryRecord

_STATES = {
    "waiting": ("待发", "waiting"),
    "sending": ("正在发送或被打断", "sending, or cut off"),
    "sent": ("已送达", "sent"),
    "failed": ("未送达", "failed"),
    "unclear": ("结果不明", "unclear"),
    "superseded": ("已由新版取代", "superseded"),
}
_SHOWN_BYTES = 2000


@click.command(
    epilog="例 Example:  briefing deliver 2026-11-23 --channel 机关邮件 --dry-run",
    short_help="发送待发的各期与通知",
)
@click.argument("day", callback=common.parse_date, metavar="[DATE]", required=False)
@place.edition_option
@click.option("--version", default=0, metavar="N", help="哪一版，默认最新。Which version.")
@click.option("--channel", default="", metavar="NAME", help="只用这一渠道。This channel only.")
@click.option("--again", is_flag=True, help="失败、结果不明的重发。Send anew what failed or is unclear.")
@click.option("--received", is_flag=True, help="结果不明的确已收到。What is unclear has arrived.")
@click.option("--dry-run", is_flag=True, help="只显示将要发出的内容。Show what would go out.")
@click.option("--test", "testing", is_flag=True, help="向 --channel 发一条测试消息。Send a test message.")
@common.config_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON。JSON lines.")
@common.output_options
def command(**options: Any) -> int:
    """立即发送待发的内容；给出日期则发送该日一期。已送达的从不再发。

    Sends what waits, or the edition of a date, now. What has arrived is never sent again.
    """
    from briefing.editions.resending import Order, deliver, plan, send_test
    from briefing.errors import ConfigError

    order = Order(
        options["edition"], options["day"], options["version"], options["channel"], options["again"],
        options["received"],
    )  # fmt: skip
    with place.working(options["config"]) as here:
        if options["testing"]:
            if not order.channel:
                raise ConfigError("--test 须同时指明 --channel", "--test needs --channel")
            click.echo(one_line(send_test(here, order.channel)) or "ok")
            return 0
        if options["dry_run"]:
            _show(plan(here, order), as_json=options["as_json"])
            return 0
        records, problems = deliver(here, order)
    for record in records:
        if options["as_json"]:
            common.print_json(record)
        else:
            click.echo(describe(record))
    for zh, en in problems:
        click.echo(one_line(bilingual(zh, en)), err=True)
    if not records and not options["quiet"]:
        click.echo(bilingual("没有待发的内容", "nothing waits to be sent"), err=True)
    return 3 if problems else 0


def describe(record: DeliveryRecord) -> str:
    """One delivery on one line."""
    line = f"{one_line(record.about)} → {one_line(record.channel)}: {bilingual(*_STATES[record.state.value])}"
    if record.attempts > 1:
        line += bilingual(f"，第 {record.attempts} 次", f", attempt {record.attempts}")
    if record.state.value == "waiting" and record.attempts:
        line += bilingual(f"，{record.next_at:%H:%M} 再试", f", again at {record.next_at:%H:%M}")
    said = record.receipt if record.state.value == "sent" else bilingual(record.error_zh, record.error_en)
    return f"{line} ({one_line(said, 300)})" if said.strip(" /") else line


def _show(planned: list[Planned], *, as_json: bool) -> None:
    for entry in planned:
        for part in entry.parts:
            text = part.body.decode("utf-8", "replace")
            if as_json:
                common.print_json(
                    {"about": entry.record.about, "channel": entry.record.channel, "part": part.label,
                     "bytes": len(part.body), "text": text}
                )  # fmt: skip
                continue
            head = f"== {entry.record.about} → {entry.record.channel} · {part.label} · {len(part.body)} B"
            click.echo(one_line(head))
            for line in text[:_SHOWN_BYTES].splitlines():
                click.echo("  " + one_line(line))
    if not planned and not as_json:
        click.echo(bilingual("没有待发的内容", "nothing would go out"), err=True)

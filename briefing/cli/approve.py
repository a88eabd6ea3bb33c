"""`briefing approve`: a held edition goes out."""

from __future__ import annotations

import getpass
from typing import Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual
from briefing.text.display import one_line


@click.command(epilog="例 Example:  briefing approve 2026-11-23 --by 李审", short_help="核准草稿并发出")
@click.argument("day", callback=common.parse_date, metavar="DATE")
@place.edition_option
@click.option("--by", default="", metavar="NAME", help="核准人，默认登录名。Who approves.")
@common.config_option
@common.output_options
def command(**options: Any) -> int:
    """核准一期草稿（[run] draft = true），随即输出并发送；核准人与时间记入数据库。

    Approves a held edition and publishes it; who and when are recorded.
    """
    from briefing.editions import approve

    with place.working(options["config"]) as here:
        by = options["by"] or getpass.getuser()
        record, published = approve(here, options["edition"], options["day"], by)
    for path in published.paths:
        click.echo(str(path))
    for zh, en in published.problems:
        click.echo(one_line(bilingual(zh, en)), err=True)
    if not options["quiet"]:
        when = record.approved_at.isoformat(timespec="minutes") if record.approved_at else ""
        click.echo(
            bilingual(
                f"{record.day} 第{record.version}版由 {record.approved_by} 于 {when} 核准发出",
                f"{record.day} version {record.version} approved by {record.approved_by} at {when}",
            ),
            err=True,
        )
    return 3 if published.problems else 0

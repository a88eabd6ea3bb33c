"""`briefing digest`: the week, the month or any days, put together from the stored editions."""

from __future__ import annotations

from typing import Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual
from briefing.text.display import one_line


@click.command(epilog="例 Example:  briefing digest --week 2026-W47", short_help="由已刊各期汇编周报、月报")
@click.option("--week", metavar="YYYY-Www", help="一周（周一至周日），如 2026-W47。An ISO week.")
@click.option("--month", metavar="YYYY-MM", help="一个月，如 2026-11。A calendar month.")
@click.option(
    "--series",
    type=click.Choice(["weekly", "monthly"]),
    help="到 --date 为止的上一整周或上一整月。The last whole week or month before --date.",
)
@place.day_option
@click.option("--from", "since", callback=common.parse_date, metavar="DATE", help="起日。First day.")
@click.option("--to", "until", callback=common.parse_date, metavar="DATE", help="止日。Last day.")
@click.option("--redo", is_flag=True, help="内容未变也重做，成为新的一版。A new version.")
@common.config_option
@common.output_options
def command(**options: Any) -> int:
    """由数据库中已刊的各期汇编：持续关注、各领域要情、主要数据、更正、出刊与来源情况。不用模型，每句均照已刊的条目。

    Puts editions together: continuing stories, the best of each area, key figures, corrections, coverage. No
    model is used; every sentence stands as it was printed.
    """
    from briefing.editions import periods
    from briefing.editions.digest_times import period_of
    from briefing.editions.digesting import make_digest

    given = [bool(options[k]) for k in ("week", "month", "series")]
    given.append(bool(options["since"] or options["until"]))
    if sum(given) != 1 or bool(options["since"]) != bool(options["until"]):
        raise click.UsageError(
            bilingual(
                "请选 --week、--month、--series，或 --from 与 --to",
                "give --week, --month, --series, or --from with --to",
            )
        )
    if options["series"]:
        period = period_of(
            options["series"], options["day"] or place.find_place(options["config"]).now().date()
        )
    elif options["week"]:
        period = periods.week(options["week"])
    elif options["month"]:
        period = periods.month(options["month"])
    else:
        period = periods.between(options["since"], options["until"])
    with place.working(options["config"]) as here:
        result = make_digest(here, period, redo=options["redo"])
    for path in result.published.paths:
        click.echo(str(path))
    for zh, en in result.published.problems:
        click.echo(one_line(bilingual(zh, en)), err=True)
    if not options["quiet"]:
        record = result.record
        name = f"{record.edition} {record.day} v{record.version}"
        if not result.new:
            said = bilingual(f"{name} 已有，内容未变", f"{name} is there already, unchanged")
        elif record.state.value == "held":
            ask = f"briefing approve {record.day} --edition {record.edition}"
            said = bilingual(f"{name} 草稿已存，请用 {ask} 发出", f"{name} held as a draft: {ask}")
        else:
            said = bilingual(f"{name}，{record.items} 条", f"{name}, {record.items} items")
        click.echo(said, err=True)
    return 3 if result.published.problems else 0

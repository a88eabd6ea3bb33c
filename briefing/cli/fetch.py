"""`briefing fetch`: the configured sources as they answer now, to try a rule or an address."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from briefing.cli import common
from briefing.cli.language import bilingual, describe_skip
from briefing.text.display import one_line

if TYPE_CHECKING:
    from briefing.records import RawDocument, SourceReport

STATUS = {
    "fetched": ("已抓取", "fetched"),
    "unchanged": ("没有新内容", "nothing new"),
    "partial": ("部分未取到", "partial"),
    "failed": ("失败", "failed"),
}


@click.command(epilog="例 Example:  briefing fetch 安澜日报 --since 2026-11-20", short_help="试抓来源")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="所有启用的来源。Every source that is enabled.")
@click.option(
    "--date",
    "day",
    callback=common.parse_date,
    metavar="YYYY-MM-DD",
    help="简报日期，默认今天。Edition's date.",
)
@click.option(
    "--since",
    callback=common.parse_date,
    metavar="YYYY-MM-DD",
    help="只要此日以来的，默认前一天。Nothing dated before, default the day before.",
)
@click.option(
    "--jsonl",
    is_flag=True,
    help="每份一行 JSON，可交给 briefing make（每行按一篇文章读）。One JSON row a document, for briefing make.",
)
@common.config_option
@common.output_options
def command(**options: Any) -> int:
    """按配置的 [[sources]] 试抓：列出取到的每一份与未取到的原因；不记录、不影响定时运行。

    Fetches the configured sources and lists what came and what did not. Nothing is remembered, so a
    scheduled run still sees everything as new.
    """
    from briefing import app, collect
    from briefing.config import load_config
    from briefing.ingest.sources import FetchRequest

    if bool(options["names"]) == options["everything"]:
        raise click.UsageError(bilingual("请给出来源名称，或用 --all", "name sources, or use --all"))
    config = load_config(options["config"])
    tables = collect.choose_sources(config, options["names"])
    now = common.now().astimezone(ZoneInfo(config.schedule.zone))
    day = options["day"] or now.date()
    request = FetchRequest(day=day, since=options["since"] or day - timedelta(days=1), now=now)
    base = options["config"].parent if options["config"] else Path()
    around = collect.surroundings(config, app.ingest_limits(config), base)
    reports = []
    for outcome in collect.fetch_sources(tables, lambda _: request, around):
        reports.append(outcome.report)
        _print_report(outcome.report, options)
        for document in outcome.documents:
            _print_document(document, options)
    if not reports:
        click.echo(
            bilingual("没有启用的来源，请在配置中写 [[sources]]", "no source is enabled: write [[sources]]"),
            err=True,
        )
        return 1
    failed = [r for r in reports if r.status == "failed"]
    if len(failed) == len(reports):
        return 1
    return 3 if failed or any(r.skips for r in reports) else 0


def _print_report(report: SourceReport, options: dict[str, Any]) -> None:
    zh, en = STATUS[report.status]
    counts_zh = f"{report.documents} 份，已知 {report.known}，日期不符 {report.old}"
    counts_en = f"{report.documents} documents, {report.known} known, {report.old} out of date"
    line = bilingual(f"{report.name}：{zh}（{counts_zh}）", f"{report.name}: {en} ({counts_en})")
    click.echo(one_line(line), err=options["jsonl"])
    if report.zh:
        click.echo("  " + one_line(bilingual(report.zh, report.en)), err=True)
    for skip in report.skips:
        click.echo("  " + describe_skip(skip), err=True)


def _print_document(document: RawDocument, options: dict[str, Any]) -> None:
    day = document.published_on.isoformat() if document.published_on else ""
    if options["jsonl"]:
        row = {
            "id": document.source,
            "title": document.title,
            "text": document.text,
            "outlet": document.outlet,
            "url": document.url,
            "date": day,
            "page_label": document.page_label,
        }
        common.print_json(row)
        return
    if not options["quiet"]:
        title = document.title or bilingual("（无标题）", "(no headline)")
        place = " ".join(part for part in (day, document.page_label) if part)
        click.echo(f"  {place} {one_line(title, 60)}  {len(document.text)} 字".replace("   ", "  "))
        if options["verbose"]:
            click.echo(f"      {one_line(document.source)}")
            click.echo(f"      {one_line(document.text.replace(chr(10), ' '), 80)}")

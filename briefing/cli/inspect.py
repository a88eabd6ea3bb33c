"""`briefing inspect`: why an item is here, why an article was left out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import common
from briefing.cli.language import bilingual
from briefing.text.display import one_line

if TYPE_CHECKING:
    from briefing.records import Briefing, BriefingItem


@click.command(
    epilog="例 Example:  briefing inspect out/2026-11-23/briefing.json 生物医药", short_help="查原因"
)
@click.argument("path", metavar="BRIEFING.json", type=click.Path(path_type=Path))
@click.argument("query", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。Print JSON.")
@common.output_options
def command(path: Path, query: str, as_json: bool, quiet: bool, verbose: bool) -> int:
    """说明简报中某条（序号或标题中的字）的得分构成、来源与核验结果，或某篇为何未采用。

    Shows the parts of an item's score, its sources and findings, or why an article was left out.
    Without QUERY: everything, a line each.
    """
    from briefing import app

    briefing = app.read_briefing_file(path)
    items = [(n, i) for n, i in enumerate(briefing.items, 1) if _matches(query, n, i)]
    left = [x for x in briefing.left_out if query in x.title or query in x.source]
    if as_json:
        common.print_json({"items": [i for _, i in items], "left_out": left})
    else:
        for number, item in items:
            _show_item(briefing, number, item, full=bool(query) or verbose)
        for x in left:
            detail = f"，{one_line(x.detail)}" if x.detail else ""
            label = bilingual("未采用", "left out")
            click.echo(f"{label}  {one_line(x.title)}（{one_line(x.source)}）：{x.reason.value}{detail}")
    if items or left:
        return 0
    click.echo(bilingual(f"没有与“{query}”相符的条目", f"nothing matches {query!r}"), err=True)
    return 1


def _matches(query: str, number: int, item: BriefingItem) -> bool:
    if query.isdecimal():
        return int(query) == number
    titles = [item.summary.headline, *(a.title for a in item.story.articles)]
    return not query or any(query in t for t in titles)


def _show_item(briefing: Briefing, number: int, item: BriefingItem, *, full: bool) -> None:
    click.echo(f"{number}. {one_line(item.summary.headline)}  [{item.area}]  {item.score:.2f}")
    if not full:
        return
    for part in item.score_parts:
        click.echo(f"    {part.value:+.2f}  {part.name}  {one_line(part.reason)}")
    for sentence in item.summary.sentences:
        click.echo(f"    句：{one_line(sentence.text)}")
        if sentence.fallback:
            click.echo(f"        据原文（{sentence.fallback} 未通过）")
        articles = {a.id: a for a in item.story.articles}
        for ref in sentence.sources:
            if ref.article_id in articles:
                article = articles[ref.article_id]
                text = article.title if ref.part == "title" else article.text
                click.echo(f"        据：{one_line(text[ref.span.start : ref.span.end])}")
    for finding in item.findings:
        click.echo(f"    ！[{finding.severity.value} {finding.check}] {one_line(finding.message)}")
    for article in item.story.articles:
        click.echo(f"    源：{one_line(article.source)}  {one_line(article.outlet)}  {one_line(article.title)}")

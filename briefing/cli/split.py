"""`briefing split`: pages in, articles out."""

from __future__ import annotations

from typing import Any

import click

from briefing.cli import common
from briefing.cli.language import bilingual
from briefing.records import Article, RawDocument, Skip


@click.command(epilog="例 Example:  briefing split 聊城日报.txt --jsonl > articles.jsonl", short_help="拆版")
@common.inputs_argument
@click.option("--jsonl", "--json", "as_jsonl", is_flag=True, help="每篇一行 JSON。One JSON line an article.")
@click.option(
    "--dropped", is_flag=True, help="列出不属于任何文章的内容及原因。List what belongs to no article."
)
@common.config_option
@common.output_options
def command(**options: Any) -> int:
    """把整版文字（报头、多篇文章、错位标题、断栏）拆成一篇篇文章。

    Cuts whole pages into articles: headline, kicker, subtitle, byline, body, and where each stands.
    """
    from briefing import app
    from briefing.config import load_config

    moment = app.Moment(common.now().date(), common.now())
    stdin = common.read_stdin(options["inputs"])
    found = failed = 0
    with common.ProgressBar(options["quiet"] or not options["as_jsonl"]) as progress:
        results = app.split_inputs(
            options["inputs"], load_config(options["config"]), moment, stdin=stdin, progress=progress
        )
        for result in results:
            if isinstance(result, Skip):
                failed += 1
                common.print_skips([result])
                continue
            document, segmented = result
            for article in segmented.articles:
                found += 1
                _print_article(document, article, options)
            if options["dropped"]:
                for block in segmented.dropped:
                    click.echo(f"  [{block.reason.value}] {_shown(block.text)}", err=options["as_jsonl"])
    if not found:
        return 1
    return 3 if failed else 0


def _print_article(document: RawDocument, article: Article, options: dict[str, Any]) -> None:
    from briefing import app

    if options["as_jsonl"]:
        common.print_json(
            {
                "source": document.source,
                "title": article.title,
                "kicker": article.kicker,
                "subtitle": article.subtitle,
                "byline": article.byline,
                "body": article.text,
                "caption": article.caption,
                "origin": [[s.start, s.end] for s in app.origin_spans(document, article)],
                "head_origin": [[s.start, s.end] for s in article.head_origin],
            }
        )
        return
    title = article.title or bilingual("（无标题）", "(no headline)")
    caption = bilingual("［图片说明］", "[caption] ") if article.caption else ""
    click.echo(f"{caption}{_shown(title)}")
    if not options["quiet"]:
        for label, value in (("肩题", article.kicker), ("副题", article.subtitle), ("记者", article.byline)):
            if value:
                click.echo(f"    {label}：{_shown(value)}")
        click.echo(f"    {len(article.text)} 字：{_shown(article.text, 60)}")


def _shown(text: str, max_chars: int = 0) -> str:
    from briefing.text.display import one_line

    return one_line(text.replace("\n", " "), max_chars)

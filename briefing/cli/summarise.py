"""`briefing summarise`: articles in, one checked summary each out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli import common
from briefing.records import Skip

if TYPE_CHECKING:
    from briefing.app import Condensed


@click.command(
    epilog="例 Example:  briefing summarise articles.jsonl --jsonl --max-chars 120 > summaries.jsonl",
    short_help="摘要",
)
@common.inputs_argument
@click.option("--jsonl", "--json", "as_jsonl", is_flag=True, help="每篇一行 JSON。One JSON line an article.")
@common.engine_option
@common.model_option
@common.max_chars_option
@click.option(
    "--jobs",
    type=click.IntRange(0, 64),
    default=0,
    metavar="N",
    help="并行的进程数；0 为每核一个，文章少或用自备模型时一个。Processes; 0: one a core where it pays.",
)
@common.config_option
@common.output_options
def command(**options: Any) -> int:
    """为每篇文章写摘要、拟标题、判定领域与重要度，并逐句核验。

    Condenses and checks each article on its own. Input: JSONL rows {"id", "title", "text"} (title may
    be empty), or anything that `make` reads. Output keeps the order, one line an article.
    """
    from briefing import app
    from briefing.config import load_config
    from briefing.parallel import worker_count

    config = load_config(
        options["config"], flags={"summary": {k: options[k] for k in ("engine", "model", "max_chars")}}
    )
    moment = app.Moment(common.now().date(), common.now())
    stdin = common.read_stdin(options["inputs"])
    done = failed = 0
    with common.ProgressBar(options["quiet"] or not options["as_jsonl"]) as progress:
        results = app.summarise_inputs(
            options["inputs"],
            config,
            moment,
            stdin=stdin,
            progress=progress,
            jobs=worker_count(config, options["jobs"]),
        )
        for result in results:
            if isinstance(result, Skip):
                failed += 1
                common.print_skips([result])
                if options["as_jsonl"] and result.stage != app.PARTLY_READ:
                    common.print_json(_failed_row(result))
                continue
            done += 1
            if options["as_jsonl"]:
                common.print_json(_row(result))
            else:
                _show(result)
    if not done:
        return 1
    return 3 if failed else 0


def _failed_row(skip: Skip) -> dict[str, Any]:
    """A row with every key of the contract, empty, so that whoever reads the lines need not special-case it."""
    return {
        "id": skip.source if skip.row_id == "" else skip.row_id,
        "headline": "",
        "summary": "",
        "sentences": [],
        "findings": [],
        "topic": "",
        "importance": None,
        "engine": "",
        "insufficient": True,
        "error": {"zh": skip.zh, "en": skip.en},
    }


def _row(condensed: Condensed) -> dict[str, Any]:
    from briefing import app

    summary = condensed.summary
    return {
        "id": condensed.article.id if condensed.document.row_id == "" else condensed.document.row_id,
        "headline": summary.headline,
        "summary": summary.text,
        "sentences": [
            {
                "text": s.text,
                "sources": [[x.start, x.end] for x in app.row_spans(condensed, s.sources)],
                "fallback": s.fallback,
            }
            for s in summary.sentences
        ],
        "findings": [
            {
                "check": f.check,
                "severity": f.severity,
                "sentence": f.sentence,
                "span": [f.span.start, f.span.end],
                "message": f.message,
                "evidence": [[x.start, x.end] for x in app.row_spans(condensed, f.evidence)],
            }
            for f in condensed.findings
        ],
        "topic": condensed.classification.area,
        "importance": round(condensed.classification.importance, 2),
        "engine": summary.engine,
        "insufficient": summary.insufficient,
    }


def _show(condensed: Condensed) -> None:
    from briefing.text.display import one_line

    summary = condensed.summary
    click.echo(f"{one_line(summary.headline)}  [{condensed.classification.area}]")
    click.echo(f"    {one_line(summary.text)}")
    for finding in condensed.findings:
        click.echo(f"    ！{finding.check}：{one_line(finding.message)}")

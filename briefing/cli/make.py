"""`briefing make`: inputs in, one edition of the briefing out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import common
from briefing.cli.language import bilingual

if TYPE_CHECKING:
    from briefing.records import Briefing, RunReport


@click.command(
    epilog="例 Example:  briefing make 报纸/ 公告.docx --date 2026-11-23 --out out --format md,html",
    short_help="生成简报",
)
@common.inputs_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("out"),
    show_default=True,
    help="输出目录，文件写在 DIR/日期/ 下。Files go into DIR/<date>/.",
)
@click.option(
    "--date", "day", callback=common.parse_date, metavar="YYYY-MM-DD", help="简报日期，默认今天。Edition date."
)
@click.option(
    "--format", "formats", default="md,html,json", show_default=True, help="输出格式，逗号分隔。Formats."
)
@click.option("--title", help="简报名称。Masthead.")
@click.option("--office", help="编印单位。Compiling office.")
@click.option("--issue", "issue_number", help="期号。Issue number, printed as given.")
@click.option(
    "--outlet", default="", help="输入未注明时的报刊名，如 聊城日报。Outlet of inputs that do not name one."
)
@click.option(
    "--published",
    callback=common.parse_date,
    metavar="YYYY-MM-DD",
    help="输入未注明时的见报日期。Publication date of inputs that do not state one.",
)
@click.option("--page", "page_label", default="", help="输入未注明时的版次，如 第2版。Page label likewise.")
@click.option("--max-items", type=int, metavar="N", help="最多条数。Items at most.")
@common.engine_option
@common.model_option
@common.max_chars_option
@click.option(
    "--jobs",
    type=click.IntRange(0, 64),
    metavar="N",
    help="写摘要的进程数；0 为自动。Processes that write summaries; 0: as it pays.",
)
@common.config_option
@click.option(
    "--template", type=click.Path(path_type=Path), metavar="DIR", help="自己的模板目录。Your own templates."
)
@click.option(
    "--clean", is_flag=True, help="清样：不印核验提示、溯源与附录。Without traces, findings, appendices."
)
@common.layout_option
@click.option(
    "--supplement",
    type=click.IntRange(min=1),
    metavar="N",
    help="当日第 N 期增刊，另行编号，另存一个文件夹。The day's Nth supplement, in a folder of its own.",
)
@click.option("--force", is_flag=True, help="覆盖人工改过的文件。Overwrite edited files.")
@click.option("--json", "as_json", is_flag=True, help="在标准输出给出运行报告。Run report as JSON on stdout.")
@common.output_options
def command(**options: Any) -> int:
    """把报纸整版、网页、Word、PDF、文件夹或标准输入（-）做成一期简报。

    Makes one edition of the briefing from files, folders, globs or standard input (-).
    """
    from briefing import app, issuing
    from briefing.deliver.folder import write_folder
    from briefing.pipeline import Defaults
    from briefing.records import RunStatus
    from briefing.render import RenderOptions

    formats = [f.strip() for f in options["formats"].split(",") if f.strip()]
    app.check_formats(formats)
    moment = app.Moment(options["day"] or date.today(), common.now())
    config = _config(options)
    nth = (options["supplement"] or 1) if config.layout.supplement else 0
    folder = options["out"] / issuing.folder_name(moment.date, nth)
    stdin = common.read_stdin(options["inputs"])
    with common.ProgressBar(options["quiet"]) as progress:
        made, report = app.make_briefing(
            options["inputs"],
            config,
            moment,
            defaults=Defaults(options["outlet"], options["published"], options["page_label"]),
            stdin=stdin,
            progress=progress,
        )
    chosen = RenderOptions(options["template"], options["clean"], config.layout.name)
    with issuing.numbered(made, config, folder, moment.now, nth) as made:
        rendered, failed = issuing.render_possible(made, formats, chosen)
        paths = write_folder(rendered, folder, force=options["force"])
    if failed:
        report = replace(report, status=RunStatus.PARTIAL, skips=(*report.skips, *failed))
    _tell(made, report, paths, issuing.pending(made, chosen), options)
    return common.EXIT_CODES[report.status]


def _config(options: dict[str, Any]) -> Any:
    from briefing.config import load_config

    return load_config(
        options["config"],
        flags={
            "briefing": {k: options[k] for k in ("title", "office", "issue_number")},
            "layout": {"name": options["layout"], "supplement": True if options["supplement"] else None},
            "summary": {k: options[k] for k in ("engine", "model", "max_chars", "jobs")},
            "limits": {"max_items": options["max_items"]},
        },
    )


def _tell(
    made: Briefing,
    report: RunReport,
    paths: list[Path],
    pending: tuple[tuple[str, str], ...],
    options: dict[str, Any],
) -> None:
    common.print_skips(report.skips)
    if options["as_json"]:
        common.print_json(
            {
                "status": report.status,
                "files": [str(p) for p in paths],
                "report": report,
                "left_out": made.left_out,
                "issue_number": made.issue_number,
                "pending": [{"zh": zh, "key": key} for zh, key in pending],
            }
        )
    else:
        for path in paths:
            click.echo(str(path))
    if options["quiet"]:
        return
    counts = dict(report.counts)
    click.echo(
        bilingual(
            f"{counts['documents']} 份材料，{counts['articles']} 篇文章，采用 {counts['items']} 条，"
            f"未采用 {len(made.left_out)} 篇（原因见附录）",
            f"{counts['documents']} documents, {counts['articles']} articles, {counts['items']} items, "
            f"{len(made.left_out)} left out (why: see the appendix)",
        ),
        err=True,
    )
    if "sentences_replaced" in counts:
        click.echo(
            bilingual(
                f"{counts['sentences']} 句中 {counts['sentences_replaced']} 句因模型所写未通过核验换成原文句；"
                f"{counts['items_extracted']} 条整条改用原文摘取",
                f"{counts['sentences_replaced']} of {counts['sentences']} sentences are the source's own: "
                f"the model's failed a check. {counts['items_extracted']} items are wholly extracted",
            ),
            err=True,
        )
    common.print_pending(pending)
    if options["verbose"]:
        for name, seconds in report.seconds:
            click.echo(f"  {name}: {seconds:.2f} s", err=True)

"""`briefing render`: a briefing.json in, any format out, without models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from briefing.cli import common


@click.command(
    epilog="例 Example:  briefing render out/2026-11-23/briefing.json --format html --template 我的模板/",
    short_help="重新输出",
)
@click.argument("path", metavar="BRIEFING.json", type=click.Path(path_type=Path))
@click.option("--format", "formats", default="md,html", show_default=True, help="输出格式，逗号分隔。Formats.")
@click.option("--out", type=click.Path(path_type=Path), help="输出目录，默认与 BRIEFING.json 同目录。Folder.")
@click.option(
    "--template", type=click.Path(path_type=Path), metavar="DIR", help="自己的模板目录。Your own templates."
)
@click.option(
    "--clean", is_flag=True, help="清样：不印核验提示、溯源与附录。Without traces, findings, appendices."
)
@common.layout_option
@click.option("--force", is_flag=True, help="覆盖人工改过的文件。Overwrite edited files.")
@common.output_options
def command(path: Path, **options: Any) -> int:
    """由 briefing.json（可人工改过）重新输出；改过的句子会重新核验。

    Renders a briefing.json again. The checks run again too, so the findings printed are those of the
    words printed.
    """
    from briefing import app, issuing
    from briefing.deliver.folder import write_folder
    from briefing.render import RenderOptions

    formats = [f.strip() for f in options["formats"].split(",") if f.strip()]
    app.check_formats(formats)
    briefing = app.check_briefing(app.read_briefing_file(path))
    chosen = RenderOptions(options["template"], options["clean"], options["layout"] or "")
    rendered, failed = issuing.render_possible(briefing, formats, chosen)
    for written in write_folder(rendered, options["out"] or path.parent, force=options["force"]):
        click.echo(str(written))
    common.print_skips(failed)
    if not options["quiet"]:
        common.print_pending(issuing.pending(briefing, chosen))
    return 3 if failed else 0

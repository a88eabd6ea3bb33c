"""`briefing check`: a briefing or summaries in, findings out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from briefing.cli import common
from briefing.cli.language import bilingual


@click.command(epilog="例 Example:  briefing check out/2026-11-23/briefing.json", short_help="核验")
@click.argument("path", metavar="BRIEFING.json", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每个发现一行 JSON。One JSON line a finding.")
@common.output_options
def command(path: Path, as_json: bool, quiet: bool, verbose: bool) -> int:
    """逐句核对简报中的数字、日期、人名、机构、文件、拟/将/已、否定、引语是否有原文依据。

    Proves each summary sentence against its source, also after somebody edited the briefing.json.
    Exit code 1 when a sentence may not be printed as it stands.
    """
    from briefing import app
    from briefing.text.display import one_line

    checked = app.check_briefing(app.read_briefing_file(path))
    sentences = errors = 0
    for number, item in enumerate(checked.items, 1):
        sentences += len(item.summary.sentences)
        errors += app.has_errors(item.findings)
        for finding in item.findings:
            if as_json:
                common.print_json({"item": number, "headline": item.summary.headline, **_plain(finding)})
                continue
            click.echo(
                f"{number}. {one_line(item.summary.headline, 30)} "
                f"[{finding.severity.value} {finding.check}] {one_line(finding.message)}"
            )
    if not quiet:
        click.echo(
            bilingual(
                f"{len(checked.items)} 条、{sentences} 句：{errors} 条有误"
                if errors
                else f"{len(checked.items)} 条、{sentences} 句，均有原文依据",
                f"{len(checked.items)} items, {sentences} sentences, {errors} items with errors",
            ),
            err=True,
        )
    return 1 if errors else 0


def _plain(finding: Any) -> dict[str, Any]:
    from briefing.json_form import to_builtins

    plain: dict[str, Any] = to_builtins(finding)
    return plain

"""`briefing doctor`: what printed briefings need, what of it is here, how to get the rest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import common
from briefing.cli.language import bilingual
from briefing.text.display import one_line

if TYPE_CHECKING:
    from briefing.doctor import Diagnosis, Part

_SIGNS = {"ok": "✓", "stand-in": "≈", "missing": "✗"}


@click.command(epilog="例 Example:  briefing doctor out/2026-11-23/briefing.json", short_help="查字体与组件")
@click.argument("path", metavar="[BRIEFING.json]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("out"),
    show_default=True,
    help="要写入的输出目录。Folder to be written to.",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。Print JSON.")
@common.output_options
def command(path: Path | None, out: Path, as_json: bool, quiet: bool, verbose: bool) -> int:
    """检查印制简报所需的字体、组件与目录；给出 BRIEFING.json 时，列出其中没有字体能印的字。

    Says which fonts stand in for the office's own, which characters of BRIEFING.json no font can print,
    which libraries are missing, and the one command that installs them. Exit code 1 when something needed
    is missing.
    """
    from briefing import app, doctor
    from briefing.render import RenderOptions

    text = ""
    if path is not None:
        briefing = app.read_briefing_file(path)
        text = app.render(briefing, ["md"], RenderOptions())[0].body.decode()
    found = doctor.examine(text, out)
    if as_json:
        common.print_json({"usable": found.usable, "install": found.install, "found": found})
    else:
        _show(found, quiet=quiet)
    return 0 if found.usable else 1


def _show(found: Diagnosis, *, quiet: bool) -> None:
    for heading, parts in (
        (("字体", "fonts"), found.fonts),
        (("文字", "characters"), found.characters),
        (("组件", "libraries"), found.libraries),
        (("输出目录", "output folder"), (found.output,)),
    ):
        shown = [p for p in parts if not quiet or p.lacking]
        if shown:
            click.echo(bilingual(*heading))
            _show_parts(shown)
    if found.usable:
        click.echo(bilingual("可以印制", "ready to print"))
    elif found.install:
        click.echo(bilingual("补齐所缺", "to install what is missing") + f":\n  {found.install}")


def _show_parts(parts: Iterable[Part]) -> None:
    for part in parts:
        sign = _SIGNS[part.state] if part.needed or part.state == "ok" else "–"
        zh, en = (part.zh, part.en) if part.needed else (f"{part.zh}（选用）", f"{part.en} (optional)")
        click.echo(f"  {sign} {one_line(part.name)}  {one_line(bilingual(zh, en))}")

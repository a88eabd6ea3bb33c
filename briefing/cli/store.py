"""`briefing store`: copy, compact and take editions out of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual


@click.group(short_help="数据库的备份、整理与导出")
def command() -> None:
    """数据库的备份、整理与导出。Backup, vacuum and export of the store."""


@command.command("backup", epilog="例 Example:  briefing store backup /backup/briefing.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@common.config_option
def backup_command(file: Path, config: Path | None) -> int:
    """把数据库完整地复制为 FILE，运行中也可以；复制后检查完好才就位。

    Copies the store to FILE, also while a run is going on; it is checked before it takes its place.
    """
    from briefing.store.database import open_store

    with open_store(place.find_place(config).store_path, create=False) as store:
        store.backup(file)
    click.echo(str(file))
    return 0


@command.command("vacuum")
@common.config_option
def vacuum_command(config: Path | None) -> int:
    """整理数据库，把空余还给磁盘。Gives unused space back to the disk."""
    from briefing.editions.lock import run_lock
    from briefing.store.database import open_store

    here = place.find_place(config)
    with open_store(here.store_path, create=False) as store, run_lock(here.folder, here.now()):
        before, after = store.vacuum()
    click.echo(f"{before / (1 << 20):.1f} MB -> {after / (1 << 20):.1f} MB")
    return 0


@command.command(
    "export", epilog="例 Example:  briefing store export 2026-11-23 --version 1 --out old --format md,json"
)
@click.argument("day", callback=common.parse_date, metavar="DATE")
@place.edition_option
@click.option("--version", default=0, type=click.IntRange(0), help="第几版，默认最新。Version.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("export"), show_default=True, help="目录。Folder."
)
@click.option("--format", "formats", default="json", show_default=True, help="格式，逗号分隔。Formats.")
@click.option("--force", is_flag=True, help="覆盖人工改过的文件。Overwrite edited files.")
@common.config_option
def export_command(**options: Any) -> int:
    """取出任何一期的任何一版。Takes any version of any edition out of the store."""
    from briefing import app
    from briefing.deliver.folder import write_folder
    from briefing.errors import StoreError
    from briefing.render import RenderOptions
    from briefing.store.database import open_store
    from briefing.store.editions import find_edition, list_versions, load_edition

    here = place.find_place(options["config"])
    name = here.edition(options["edition"]).name
    formats = [f.strip() for f in options["formats"].split(",") if f.strip()]
    app.check_formats(formats)
    with open_store(here.store_path, create=False) as store:
        record = find_edition(store, name, options["day"], options["version"])
        if record is None:
            versions = ", ".join(str(v.version) for v in list_versions(store, name, options["day"]))
            raise StoreError(
                f"没有这一期或这一版；该日有第 {versions or '—'} 版",
                f"no such edition or version; versions of that date: {versions or 'none'}",
                source=f"{name} {options['day']}",
            )
        briefing = load_edition(store, record)
    for path in write_folder(
        app.render(briefing, formats, RenderOptions()), options["out"], force=options["force"]
    ):
        click.echo(str(path))
    click.echo(bilingual(f"第{record.version}版", f"version {record.version}"), err=True)
    return 0

"""`briefing schedule`: makes every edition at its time; writes the units that start it."""

from __future__ import annotations

import shlex
import signal
import sys
from pathlib import Path
from typing import Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual

UNIT_NAME = "briefing.service"


@click.group(
    invoke_without_command=True,
    epilog="例 Example:  briefing schedule --config /srv/briefing/briefing.toml",
    short_help="按日程持续出刊",
)
@common.config_option
@click.pass_context
def command(context: click.Context, config: Path | None) -> int | None:
    """按 [schedule] 与 [[editions]] 持续出刊，直到收到 SIGTERM 或 Ctrl-C；停机后补做一次。

    Makes every edition at its time, until SIGTERM or Ctrl-C; after downtime each edition is caught up once.
    """
    if context.invoked_subcommand is not None:
        context.obj = config
        return None
    from briefing.config import FILE_NAME
    from briefing.scheduler import ProcessRunner, Service

    path = (config or Path(FILE_NAME)).resolve()
    with place.working(config) as here:
        runner = ProcessRunner(path, here.config.schedule.hard_limit_minutes)
        service = Service(here, runner)

        def stop(number: int, frame: object) -> None:
            service.stopping.set()
            runner.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        here.observe("serving", {"editions": ",".join(e.name for e in here.config.editions)})
        _show_next(here)
        service.serve()
        here.observe("stopped", {})
    click.echo(bilingual("已停止", "stopped"), err=True)
    return 0


def _show_next(here: Any) -> None:
    from briefing.editions.digest_times import scheduled
    from briefing.scheduler import next_time

    for name in (*(e.name for e in here.config.editions), *scheduled(here.config.digest)):
        then = next_time(here, name)
        click.echo(f"{name}: {bilingual('下次', 'next')} {then:%Y-%m-%d %H:%M %Z}" if then else name)
    place.warn_of_missing_calendars(here)


@command.command("status")
@click.pass_obj
def status_command(config: Path | None) -> int:
    """各期与周报、月报的上次运行与下次时刻。Last and next run of each edition and digest."""
    from briefing.editions.digest_times import scheduled
    from briefing.store.database import open_store
    from briefing.store.runs import list_runs

    here = place.find_place(config)
    if here.store_path.is_file():
        with open_store(here.store_path) as store:
            for name in (*(e.name for e in here.config.editions), *scheduled(here.config.digest)):
                for run in list_runs(store, 1, name):
                    state = bilingual(*place.STATES[run.status.value])
                    click.echo(f"{name}: {bilingual('上次', 'last')} {run.started_at:%Y-%m-%d %H:%M} {state}")
    _show_next(here)
    return 0


@command.command(
    "install", epilog="例 Example:  briefing schedule --config /srv/b/briefing.toml install --systemd --write"
)
@click.option("--systemd", "kind", flag_value="systemd", help="systemd 用户服务。A systemd user unit.")
@click.option("--cron", "kind", flag_value="cron", help="crontab 的一行。A line of a crontab.")
@click.option(
    "--write",
    is_flag=True,
    help="写入 ~/.config/systemd/user/。Install the unit.",
)
@click.pass_obj
def install_command(config: Path | None, kind: str | None, write: bool) -> int:
    """显示或安装开机自启的单元；内容取自当前的程序与配置路径。Shows or installs what starts the service."""
    from briefing.config import FILE_NAME, load_config

    path = (config or Path(FILE_NAME)).resolve()
    load_config(path)
    if kind == "cron":
        if write:
            raise click.UsageError(
                bilingual("--write 只用于 --systemd；crontab 请自行加入", "--write goes with --systemd only")
            )
        click.echo(cron_line(path))
    elif kind == "systemd":
        unit = systemd_unit(path)
        if not write:
            click.echo(unit, nl=False)
            return 0
        target = Path.home() / ".config" / "systemd" / "user" / UNIT_NAME
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(unit, "utf-8")
        click.echo(str(target))
        enable = f"systemctl --user daemon-reload && systemctl --user enable --now {UNIT_NAME}"
        click.echo(bilingual(f"启用：{enable}", f"enable: {enable}"), err=True)
    else:
        raise click.UsageError(bilingual("请选 --systemd 或 --cron", "choose --systemd or --cron"))
    return 0


def systemd_unit(config: Path) -> str:
    """A user unit that keeps `briefing schedule` running. Paths are quoted for systemd."""
    return f"""[Unit]
Description=Daily policy briefing
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
WorkingDirectory={_escape(str(config.parent))}
ExecStart={_quote(sys.executable)} -m briefing schedule --config {_quote(str(config))}
Restart=on-failure
RestartSec=60
TimeoutStopSec=60
Nice=10
NoNewPrivileges=yes
UMask=0027

[Install]
WantedBy=default.target
"""


def _escape(path: str) -> str:
    return path.replace("%", "%%")


def _quote(word: str) -> str:
    """systemd.syntax(7): double quotes; %, $, quotes and backslashes are special."""
    escaped = _escape(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'


def cron_line(config: Path) -> str:
    """Every ten minutes what is due, if anything: working days and catching up are the program's own."""
    words = [sys.executable, "-m", "briefing", "run", "--due", "--quiet", "--config", str(config)]
    return "*/10 * * * * " + shlex.join(words).replace("%", "\\%")

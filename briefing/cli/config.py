"""`briefing config`: is the configuration right, and what is in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from briefing.cli import common, place
from briefing.cli.language import bilingual


@click.group(short_help="检查与显示配置")
def command() -> None:
    """检查与显示配置。Checks and shows the configuration."""


@command.command("check", epilog="例 Example:  briefing config check --config /srv/briefing/briefing.toml")
@common.config_option
def check_command(config: Path | None) -> int:
    """检查配置：未知的键、错误的类型、不可能的值、来源规则、版式、节假日文件，密码能否读到。错误时退出码为 2。

    Checks keys, types, values, source rules, layout, calendar, and that every secret can be read; exit code 2
    when something is wrong. Run it as the user, and with the environment, of the scheduled run.
    """
    import contextlib

    from briefing import app
    from briefing.editions.working_days import calendar_of
    from briefing.secret_values import missing_secrets

    here = place.find_place(config)
    with contextlib.chdir(here.base):
        app.check_formats(here.config.run.formats)
        app.check_layout(here.config)
        calendar_of(here)
        problems = [
            p for t in here.config.sources if t.enabled for p in missing_secrets(t, f"sources.{t.name}")
        ]
        problems += [
            p for t in here.config.deliver if t.enabled for p in missing_secrets(t, f"deliver.{t.name}")
        ]
        count = 0
        if here.config.sources:
            count = len({s.name for e in here.config.editions for s in here.sources_of(e)})
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        return 2
    click.echo(
        bilingual(
            f"配置无误：{len(here.config.editions)} 期，{count} 个来源",
            f"the configuration is right: {len(here.config.editions)} editions, {count} sources",
        )
    )
    if not count:
        click.echo(bilingual("尚未配置来源 [[sources]]", "no [[sources]] yet"), err=True)
    return 0


@command.command("show")
@common.config_option
@click.option("--schema", is_flag=True, help="输出 JSON Schema。The JSON schema instead.")
def show_command(config: Path | None, schema: bool) -> int:
    """显示生效的配置（默认值、文件、环境变量合并之后），JSON 格式；密码从不在其中。

    Shows the configuration in force as JSON; secrets are never in it.
    """
    from briefing.config import config_schema, load_config

    value: Any = config_schema() if schema else load_config(config)
    common.print_json(value)
    return 0

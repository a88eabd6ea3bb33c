"""The command line: arguments in, `app` called, results and exit codes out. One file a command.

Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 partial.
"""

from __future__ import annotations

import importlib
import signal
import sys
from typing import Any

import click

from briefing import __version__
from briefing.cli.language import bilingual, describe, describe_usage
from briefing.errors import BriefingError, ConfigError, NothingToPrintError
from briefing.text.display import one_line

OK, FAILED, USAGE, PARTIAL = 0, 1, 2, 3
INTERRUPTED = 130

# Command -> module. Modules are imported when their command is called, so `--help` stays instant;
# their first docstring line is the command's short help and is repeated here for the same reason.
COMMANDS = {
    "make": "从报纸、网页、文档生成一期简报。Make a briefing from pages, web pages and office files.",
    "split": "把整版文字拆成一篇篇文章。Cut pages into their articles.",
    "summarise": "为每篇文章写摘要并核验。Condense and check each article.",
    "check": "核验一期简报（含人工改过的）。Check a briefing, edited by hand or not.",
    "fetch": "试抓配置中的来源，不作记录。Fetch configured sources by hand; nothing is remembered.",
    "render": "由 briefing.json 重新输出各种格式。Render a briefing.json again.",
    "models": "管理自备的大模型。Register, verify and fetch larger models of your own.",
    "init": "写出一份带说明的 briefing.toml。Write a commented briefing.toml.",
    "config": "检查与显示配置。Check and show the configuration.",
    "run": "由配置的来源做今天的一期。Make the edition of a day from the configured sources.",
    "digest": "由已刊各期汇编周报、月报。Digest of a week, a month or any days.",
    "schedule": "按日程持续出刊。Make every edition at its time.",
    "approve": "核准草稿并发出。Approve a held edition and publish it.",
    "deliver": "发送待发的各期与通知。Send what waits to be delivered.",
    "status": "各期现状与下次时刻。State of each edition, and what is next.",
    "runs": "最近的运行记录。The latest runs.",
    "store": "数据库的备份、整理与导出。Backup, vacuum and export of the store.",
    "inspect": "说明某条为何入选、为何未采用。Say why an item is in or was left out.",
    "doctor": "检查印制所需的字体与组件。Check the fonts and libraries that printing needs.",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"briefing.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令 Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and name not in COMMANDS:
            known = ", ".join(COMMANDS)
            ctx.fail(bilingual(f"没有命令 {name}；可用：{known}", f"no command {name}; choose one of {known}"))
        return super().resolve_command(ctx, args)


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="例 Example:  briefing make samples/liaocheng-daily-page.txt",
)
@click.version_option(__version__, "-V", "--version", message="briefing %(version)s")
def group() -> None:
    """把中文新闻与政策材料做成经过核验、可溯源的每日政策简报。

    Turns Chinese news and policy text into a checked, source-traced daily policy briefing.
    """


def main(args: list[str] | None = None) -> None:
    """Entry point of the `briefing` program: runs a command and exits with its code."""
    sys.exit(run(args))


def run(args: list[str] | None = None) -> int:
    """Run one command and return its exit code; every foreseen failure is one line on stderr."""
    # Scheduled jobs are stopped with SIGTERM: treat it like Ctrl-C, so that temporary files go.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code: Any = group.main(args=args, prog_name="briefing", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as err:
        click.echo(describe_usage(err), err=True)
        return USAGE
    except BriefingError as err:
        click.echo(describe(err), err=True)
        if isinstance(err, NothingToPrintError):
            for reason in err.reasons:
                click.echo("  " + one_line(bilingual(*reason)), err=True)
        return USAGE if isinstance(err, ConfigError) else FAILED
    except (click.Abort, KeyboardInterrupt):
        click.echo(
            bilingual("已中断，没有留下不完整的文件", "interrupted, nothing half-written is left"), err=True
        )
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has what it wanted.
        sys.stderr.close()
        return OK
    return code if isinstance(code, int) else OK


def _interrupt(signal_number: int, frame: object) -> None:
    raise KeyboardInterrupt

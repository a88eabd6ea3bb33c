"""What several commands share: options, the clock, standard input, progress, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from briefing.cli.language import bilingual, describe_skip
from briefing.records import RunStatus, Skip

F = TypeVar("F", bound=Callable[..., Any])

EXIT_CODES = {RunStatus.OK: 0, RunStatus.FAILED: 1, RunStatus.PARTIAL: 3}
STAGE_NAMES = {
    "read": ("读取", "reading"),
    "summarise": ("摘要", "summarising"),
    "check": ("核验", "checking"),
}

inputs_argument = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="配置文件，默认当前目录的 briefing.toml。Configuration file.",
)
engine_option = click.option(
    "--engine",
    metavar="NAME",
    help="摘要引擎 clauses|extract|lead，自备模型 seq2seq|instruct|server。Summariser.",
)
model_option = click.option(
    "--model",
    metavar="NAME|DIR",
    help="自备的模型：登记名或文件夹（briefing models）。A model of your own.",
)
max_chars_option = click.option(
    "--max-chars", type=int, metavar="N", help="每条摘要字数上限，默认 150。Limit of a summary."
)


layout_option = click.option(
    "--layout",
    metavar="NAME|DIR",
    help="版式：daily 每日要情、topic 信息专报、opinion 舆情快报、digest 要闻摘编，或自备版式的目录。Layout.",
)


def output_options(function: F) -> F:
    """`-q` and `-v`, which every command takes."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="只输出结果与错误。Results and errors only.")
    verbose = click.option("-v", "--verbose", is_flag=True, help="输出各阶段用时等。Timings and counts too.")
    return quiet(verbose(function))


def read_stdin(inputs: tuple[str, ...]) -> bytes | None:
    """Standard input where "-" is among the inputs."""
    if "-" not in inputs:
        return None
    from briefing.ingest import read_stdin as read

    return read(sys.stdin.buffer)


def now() -> datetime:
    """The clock is read here and nowhere below."""
    return datetime.now().astimezone()


def parse_date(ctx: click.Context, option: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as err:
        raise click.BadParameter(
            bilingual(f"{value!r} 不是日期，应如 2026-11-23", f"{value!r} is no date: write it as 2026-11-23")
        ) from err


class ProgressBar:
    """Progress on stderr with n/N and the time left; silent when quiet or when stderr is no terminal."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._bar: Any = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._quiet:
            return
        if stage != self._stage or self._bar is None:
            from tqdm import tqdm

            self.close()
            self._bar = tqdm(total=total or None, desc=bilingual(*STAGE_NAMES[stage]), leave=False)
            self._stage = stage
        self._bar.total = total or None
        self._bar.n = done
        self._bar.refresh()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def print_skips(skips: Iterable[Skip]) -> None:
    for skip in skips:
        click.echo(describe_skip(skip), err=True)


def print_pending(pending: Iterable[tuple[str, str]]) -> None:
    """What the issue prints 【待补】 for, with the key that fills it in."""
    if pending:
        text, keys = "、".join(f"{zh} {key}" for zh, key in pending), ", ".join(key for _, key in pending)
        click.echo(
            bilingual(f"印作【待补】：{text}", f"printed as 【待补】, to be filled in: {keys}"), err=True
        )


def print_json(value: Any) -> None:
    """One line of JSON on stdout, Chinese unescaped."""
    from briefing.json_form import to_json

    sys.stdout.buffer.write(to_json(value) + b"\n")
    sys.stdout.buffer.flush()

"""Messages in Chinese, English, or both: `BRIEFING_LANG` (zh, en), else the locale, else both."""

from __future__ import annotations

import os

import click

from briefing.errors import BriefingError
from briefing.records import Skip
from briefing.text.display import one_line


def language() -> str:
    """ "zh", "en", or "" for both."""
    for name in ("BRIEFING_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value.startswith(("zh", "en")):
            return value[:2]
    return ""


def bilingual(zh: str, en: str) -> str:
    chosen = language()
    return {"zh": zh, "en": en}.get(chosen, f"{zh} / {en}")


def describe(err: BriefingError) -> str:
    """One error for a person: what, which input, what to do."""
    return _label("错误", "error") + _named(err.source, bilingual(err.zh, err.en))


def describe_usage(err: click.ClickException) -> str:
    """click's own message, in Chinese where it has one of the usual forms, and where to find help."""
    message = err.format_message()
    zh = message
    if isinstance(err, click.NoSuchOption):
        zh = f"没有选项 {err.option_name}"
        if err.possibilities:
            zh += "；是否想用 " + "、".join(err.possibilities)
    elif isinstance(err, click.MissingParameter) and err.param is not None:
        zh = f"缺少 {err.param.human_readable_name}"
    elif isinstance(err, click.BadOptionUsage):
        zh = f"选项 {err.option_name} 用法有误：{message}"
    elif isinstance(err, click.BadParameter) and err.param is not None:
        zh = f"{err.param.opts[-1]} 的值无效：{err.message}"
    elif isinstance(err, click.UsageError) and message.startswith("Got unexpected extra"):
        zh = f"参数过多：{message}"
    # A message of our own already speaks the chosen language, or both.
    ours = any("\u4e00" <= c <= "\u9fff" for c in message)
    said = _label("错误", "error") + one_line(message if ours and not language() else bilingual(zh, message))
    context = getattr(err, "ctx", None)
    if context is None:
        return said
    path = context.command_path
    return f"{said}\n{bilingual(f'用法见 {path} --help', f'usage: {path} --help')}"


def describe_skip(skip: Skip) -> str:
    return _label("跳过", "skipped") + _named(skip.source, bilingual(skip.zh, skip.en))


def _label(zh: str, en: str) -> str:
    return {"zh": f"{zh}：", "en": f"{en}: "}.get(language(), f"{zh} {en}: ")


def _named(source: str, message: str) -> str:
    # File names are untrusted: a newline or an escape sequence in one must not forge output.
    return f"{one_line(source)}: {message}" if source else message

"""Messages in Chinese, English, or both: `BRIEFING_LANG` (zh, en), else the locale, else both."""

from __future__ import annotations

import os

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


def describe_skip(skip: Skip) -> str:
    return _label("跳过", "skipped") + _named(skip.source, bilingual(skip.zh, skip.en))


def _label(zh: str, en: str) -> str:
    return {"zh": f"{zh}：", "en": f"{en}: "}.get(language(), f"{zh} {en}: ")


def _named(source: str, message: str) -> str:
    # File names are untrusted: a newline or an escape sequence in one must not forge output.
    return f"{one_line(source)}: {message}" if source else message

"""The log of runs: one line a step, as JSON or for a person, in files that are rotated by size."""

from __future__ import annotations

import json
import logging
import logging.handlers
from collections.abc import Mapping

from briefing.editions.workplace import Observer, Workplace
from briefing.errors import StoreError

LOG_NAME = "briefing.log"
_LEVELS = {
    "failed": logging.ERROR,
    "not written": logging.WARNING,
    "taken over": logging.WARNING,
    "left over": logging.WARNING,
}
_DEBUG = frozenset({"cut", "summarised"})


def open_log(place: Workplace) -> tuple[Observer, logging.Handler]:
    """An observer that writes the log of `place`, and its handler, to be closed. Raises StoreError."""
    options = place.config.log
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            place.folder / LOG_NAME,
            maxBytes=int(options.max_megabytes * (1 << 20)),
            backupCount=options.files,
            encoding="utf-8",
        )
    except OSError as err:
        raise StoreError(
            f"无法写日志（{err.strerror}），请检查路径与权限", f"cannot write the log ({err.strerror})",
            source=str(place.folder / LOG_NAME),
        ) from err  # fmt: skip
    handler.setFormatter(_JsonLines() if options.format == "json" else _Console())
    # Not the root logger and not a named one: two workplaces in one process keep apart.
    logger = logging.Logger("briefing.runs", options.level.upper())
    logger.addHandler(handler)

    def observe(step: str, facts: Mapping[str, object]) -> None:
        level = _LEVELS.get(step, logging.DEBUG if step in _DEBUG else logging.INFO)
        if facts.get("status") == "failed":
            level = logging.WARNING
        extra = {"facts": dict(facts), "at": place.now().isoformat(timespec="seconds")}
        logger.log(level, step, extra=extra)

    return observe, handler


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"at": record.__dict__["at"], "level": record.levelname.lower(), "step": record.msg}
        return json.dumps(line | record.__dict__["facts"], ensure_ascii=False, default=str)


class _Console(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{k}={_shown(v)}" for k, v in record.__dict__["facts"].items() if v not in ("", None))
        return f"{record.__dict__['at']} {record.levelname:7} {record.msg} {facts}".rstrip()


def _shown(value: object) -> str:
    """One token: a site's words must not look like a line of ours."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text.isprintable() or " " in text else text

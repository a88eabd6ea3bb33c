"""Passwords and keys: from an environment variable or a file that only its owner can read, never from the
configuration itself. What was read is told to nobody."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from briefing.errors import ConfigError


def read_secret(variable: str, file: str, where: str) -> str:
    """The value of the environment variable `variable`, or the content of `file` where that name is empty.

    `where`: the table that asked, for the message. Raises ConfigError: not set, not there, or a file that
    others can read.
    """
    if variable:
        value = os.environ.get(variable, "")
        if not value:
            raise ConfigError(
                f"环境变量 {variable} 没有设置",
                f"the environment variable {variable} is not set",
                source=where,
            )
        return value
    path = Path(file)
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(
                f"密码文件 {path} 可被他人读取，请执行 chmod 600 {path}",
                f"the password file {path} can be read by others: run chmod 600 {path}",
                source=where,
            )
        value = path.read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as err:
        reason = err.strerror if isinstance(err, OSError) else "UTF-8"
        raise ConfigError(
            f"密码文件 {path} 无法读取（{reason}）",
            f"the password file {path} cannot be read ({reason})",
            source=where,
        ) from err
    if not value:
        raise ConfigError(f"密码文件 {path} 是空的", f"the password file {path} is empty", source=where)
    return value


def missing_secrets(table: object, where: str) -> list[ConfigError]:
    """What is wrong with the secrets that `table` (a struct) names in its `…_env` and `…_file`; [] when all can
    be read. Nothing of a secret is kept."""
    found = []
    for key in (n for n in dir(table) if n.endswith("_env")):
        variable, file = getattr(table, key), getattr(table, key.removesuffix("env") + "file", "")
        if not variable and not file:
            continue
        try:
            read_secret(variable, file, f"{where}.{key if variable else key.removesuffix('env') + 'file'}")
        except ConfigError as err:
            found.append(err)
    return found


def redact(text: str, secrets: tuple[str, ...]) -> str:
    """`text` with every secret in it blotted out: a server may say back what it was sent."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text

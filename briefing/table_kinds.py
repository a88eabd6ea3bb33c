"""What `[[sources]]` and `[[deliver]]` share: tables of several kinds, read with errors that name the line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from briefing.errors import ConfigError

# Where a key such as deliver[0].port stands: file and line, or the file alone.
Locate = Callable[[str], str]
# Keys under which people write the secret itself.
_SECRET_KEYS = frozenset(
    ("password", "passwd", "pwd", "pass", "secret", "token", "key", "api_key", "apikey", "access_token", "sign")
)
_LOGIN_IN_URL = re.compile(r"^[a-z]+://[^/@\s]*:[^/@\s]+@", re.I)
_KEY_IN_URL = re.compile(r"[?&](?:key|token|access_token|secret|sign|password)=", re.I)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the array `array` ("deliver"): its content, its place in it from 0, and where it stands."""

    array: str
    number: int
    value: dict[str, Any]
    locate: Locate

    @property
    def label(self) -> str:
        """As people count: deliver[1] (科室群)."""
        name = self.value.get("name")
        return f"{self.array}[{self.number + 1}]" + (f" ({name})" if isinstance(name, str) else "")

    def refuse(self, key: str, zh: str, en: str) -> ConfigError:
        return ConfigError(zh, en, source=self.locate(f"{self.array}[{self.number}].{key}"))


def convert_table(table: Table, kinds: Mapping[str, type[msgspec.Struct]], whole: Any) -> Any:
    """The table as the struct of its kind (`whole`: the union of them). Raises ConfigError naming file, line,
    key and what is allowed."""
    value, where = table.value, table.label
    kind = kinds.get(str(value.get("kind")))
    if kind is None:
        known = ", ".join(kinds)
        raise table.refuse(
            "kind",
            f"{where} 的 kind 为 {value.get('kind')!r}；可用：{known}",
            f"{where}: kind {value.get('kind')!r} is unknown; known: {known}",
        )
    fields = [f.name for f in msgspec.structs.fields(kind)]
    for key in value:
        if key not in ("kind", *fields):
            raise _unknown(table, key, fields)
    url = str(value.get("url", ""))
    if _LOGIN_IN_URL.match(url) or ("url_env" in fields and _KEY_IN_URL.search(url)):
        raise _written_secret(table, "url", fields)
    try:
        return msgspec.convert(value, whole)
    except msgspec.ValidationError as err:
        what, _, key = str(err).partition(" - at `$.")
        key = key.rstrip("`")
        at = f"{where} {key}".rstrip()
        raise table.refuse(key, f"{at} 无效：{what}", f"{at}: {what}") from err


def _unknown(table: Table, key: str, fields: list[str]) -> ConfigError:
    # The address of a robot is its password.
    if key.lower() in _SECRET_KEYS or (key in ("url", "webhook") and "url_env" in fields):
        return _written_secret(table, key, fields)
    known = ", ".join(("kind", *fields))
    return table.refuse(
        key,
        f"{table.label} 有未知的键 {key}；{table.value['kind']} 可用：{known}",
        f"{table.label}: unknown key {key}; known for {table.value['kind']}: {known}",
    )


def _written_secret(table: Table, key: str, fields: list[str]) -> ConfigError:
    """Never repeats the value."""
    ways = [f for f in fields if f.endswith(("_env", "_file"))]
    zh = "、".join(ways) if ways else "不带密码的地址"
    en = ", ".join(ways) if ways else "an address without it"
    return table.refuse(
        key,
        f"{table.label} 的 {key} 把密码或密钥写进了配置文件；请删去，改用 {zh}（环境变量或仅本人可读的文件），"
        "并更换已写出的密钥",
        f"{table.label}: {key} holds a secret, which must not stand in the configuration: remove it, use {en}"
        " (an environment variable, or a file that only you can read), and change the secret",
    )


def check_names(tables: list[Table], what: tuple[str, str]) -> None:
    """Raises ConfigError for two tables of one name; `what`: 渠道 and channels."""
    seen: set[str] = set()
    for table in tables:
        name = str(table.value["name"])
        if name in seen:
            zh, en = what
            raise table.refuse(
                "name", f"两个{zh}同名 {name!r}，请改名", f"two {en} are named {name!r}: rename one"
            )
        seen.add(name)


def tables_of(array: str, values: Any, locate: Locate) -> list[Table]:
    """Raises ConfigError when `values` is no array of tables."""
    if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
        raise ConfigError(
            f"{array} 应为 [[{array}]] 表", f"{array} must be [[{array}]] tables", source=locate(array)
        )
    return [Table(array, number, value, locate) for number, value in enumerate(values)]

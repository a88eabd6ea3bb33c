"""One frozen Config: shipped defaults < file < environment < flags. Unknown keys are errors."""

from __future__ import annotations

import functools
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from briefing.deliver_tables import AnyChannel, DeliveryTable, check_channels, convert_channels
from briefing.errors import ConfigError, ResourceError
from briefing.run_tables import (
    MONTHLY,
    WEEKLY,
    DigestTable,
    EditionTable,
    KeepTable,
    LogTable,
    RunTable,
    ScheduleTable,
    WatchTable,
    check_digest,
    check_editions,
    check_zone,
)
from briefing.source_tables import AnySource, convert_sources

TOPICS = (
    "时政要闻",
    "国际港澳台",
    "民生社会",
    "法治安全",
    "党建思想",
    "文化旅游",
    "经济运行",
    "产业科技",
    "乡村振兴",
    "改革开放",
    "生态环境",
    "其他",
)
FILE_NAME = "briefing.toml"
_ENVIRONMENT_PREFIX = "BRIEFING_"
_HEADER = re.compile(r"\s*\[\[?\s*([\w-]+)\s*\]")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class BriefingTable(_Table, frozen=True):
    title: Annotated[str, Meta(max_length=40)]
    office: str
    issue_number: str
    section_order: Literal["importance", "fixed"]
    lead_items: Annotated[int, Meta(ge=0, le=50)]


class LayoutTable(_Table, frozen=True):
    """How an issue is dressed; see `records.Layout`. `name`: a ready layout, or the folder of one's own."""

    name: Annotated[str, Meta(min_length=1)]
    number: Literal["given", "auto"]
    numbers_file: str
    supplement: bool
    mark: Annotated[str, Meta(max_length=20)]
    serial: Annotated[str, Meta(max_length=20)]
    topic: Annotated[str, Meta(max_length=60)]
    editors_note: Annotated[str, Meta(max_length=500)]
    judgement: Annotated[str, Meta(max_length=300)]
    report_to: tuple[Annotated[str, Meta(min_length=1, max_length=60)], ...]
    send_to: tuple[Annotated[str, Meta(min_length=1, max_length=60)], ...]
    issue_to: tuple[Annotated[str, Meta(min_length=1, max_length=60)], ...]
    editor: Annotated[str, Meta(max_length=20)]
    checker: Annotated[str, Meta(max_length=20)]
    signer: Annotated[str, Meta(max_length=20)]
    copies: Annotated[int, Meta(ge=0, le=100_000)]
    key_figures: bool
    chart: bool
    appendices: tuple[Literal["sources", "left_out"], ...]
    clean: bool


class SummaryTable(_Table, frozen=True):
    engine: str
    model: str
    max_chars: Annotated[int, Meta(ge=30, le=1000)]
    max_sentences: Annotated[int, Meta(ge=1, le=10)]
    jobs: Annotated[int, Meta(ge=0, le=64)]


class GenerationTable(_Table, frozen=True):
    """For the engines that write with a larger model; see `briefing.summarise.ModelOptions`."""

    prompt: Annotated[str, Meta(min_length=1)]
    server_url: str
    remote: bool
    timeout_seconds: Annotated[float, Meta(gt=0, le=3600)]
    max_input_tokens: Annotated[int, Meta(ge=1024, le=1_000_000)]


class DedupeTable(_Table, frozen=True):
    enabled: bool


class LimitsTable(_Table, frozen=True):
    max_items: Annotated[int, Meta(ge=1, le=2000)]
    max_items_per_area: Annotated[int, Meta(ge=1, le=2000)]
    min_score: Annotated[float, Meta(ge=0, le=10)]
    min_quality: Annotated[float, Meta(ge=0, le=1)]


_Points = Annotated[float, Meta(ge=-5, le=5)]


class RankingTable(_Table, frozen=True):
    """Points of importance (1–5) added or taken off; see `briefing.rank.RankOptions`."""

    publishers: _Points
    front_page: _Points
    top_of_page: _Points
    stale_per_day: Annotated[float, Meta(ge=0, le=5)]
    watch_words: tuple[Annotated[str, Meta(min_length=2)], ...]
    watch_points: _Points


class IngestTable(_Table, frozen=True):
    max_file_megabytes: Annotated[int, Meta(ge=1, le=2000)]
    max_files: Annotated[int, Meta(ge=1, le=1_000_000)]
    max_pdf_pages: Annotated[int, Meta(ge=1, le=100_000)]


class FetchTable(_Table, frozen=True):
    """`contact`: an address or telephone number at which a site can reach whoever runs this program."""

    contact: Annotated[str, Meta(max_length=100, pattern=r"^[ -~]*$")]


class AreaTable(_Table, frozen=True):
    """One section. `max_items` 0: the general cap holds. `points` are added to every item's score."""

    topic: str
    name: Annotated[str, Meta(min_length=1, max_length=20)]
    max_items: Annotated[int, Meta(ge=0, le=2000)] = 0
    points: _Points = 0.0
    hidden: bool = False


class Config(_Table, frozen=True):
    briefing: BriefingTable
    layout: LayoutTable
    summary: SummaryTable
    generation: GenerationTable
    dedupe: DedupeTable
    limits: LimitsTable
    ranking: RankingTable
    ingest: IngestTable
    fetch: FetchTable
    run: RunTable
    schedule: ScheduleTable
    digest: DigestTable
    keep: KeepTable
    log: LogTable
    watch: WatchTable
    delivery: DeliveryTable
    sources: tuple[AnySource, ...]
    deliver: tuple[AnyChannel, ...]
    editions: tuple[EditionTable, ...]
    areas: tuple[AreaTable, ...]


def load_config(
    path: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Mapping[str, Any]] | None = None,
) -> Config:
    """The configuration in force.

    `path` None: `briefing.toml` in the current folder where there is one. `flags`: table -> key ->
    value, `None` values ignored. Raises ConfigError naming the file or variable, the key and what is allowed.
    """
    merged = _read_defaults()
    if path is None and Path(FILE_NAME).is_file():
        path = Path(FILE_NAME)
    if path is not None:
        values = _read_file(path)
        _check_known(values, merged, str(path))
        _merge(merged, values)
        _convert(merged, str(path))
    from_environment = _read_environment(merged, os.environ if environment is None else environment)
    if from_environment:
        _merge(merged, from_environment)
        _convert(merged, "environment")
    _merge(merged, {t: {k: v for k, v in keys.items() if v is not None} for t, keys in (flags or {}).items()})
    config = _convert(merged, "command line" if flags else str(path or "default.toml"))
    return config


def default_text() -> str:
    """The shipped defaults with their comments, as TOML."""
    return Path(__file__).with_name("default.toml").read_text("utf-8")


def config_schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of a configuration with every key; a file may leave any of them out."""
    return msgspec.json.schema(Config)


def _read_defaults() -> dict[str, Any]:
    path = Path(__file__).with_name("default.toml")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as err:
        raise ResourceError(
            "默认配置损坏，请重新安装", "default configuration is damaged: reinstall", source=str(path)
        ) from err


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as err:
        raise ConfigError(
            f"配置文件无法读取（{err.strerror}），请检查路径与权限",
            f"cannot read the configuration file ({err.strerror}): check path and permissions",
            source=str(path),
        ) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(
            f"配置文件不是有效的 UTF-8 TOML：{err}", f"not valid UTF-8 TOML: {err}", source=str(path)
        ) from err


def _check_known(values: Mapping[str, Any], known: Mapping[str, Any], source: str) -> None:
    """Unknown tables and keys, all named at once, with the ones that exist."""
    for table, keys in values.items():
        if table not in known:
            _unknown(f"[{table}]", known, source)
        if isinstance(known[table], dict):
            if not isinstance(keys, dict):
                raise ConfigError(f"[{table}] 应为表", f"[{table}] must be a table", source=_at(source, table))
            for key in keys:
                if key not in known[table]:
                    _unknown(f"{table}.{key}", known[table], source)


def _unknown(key: str, allowed: Mapping[str, Any], source: str) -> None:
    names = ", ".join(allowed)
    raise ConfigError(
        f"未知的配置项 {key}；可用：{names}",
        f"unknown key {key}; known: {names}",
        source=_at(source, key.strip("[]")),
    )


def _at(source: str, key: str) -> str:
    """`source`, with the line of `key` (table.key or tables[0].key) where it is a file that has it."""
    try:
        lines = Path(source).read_text("utf-8-sig").splitlines() if source.endswith(".toml") else []
    except OSError:
        return source
    table, _, name = key.partition(".")
    table, _, index = table.partition("[")
    wanted, seen, header, inside = int(index.rstrip("]") or 0), -1, 0, False
    for number, line in enumerate(lines, 1):
        found = _HEADER.match(line)
        if found:
            inside = found[1] == table
            seen += inside
            inside = inside and seen == wanted
            header = number if inside else header
        elif _is_key(line, name if inside else "") or (not seen + 1 and _is_key(line, table)):
            return f"{source}:{number}"
    return f"{source}:{header}" if header else source


def _is_key(line: str, name: str) -> bool:
    wanted = re.split(r"[.\[]", name, maxsplit=1)[0]
    return bool(wanted) and line.partition("=")[0].strip().strip("\"'") == wanted


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for table, keys in values.items():
        if isinstance(keys, dict):
            into[table] = {**into[table], **keys}
        else:
            into[table] = keys


def _read_environment(known: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """`BRIEFING_SUMMARY_MAX_CHARS=120` -> {"summary": {"max_chars": 120}}.

    Only names that start with a table's name count, so that BRIEFING_DATA and the like stay free.
    """
    found: dict[str, Any] = {}
    for name, text in environment.items():
        for table, keys in known.items():
            prefix = f"{_ENVIRONMENT_PREFIX}{table.upper()}_"
            if not isinstance(keys, dict) or not name.startswith(prefix):
                continue
            key = name.removeprefix(prefix).lower()
            if key not in keys:
                _unknown(name, {f"{prefix}{k.upper()}": 0 for k in keys}, "environment")
            found.setdefault(table, {})[key] = _parse(text, keys[key], name)
    return found


def _parse(text: str, default: Any, name: str) -> Any:
    try:
        return msgspec.convert(text, type(default), strict=False)
    except msgspec.ValidationError as err:
        raise ConfigError(
            f"环境变量 {name} 的值 {text!r} 无效，应为 {type(default).__name__}",
            f"{name}={text!r} must be of type {type(default).__name__}",
            source="environment",
        ) from err


def _convert(values: Mapping[str, Any], source: str) -> Config:
    locate = functools.partial(_at, source)
    convert_channels(values["deliver"], locate)
    convert_sources(values["sources"], locate)  # says which source and key are wrong, where msgspec would not
    try:
        config = msgspec.convert(values, Config)
    except msgspec.ValidationError as err:
        what, _, where = str(err).partition(" - at `$.")
        key = where.rstrip("`")
        raise ConfigError(f"配置项 {key} 无效：{what}", f"{key}: {what}", source=_at(source, key)) from err
    check_zone(config.schedule.zone, locate)
    check_editions(config.editions, [s.name for s in config.sources], locate)
    check_digest(config.digest, config.editions, locate)
    check_channels(config.deliver, [*(e.name for e in config.editions), WEEKLY, MONTHLY], locate)
    topics = [a.topic for a in config.areas]
    wrong = [t for t in topics if t not in TOPICS] or [t for t in topics if topics.count(t) > 1]
    if wrong:
        raise ConfigError(
            f"areas.topic 的值 {wrong[0]!r} 无效或重复；可用：{'、'.join(TOPICS)}",
            f"areas.topic {wrong[0]!r} is unknown or given twice; allowed: {', '.join(TOPICS)}",
            source=locate(f"areas[{len(topics) - 1 - topics[::-1].index(wrong[0])}].topic"),
        )
    return config

"""Where runs happen: configuration, folders, clock, sources and channels, all handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from briefing import app
from briefing.config import Config
from briefing.deliver.contract import Outlet
from briefing.deliver.table import ChannelSurroundings, build_outlets
from briefing.errors import ConfigError
from briefing.ingest.sources import Clock, Source, Surroundings, build_source
from briefing.run_tables import EditionTable

# Called at every step of a run with its name and what a log should hold of it.
Observer = Callable[[str, Mapping[str, object]], None]
DEFAULT_EDITION = "daily"


def no_observer(step: str, facts: Mapping[str, object]) -> None:
    """Notes nothing."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """`base`: what relative paths of the configuration are relative to. `sources`, `channels`: in the place of
    the configured ones."""

    config: Config
    base: Path = Path()
    clock: Clock = field(default_factory=Clock)
    observe: Observer = no_observer
    sources: Sequence[Source] | None = None
    channels: Sequence[Outlet] | None = None

    @property
    def folder(self) -> Path:
        return self.base / self.config.run.folder

    @property
    def store_path(self) -> Path:
        return self.folder / "store.db"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.config.schedule.zone)

    def now(self) -> datetime:
        """Aware, in the zone of the schedule: its date is the office's."""
        return self.clock.now().astimezone(self.zone)

    def edition(self, name: str = "") -> EditionTable:
        """The edition of that name, the first one for "". Raises ConfigError."""
        for table in self.config.editions:
            if name in ("", table.name):
                return table
        known = ", ".join(e.name for e in self.config.editions)
        raise ConfigError(
            f"没有名为 {name} 的期；可用：{known}", f"no edition {name}; known: {known}", source="editions"
        )

    def edition_folder(self, edition: str, day: date) -> Path:
        """Where the files of an edition go: DATE/, and DATE/NAME/ for editions beside `daily`."""
        folder = self.base / self.config.run.output / day.isoformat()
        return folder if edition == DEFAULT_EDITION else folder / edition

    def outlets(self) -> tuple[Outlet, ...]:
        """The ways out, in the configured order; no secret is read."""
        if self.channels is not None:
            return tuple(self.channels)
        return build_outlets(self.config.deliver, ChannelSurroundings(self.base, self.clock))

    def sources_of(self, edition: EditionTable) -> list[Source]:
        """The sources of an edition in the configured order. Raises ConfigError when there is none."""
        if self.sources is not None:
            found = [s for s in self.sources if not edition.sources or s.name in edition.sources]
        else:
            tables = [
                t
                for t in self.config.sources
                if t.enabled and (not edition.sources or t.name in edition.sources)
            ]
            around = Surroundings(
                limits=app.ingest_limits(self.config), contact=self.config.fetch.contact, clock=self.clock
            )
            found = [build_source(t, around) for t in tables]
        if not found:
            raise ConfigError(
                "没有配置来源：请在 briefing.toml 中加 [[sources]]（briefing init 写出示例）",
                "no source is configured: add [[sources]] to briefing.toml (briefing init writes examples)",
                source=f"editions.{edition.name}",
            )
        return found

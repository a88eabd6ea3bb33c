"""What a run remembers of the sites it visits: when each may be asked again, and what its robots.txt says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from briefing.ingest.extras import need

# A site that asks for a longer pause would hold up the whole edition; it is visited at this pace.
MAX_CRAWL_DELAY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Robots:
    """One site's rules. `rules` None: it has none, and everything is allowed."""

    rules: Any = None

    @staticmethod
    def parse(body: bytes) -> Robots:
        protego = need("protego", "sources", "robots.txt")
        return Robots(protego.Protego.parse(body.decode("utf-8-sig", "replace")))

    def allows(self, url: str, user_agent: str) -> bool:
        return self.rules is None or bool(self.rules.can_fetch(url, user_agent))

    def crawl_delay_seconds(self, user_agent: str) -> float:
        wanted = self.rules.crawl_delay(user_agent) if self.rules is not None else None
        return min(float(wanted or 0.0), MAX_CRAWL_DELAY_SECONDS)


class Hosts:
    """Shared by all sources of a run, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}
        self._robots: dict[str, Robots] = {}
        self._reading: dict[str, threading.Lock] = {}
        self._failing: set[str] = set()

    def reserve(self, host: str, interval_seconds: float, now: float) -> float:
        """Take the next turn at `host`: seconds to wait before it. `now` is a monotonic time."""
        with self._lock:
            turn = max(now, self._free_at.get(host, now))
            self._free_at[host] = turn + interval_seconds
            return turn - now

    def is_failing(self, host: str) -> bool:
        """Whether the last page of `host` was tried in vain: the others are then tried only once each."""
        with self._lock:
            return host in self._failing

    def note(self, host: str, *, failing: bool) -> None:
        with self._lock:
            (self._failing.add if failing else self._failing.discard)(host)

    def robots(self, site: str, read: Callable[[], Robots]) -> Robots:
        """The rules of `site` (scheme, host and port), read once a run; again when `read` raised."""
        with self._lock:
            own = self._reading.setdefault(site, threading.Lock())
        with own:
            if site not in self._robots:
                self._robots[site] = read()
            return self._robots[site]

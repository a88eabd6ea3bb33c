"""Real servers on loopback for the tests of sources: a site of pages, and one that speaks byte by byte."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from briefing.ingest.http import Fetcher, FetchPolicy
from briefing.ingest.http_hosts import Hosts
from briefing.ingest.sources import FetchRequest
from briefing.net.clock import Clock
from briefing.net.guard import parse_networks

BEIJING = timezone(timedelta(hours=8))
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=BEIJING)
LOOPBACK = ("127.0.0.0/8", "::1")


def request(**changes: Any) -> FetchRequest:
    return FetchRequest(**{"day": DAY, "since": DAY - timedelta(days=2), "now": NOW} | changes)


@dataclass(frozen=True)
class Answer:
    """What a path answers. `body` is sent as it is; Content-Length is added unless a header says otherwise."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""


@dataclass
class Site:
    """A site: path -> Answer, or a function from the request's headers to one. Remembers what was asked."""

    pages: dict[str, Answer | Callable[[Any], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def html(self, path: str, body: str, **answer: Any) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8"}
        self.pages[path] = Answer(body.encode(), headers=headers, **answer)


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        headers = {k.lower(): v for k, v in self.headers.items()}
        self.site.asked.append((self.path, headers))
        found = self.site.pages.get(self.path, Answer(b"missing", 404))
        answer = found(headers) if callable(found) else found
        if answer.etag and headers.get("if-none-match") == answer.etag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.etag:
            self.send_header("ETag", answer.etag)
        if not {"content-length", "transfer-encoding"} & {k.lower() for k in answer.headers}:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextlib.contextmanager
def running(site: Site) -> Iterator[Site]:
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def speaking(talk: Callable[[Any], None]) -> Iterator[int]:
    """The port of a server that calls `talk(connection)` for each connection, for answers that no HTTP server
    would give."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                talk(self.request)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Waits:
    """A clock whose sleeps take no time but pass on it, so that back-off and intervals can be read."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._now = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += seconds

    def clock(self) -> Clock:
        return Clock(now=lambda: datetime.now(UTC), monotonic=lambda: self._now, sleep=self.sleep)


def policy(**changes: Any) -> FetchPolicy:
    """Loopback allowed, no pauses, no second tries: what a test is not about."""
    quick: dict[str, Any] = {
        "user_agent": "briefing/test (+desk@example.org)",
        "idle_seconds": 2.0,
        "request_seconds": 5.0,
        "interval_seconds": 0.0,
        "retries": 0,
        "allowed": parse_networks(LOOPBACK),
    }
    return FetchPolicy(**quick | changes)


def fetcher(waits: Waits | None = None, hosts: Hosts | None = None, **changes: Any) -> Fetcher:
    return Fetcher(policy(**changes), hosts, waits.clock() if waits else None)

"""Real servers on loopback for the tests of delivery, and shipments to send to them. All texts are invented."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from briefing.deliver.contract import IssueText, ItemText, Notice, Parcel, SectionText
from briefing.records import Rendered

NOW = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
BODY = "青禾县3月5日公布，今年拟新建农村公路58公里，总投资1.6亿元。首批3个标段尚未开工。"


def issue(items: int = 3, text: str = BODY) -> IssueText:
    made = tuple(
        ItemText(n, f"（{n}）", f"青禾拟新建农村公路{n}号线", text, "（来源：《青禾日报》2026年3月5日第2版）")
        for n in range(1, items + 1)
    )
    half = (len(made) + 1) // 2
    sections = (SectionText("一、经济运行", made[:half]), SectionText("二、民生社会", made[half:]))
    return IssueText("每日政策要情", "2026年第25期", "青禾办公室编印", "2026年3月5日", (), sections)


def parcel(**changes: Any) -> Parcel:
    values: dict[str, Any] = {
        "key": "daily-2026-03-05-v1",
        "edition": "daily",
        "day": date(2026, 3, 5),
        "version": 1,
        "text": issue(),
        "queued_at": NOW,
        "files": (
            Rendered(
                "text/html; charset=utf-8", "briefing.html", "<html><body><p>页</p></body></html>".encode()
            ),
            Rendered("application/pdf", "briefing.pdf", b"%PDF-1.7 made\n" * 40),
        ),
    }
    return Parcel(**values | changes)


def notice() -> Notice:
    return Notice("run:7", "未出刊：2026年3月5日", ("来源 青禾日报：未能获取（连接超时）",), NOW)


@dataclass
class Robot:
    """An HTTP server. `answers`: what it does with each request in turn, the last one for all that follow:
    (status, headers, body), or a function of the handler for what no HTTP server would do."""

    answers: list[tuple[int, dict[str, str], bytes] | Callable[[Any], None]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


OK = (200, {}, b'{"errcode":0,"errmsg":"ok","code":0}')


def hang_up(handler: Any) -> None:
    """The body was read, and no answer comes."""
    handler.close_connection = True
    handler.connection.close()


def stall(handler: Any) -> None:
    threading.Event().wait(1.5)
    handler.close_connection = True


@contextlib.contextmanager
def robot(*answers: tuple[int, dict[str, str], bytes] | Callable[[Any], None]) -> Iterator[Robot]:
    made = Robot(list(answers) or [OK])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = made.answers[min(len(made.asked), len(made.answers)) - 1]
            if callable(answer):
                answer(self)
                return
            status, headers, text = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: Any) -> None:
            """A connection that a test cuts is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/robot/send?access_token=TOKEN123"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""The program as a process of its own, on sources that stall: limits, SIGTERM, and the run after it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from briefing.config import load_config
from briefing.editions import Workplace
from briefing.editions.lock import is_locked
from briefing.scheduler import ProcessRunner, Slot
from briefing.store.database import open_store
from briefing.store.runs import RunState, list_runs

pytest.importorskip("feedparser")
STORIES = {
    "好源": ("青禾县新建农村公路26公里", "青禾县交通运输局今日公布，全县今年新建农村公路26公里，总投资5.7亿元，惠及15个乡镇。"),
    "慢源": ("白石县建成养老服务中心12个", "白石县民政局今日公布，全县今年建成养老服务中心12个，新增床位860张，总投资1.3亿元。"),
}  # fmt: skip
MORE = "项目分三批实施，首批15个标段已经开工。县里要求，年底前全部完工并投入使用。"


class Site:
    """Two feeds; the second says nothing until it is let go."""

    def __init__(self) -> None:
        self.go_on, self.asked = threading.Event(), threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                slow = "slow" in self.path
                if slow:
                    site.asked.set()
                    site.go_on.wait(60)
                body = feed("慢源" if slow else "好源").encode()
                try:
                    self.send_response(200)
                    self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # the program that asked is gone

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


def feed(name: str) -> str:
    title, text = STORIES[name]
    when = format_datetime(datetime.now(UTC))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{name}</title>'
        f"<item><title>{title}</title><link>https://news.example/{title}</link><pubDate>{when}</pubDate>"
        f"<description>{text}{MORE}</description></item></channel></rss>"
    )


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.go_on.set()
    made.server.shutdown()
    made.server.server_close()


def write_config(folder: Path, site: Site, minutes: float) -> Path:
    sources = "".join(
        f'[[sources]]\nkind = "feed"\nname = "{name}"\nurl = "{site.url}/{path}.xml"\ntext = "feed"\n'
        'allow_addresses = ["127.0.0.0/8"]\nrespect_robots = false\ninterval_seconds = 0\nretries = 0\n'
        "idle_seconds = 120\n"
        for name, path in (("好源", "good"), ("慢源", "slow"))
    )
    path = folder / "briefing.toml"
    path.write_text(
        f'[run]\nformats = ["md"]\nsource_minutes = {minutes}\nfetch_minutes = {minutes}\n'
        f'[schedule]\nzone = "UTC"\n[[editions]]\nname = "daily"\ndays = "daily"\n{sources}',
        "utf-8",
    )
    return path


def start(config: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "briefing", "run", "--quiet", "--config", str(config)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def printed(folder: Path) -> str:
    [path] = folder.glob("out/*/briefing.md")
    return path.read_text("utf-8")


def test_a_source_that_stalls_does_not_hold_the_edition_up(tmp_path: Path, site: Site) -> None:
    config = write_config(tmp_path, site, 0.05)
    began = time.monotonic()
    process = start(config)
    output = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 3, output
    assert time.monotonic() - began < 40
    text = printed(tmp_path)
    assert "26公里" in text
    assert "慢源未能获取" in text


def test_sigterm_in_the_middle_of_a_run_leaves_no_lock_and_the_next_run_makes_the_edition(
    tmp_path: Path, site: Site
) -> None:
    config = write_config(tmp_path, site, 10)
    process = start(config)
    assert site.asked.wait(60)
    assert is_locked(tmp_path / "data")
    process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=30)[0].decode()
    assert process.returncode not in (0, None), output
    assert "Traceback" not in output
    assert not is_locked(tmp_path / "data")
    assert not list(tmp_path.glob("out/*/briefing.md"))
    site.go_on.set()
    again = start(config)
    output = again.communicate(timeout=60)[0].decode()
    assert again.returncode == 0, output
    text = printed(tmp_path)
    assert "26公里" in text
    assert "860张" in text
    with open_store(Workplace(load_config(config), tmp_path).store_path) as store:
        good = [r for r in list_runs(store, 10, "daily") if r.status is RunState.OK]
    assert [r.version for r in good] == [1]


def test_a_run_over_the_hard_limit_is_ended_and_gone_on_with(tmp_path: Path, site: Site) -> None:
    config = write_config(tmp_path, site, 10)
    runner = ProcessRunner(config, hard_limit_minutes=0.1)
    today = datetime.now(UTC).date()
    slot = Slot("daily", today, datetime.now(UTC))
    assert runner(slot) == -signal.SIGKILL
    assert site.asked.is_set()
    site.go_on.set()
    assert ProcessRunner(config, hard_limit_minutes=1)(slot) == 0
    assert "860张" in printed(tmp_path)

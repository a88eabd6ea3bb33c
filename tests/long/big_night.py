"""A night of 5,000 articles: 200 feeds served on loopback, one whole `briefing run` on them, timed by stage.

    PYTHONPATH=. python tests/long/big_night.py [--feeds 200] [--entries 25] [--data DIR] [--profile FILE]

Feeds are mostly whole, a quarter link to pages, each on a host of its own (127.x.y.1), fetched with the manners of
the shipped configuration. One of ten entries is a reprint of another feed's under a changed headline, one feed is
dead and one stalls. Texts are made; with --data the articles of real newspaper pages (pages/rmrb_2020_jan_sep), which
are as varied and long as the real thing. Prints JSON: seconds by stage, peak memory of the run's process, what the
edition holds. Figures of a run: docs/scheduled-runs.md.
"""

from __future__ import annotations

import argparse
import html
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.long.made_texts import made_articles  # noqa: E402

REPRINTS = 0.1
LINKED_EVERY = 4  # each fourth feed has teasers only and links to pages
STALL_SECONDS = 600.0
Text = tuple[str, str]


class Night:
    """Feeds by number, their entries, and what of them the server has been asked for."""

    def __init__(self, feeds: int, entries: int, texts: Iterator[Text], seed: int = 20261124) -> None:
        dice = random.Random(seed)
        self.feeds: list[list[Text]] = []
        self.reprints = 0
        for _ in range(feeds):
            row: list[Text] = []
            for _ in range(entries):
                if self.feeds and dice.random() < REPRINTS:
                    title, text = dice.choice(dice.choice(self.feeds))
                    row.append((f"{title}（转载）", text))
                    self.reprints += 1
                else:
                    row.append(next(texts))
            self.feeds.append(row)

    @staticmethod
    def host(number: int) -> str:
        return f"127.{1 + number // 250}.{1 + number % 250}.1"

    def dead(self, number: int) -> bool:
        return number == len(self.feeds) - 1

    def stalls(self, number: int) -> bool:
        return number == len(self.feeds) - 2

    def rss(self, number: int, port: int, day: date) -> bytes:
        when = format_datetime(datetime(day.year, day.month, day.day, 1, tzinfo=UTC))
        items = []
        for k, (title, text) in enumerate(self.feeds[number]):
            link = f"http://{self.host(number)}:{port}/{number}/{k}.html"
            linked = number % LINKED_EVERY == 0
            body = text[:80] if linked else "".join(f"<p>{html.escape(p)}</p>" for p in text.split("\n"))
            items.append(
                f"<item><title>{html.escape(title)}</title><link>{link}</link><pubDate>{when}</pubDate>"
                f"<description>{html.escape(body)}</description></item>"
            )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>feed</title>'
            f"{''.join(items)}</channel></rss>"
        ).encode()

    def page(self, number: int, k: int, day: date) -> bytes:
        title, text = self.feeds[number][k]
        paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in text.split("\n"))
        return (
            f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
            f"<body><nav><a href='/'>首页</a><a href='/about'>关于我们</a></nav><article><h1>{html.escape(title)}</h1>"
            f"<p>{day.year}年{day.month}月{day.day}日 来源：第{number}号网站</p>{paragraphs}</article>"
            "<footer>版权所有</footer></body></html>"
        ).encode()


def serve(night: Night, day: date) -> ThreadingHTTPServer:
    """A server of all hosts of the night; the number of the feed stands in the path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            port = self.server.server_address[1]
            parts = self.path.strip("/").split("/")
            if not parts[0].isdigit():
                self.send_error(404)
                return
            number = int(parts[0])
            if night.stalls(number):
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                self.wfile.write(b"<?xml")
                time.sleep(STALL_SECONDS)
                return
            name = parts[1]
            body = (
                night.rss(number, port, day)
                if name == "rss"
                else night.page(number, int(name.split(".")[0]), day)
            )
            self.send_response(200)
            self.send_header(
                "Content-Type", f"{'application/rss+xml' if name == 'rss' else 'text/html'}; charset=utf-8"
            )
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def configuration(night: Night, port: int) -> str:
    tables = []
    for number in range(len(night.feeds)):
        there = 1 if night.dead(number) else port  # nobody listens on port 1
        tables.append(
            f'[[sources]]\nkind = "feed"\nname = "来源{number:03d}"\noutlet = "第{number}号网站"\n'
            f'url = "http://{night.host(number)}:{there}/{number}/rss"\nallow_addresses = ["127.0.0.0/8"]\n'
        )
    return "\n".join(tables)


def real_texts(data: Path) -> Iterator[Text]:
    """Articles of real newspaper pages that a feed could hold: titled, 200 to 4,000 characters, none twice."""
    sys.path.insert(0, str(ROOT / "models" / "training"))
    from events_pairs import load_items

    items = [a for a in load_items(data).values() if a.title and 200 <= len(a.text) <= 4000]
    random.Random(3).shuffle(items)
    return ((a.title, a.text) for a in items)


def run(folder: Path, day: date, profile: Path | None) -> tuple[dict[str, Any], dict[str, float]]:
    """The result that `briefing run --json` prints, and what the process cost."""
    command = [
        sys.executable,
        *(["-m", "cProfile", "-o", str(profile)] if profile else []),
        "-m",
        "briefing",
        "run",
    ]
    command += ["--config", str(folder / "briefing.toml"), "--date", day.isoformat(), "--json", "--quiet"]
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    wall = time.monotonic() - begun
    if done.returncode not in (0, 3):
        raise SystemExit(f"exit {done.returncode}\n{done.stderr[-3000:]}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    costs = {
        "wall_seconds": round(wall, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_megabytes": round(used.ru_maxrss / 1024, 0),
        "exit": done.returncode,
    }
    return json.loads(done.stdout), costs


def inspect(folder: Path, day: date, result: dict[str, Any]) -> dict[str, Any]:
    """What the edition holds, counted in the JSON that a reader gets."""
    made = json.loads(next((folder / "out" / day.isoformat()).glob("*.json")).read_text("utf-8"))
    left: dict[str, int] = {}
    for entry in made.get("left_out", ()):  # empty fields are not written
        left[entry["reason"]] = left.get(entry["reason"], 0) + 1
    items = [item for section in made["sections"] for item in section["items"]]
    statuses = [s.get("status", "fetched") for s in result["sources"]]
    return {
        "items": len(items),
        "accounts_of_the_items": sum(
            1 + len(i["story"].get("reprints", ())) + len(i["story"].get("reports", ())) for i in items
        ),
        "left_out": left,
        "sources": {s: statuses.count(s) for s in sorted(set(statuses))},
        "counts": dict(result["report"]["counts"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=25)
    parser.add_argument("--data", type=Path, help="folder of the data: real articles in the place of made ones")
    parser.add_argument("--profile", type=Path, help="write a cProfile of the run (slows it down)")
    parser.add_argument("--keep", type=Path, help="folder to leave the edition in")
    options = parser.parse_args()
    day = datetime.now(UTC).astimezone().date()
    texts = real_texts(options.data) if options.data else made_articles(day)
    night = Night(options.feeds, options.entries, itertools.chain(texts))
    load = os.getloadavg()[0]
    server = serve(night, day)
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "briefing.toml").write_text(configuration(night, server.server_address[1]), "utf-8")
        result, costs = run(folder, day, options.profile)
        report = {
            "feeds": options.feeds, "articles": options.feeds * options.entries, "reprints": night.reprints,
            "texts": "real" if options.data else "made", "load_before": round(load, 2), **costs,
            "seconds": dict(result["report"]["seconds"]), **inspect(folder, day, result),
            "store_megabytes": round((folder / "data" / "store.db").stat().st_size / 1e6, 1),
        }  # fmt: skip
    server.shutdown()
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

"""Fetching, against a real HTTP server on loopback that answers as the hub does."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("huggingface_hub", reason="extra fetch is not installed", exc_type=ImportError)

COMMIT = "c" * 40
CONFIG = json.dumps({"architectures": ["T5ForConditionalGeneration"], "model_type": "t5"}).encode()
WEIGHTS = bytes(range(256)) * 8000


class Hub:
    """One repository, made/tiny. `stated`: the SHA-256 given for the weights; `breaks`: how many downloads of them
    end in the middle; `ranges`: what was asked for to go on with."""

    def __init__(self, stated: str = "", breaks: int = 0, weights: bytes = WEIGHTS) -> None:
        self.files = {
            "config.json": CONFIG,
            "model.safetensors": weights,
            "modeling.py": b"raise SystemExit(9)",
        }
        self.stated, self.breaks = stated or hashlib.sha256(weights).hexdigest(), breaks
        self.ranges: list[str] = []
        self.fetched: list[str] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments: object) -> None:
                """Nothing on the test's stderr."""

            def do_HEAD(self) -> None:
                self.answer(body=False)

            def do_GET(self) -> None:
                self.answer(body=True)

            def answer(self, *, body: bool) -> None:
                path = self.path.partition("?")[0]
                name = path.rpartition("/")[2]
                if path.startswith("/api/models/made/tiny/tree/"):
                    self.send(200, json.dumps([hub.entry(n) for n in hub.files]).encode(), {}, body)
                elif path.startswith("/api/models/made/tiny"):
                    self.send(200, json.dumps(hub.info()).encode(), {}, body)
                elif path.startswith("/made/tiny/resolve/") and name in hub.files:
                    self.file(name, body)
                else:
                    self.send(404, b"{}", {"X-Error-Code": "RepoNotFound"}, body)

            def file(self, name: str, body: bool) -> None:
                content = hub.files[name]
                headers = {"ETag": f'"{hub.etag(name)}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
                asked = self.headers.get("Range")
                start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
                if body:
                    hub.fetched.append(name)
                    hub.ranges += [asked] if asked else []
                if asked:
                    headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
                cut = body and name == "model.safetensors" and hub.breaks > 0
                hub.breaks -= cut
                self.send(206 if asked else 200, content[start:], headers, body, cut=cut)

            def send(
                self, status: int, content: bytes, headers: dict[str, str], body: bool, cut: bool = False
            ) -> None:
                self.send_response(status)
                for key, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(key, value)
                self.end_headers()
                if body:
                    self.wfile.write(content[: len(content) // 2] if cut else content)
                self.close_connection = cut

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def etag(self, name: str) -> str:
        return hashlib.sha256(self.files[name]).hexdigest()[:40]

    def entry(self, name: str) -> dict[str, Any]:
        return {"type": "file", "path": name, "size": len(self.files[name]), "oid": self.etag(name)}

    def info(self) -> dict[str, Any]:
        siblings: list[dict[str, Any]] = [{"rfilename": n, "size": len(c)} for n, c in self.files.items()]
        siblings[1]["lfs"] = {"sha256": self.stated, "size": siblings[1]["size"], "pointerSize": 134}
        return {
            "id": "made/tiny",
            "modelId": "made/tiny",
            "sha": COMMIT,
            "private": False,
            "siblings": siblings,
        }

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[..., Hub]]:
    running: list[Hub] = []

    def start(**options: Any) -> Hub:
        running.append(Hub(**options))
        return running[-1]

    yield start
    for hub in running:
        hub.close()


def fetch(url: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`briefing models …` in a process of its own: the library reads its environment once, on import."""
    environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and not k.startswith("HF_")}
    environment |= {
        "HF_ENDPOINT": url,
        "HF_HOME": str(folder / "cache"),
        "HF_HUB_DISABLE_XET": "1",
        "BRIEFING_MODELS": str(folder / "home"),
        "BRIEFING_LANG": "en",
    }
    command = [sys.executable, "-m", "briefing", "models", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_model_is_fetched_without_its_code_and_registered(serve: Callable[..., Hub], tmp_path: Path) -> None:
    done = fetch(serve().url, tmp_path, "fetch", "made/tiny", "--allow-download")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "home" / "tiny" / "model.safetensors").read_bytes() == WEIGHTS
    assert not (tmp_path / "home" / "tiny" / "modeling.py").exists()
    assert fetch("", tmp_path, "verify", "tiny").returncode == 0


def test_nothing_is_asked_of_the_network_without_leave(serve: Callable[..., Hub], tmp_path: Path) -> None:
    hub = serve()
    done = fetch(hub.url, tmp_path, "fetch", "made/tiny")
    assert done.returncode == 2
    assert "--allow-download" in done.stderr
    assert hub.fetched == []


def test_weights_that_differ_from_what_the_publisher_states_are_refused(
    serve: Callable[..., Hub], tmp_path: Path
) -> None:
    done = fetch(serve(stated="0" * 64).url, tmp_path, "fetch", "made/tiny", "--allow-download")
    assert done.returncode == 1
    assert "SHA-256" in done.stderr
    assert not (tmp_path / "home" / "tiny.json").exists()


def test_an_interrupted_download_goes_on_where_it_stopped(serve: Callable[..., Hub], tmp_path: Path) -> None:
    # The library writes ten megabytes at a time: of a smaller file nothing would be kept.
    weights = WEIGHTS * 12
    hub = serve(breaks=1, weights=weights)
    for _ in range(2):
        done = fetch(hub.url, tmp_path, "fetch", "made/tiny", "--allow-download")
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stderr
    assert hub.ranges
    assert all(int(asked.removeprefix("bytes=").split("-")[0]) >= 10 << 20 for asked in hub.ranges)
    assert (tmp_path / "home" / "tiny" / "model.safetensors").read_bytes() == weights


@pytest.mark.parametrize(
    "name", [pytest.param("made/absent", id="no such repository"), pytest.param("made/tiny", id="no network")]
)
def test_a_failed_download_says_what_to_do(serve: Callable[..., Hub], tmp_path: Path, name: str) -> None:
    url = serve().url if name == "made/absent" else "http://127.0.0.1:9"
    done = fetch(url, tmp_path, "fetch", name, "--allow-download")
    assert done.returncode == 1
    assert "HF_ENDPOINT" in done.stderr
    assert "Traceback" not in done.stderr

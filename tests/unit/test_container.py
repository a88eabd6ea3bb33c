"""The container files are what their own tools accept, and start what the program has."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_dockerfile_has_nothing_that_its_linter_finds() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [str(linter), "--format", "json", "Dockerfile"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == []
    assert done.returncode == 0


def test_the_image_installs_extras_that_there_are() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    line = next(x for x in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if "pip install" in x)
    named = line.partition("[")[2].partition("]")[0].split(",")
    assert named
    assert set(named) <= set(extras)


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed here")
def test_the_compose_file_is_read_by_compose(tmp_path: Path) -> None:
    for name in ("compose.yaml", "Dockerfile"):
        shutil.copy(ROOT / name, tmp_path / name)
    command = ["docker-compose", "-f", "compose.yaml", "config"]
    done = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "restart: unless-stopped" in done.stdout
    assert f"{tmp_path}/office:/srv/briefing" in done.stdout

"""The program works and finds its models, prompts and samples as wheel, editable install and checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = [
    "models/README.md",
    "models/catalog.toml",
    "prompts/README.md",
    "prompts/summarise/brief.zh.md",
    "samples/liaocheng-daily-page.txt",
]
ASK = """
import json, sys
import briefing
from briefing.resources import find
print(json.dumps([briefing.__file__, [str(find(*n.split("/"))) for n in sys.argv[1:]]]))
"""


def ask(*, cwd: Path, path: Path | None = None) -> tuple[Path, list[Path]]:
    """Where a fresh interpreter started in `cwd` finds the package and the shipped files."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    if path:
        environment["PYTHONPATH"] = str(path)
    command = [sys.executable, "-c", ASK, *SHIPPED]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    package, files = json.loads(done.stdout)
    return Path(package), [Path(f) for f in files]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, unpacked the way an installer does, in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_everything_and_finds_it_within_itself(wheel: Path, tmp_path: Path) -> None:
    package, files = ask(cwd=tmp_path, path=wheel)
    assert wheel in package.parents
    assert all(wheel in f.parents and f.is_file() for f in files)


def test_the_wheel_carries_no_training_leftovers_or_caches(wheel: Path) -> None:
    names = [str(p.relative_to(wheel)) for p in wheel.rglob("*") if p.is_file()]
    assert not [n for n in names if "__pycache__" in n or n.endswith((".pyc", ".log"))]
    for name in (
        "default.toml",
        "templates/briefing.css",
        "templates/briefing.js",
        "templates/briefing.html.j2",
    ):
        assert f"briefing/{name}" in names


def test_the_wheel_makes_a_briefing(wheel: Path, tmp_path: Path) -> None:
    page = wheel / "briefing" / "_shipped" / "samples" / "liaocheng-daily-page.txt"
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    command = [sys.executable, "-m", "briefing", "make", str(page), "--out", "out", "--date", "2024-04-02"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "2024-04-02" / "briefing.html").stat().st_size > 10_000


def test_the_editable_install_finds_the_checkout(tmp_path: Path) -> None:
    package, files = ask(cwd=tmp_path)
    assert package == ROOT / "briefing" / "__init__.py", "run the tests in the .venv that make builds"
    assert files == [ROOT / name for name in SHIPPED]


def test_a_bare_checkout_finds_its_own_files(tmp_path: Path) -> None:
    for name in ("briefing", "models", "prompts", "samples"):
        (tmp_path / name).symlink_to(ROOT / name)
    package, files = ask(cwd=tmp_path, path=tmp_path)
    assert package.resolve() == ROOT / "briefing" / "__init__.py"
    assert all(f.is_file() for f in files)


def test_help_is_instant_and_loads_no_model_library() -> None:
    code = (
        "import sys; from briefing.cli import run; run(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"torch", "transformers", "numpy", "trafilatura", "docx", "pypdfium2", "jinja2", "msgspec"}
    assert not heavy & set(eval(done.stderr))
    assert "make" in done.stdout

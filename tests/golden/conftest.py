"""`pytest tests/golden --golden-update` rewrites the golden files; a test fails while the flag is on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "expected"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="rewrite tests/golden/expected")


def updating(config: pytest.Config) -> bool:
    # The option exists only when pytest is started on this folder.
    return bool(config.getoption("golden_update", default=False))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden(name, text)` compares `text` with the file `name`, or writes it when updating."""

    def compare(name: str, text: str) -> None:
        path = FOLDER / name
        if updating(request.config):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), f"{name} differs: look, then `make golden`"

    return compare

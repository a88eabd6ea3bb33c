"""A missing extra is one clear line for the file that needs it; the other inputs are read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from briefing.errors import SourceError
from briefing.ingest.extras import need

SAMPLES = Path(__file__).parents[3] / "samples"


def test_a_library_that_is_there_is_imported() -> None:
    assert need("json", "x", "a.pdf").__name__ == "json"


def test_a_library_that_is_not_there_says_what_to_install() -> None:
    with pytest.raises(SourceError) as caught:
        need("no_such_library_anywhere", "pdf", "a.pdf")
    assert caught.value.source == "a.pdf"
    assert "briefing[pdf]" in caught.value.en
    assert "briefing[pdf]" in caught.value.zh


@pytest.mark.parametrize(
    ("library", "sample", "extra"),
    [
        pytest.param("pypdfium2", "evening-paper.pdf", "pdf", id="pdf"),
        pytest.param("docx", "department-bulletin.docx", "docx", id="docx"),
    ],
)
def test_without_the_library_only_that_file_is_skipped(library: str, sample: str, extra: str) -> None:
    # A None entry in sys.modules is Python's own way to say that a module cannot be imported.
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from briefing.cli import run\n"
        f"sys.exit(run(['split', {str(SAMPLES / sample)!r}, {str(SAMPLES / 'wire-copies')!r}, '--jsonl']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert f"briefing[{extra}]" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) >= 4

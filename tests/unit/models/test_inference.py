"""The door to torch: clear when it is missing, offline and bounded when it is there; batches by tokens."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import ResourceError
from briefing.inference import OFFLINE, need_library, pad, token_batches


def test_a_missing_library_names_the_extra_that_brings_it() -> None:
    with pytest.raises(ResourceError) as caught:
        need_library("no_such_library_here", "neural", "这个模型")
    assert "pip install 'briefing[neural]'" in caught.value.zh
    assert "pip install 'briefing[neural]'" in caught.value.en


def test_a_library_that_is_broken_inside_is_not_called_missing(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "broken_outside.py").write_text("import missing_inside_of_it\n", "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    with pytest.raises(ModuleNotFoundError, match="missing_inside_of_it"):
        need_library("broken_outside", "neural")


def test_libraries_are_loaded_offline_and_with_the_threads_asked_for() -> None:
    pytest.importorskip("torch", reason="extra neural is not installed", exc_type=ImportError)
    code = (
        "import os\nfor n in list(os.environ):\n    n.startswith(('HF_', 'TRANSFORMERS_')) and os.environ.pop(n)\n"
        "from briefing.inference import need_torch\nprint(need_torch(1).get_num_threads())\n"
        f"print([os.environ.get(n) for n in {list(OFFLINE)!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    threads, offline = done.stdout.splitlines()
    assert threads == "1"
    assert offline == str(list(OFFLINE.values()))


@given(st.lists(st.integers(0, 300), max_size=40), st.integers(1, 600))
def test_batches_hold_every_item_once_and_keep_the_bound(sizes: list[int], max_tokens: int) -> None:
    batches = token_batches(sizes, max_tokens)
    assert sorted(i for batch in batches for i in batch) == list(range(len(sizes)))
    for batch in batches:
        widest = max(1, *(sizes[i] for i in batch))
        assert len(batch) == 1 or widest * len(batch) <= max_tokens


def test_rows_are_padded_on_the_right_with_a_mask() -> None:
    assert pad([[5, 6], [7]], 0) == ([[5, 6], [7, 0]], [[1, 1], [1, 0]])
    assert pad([], 0) == ([], [])

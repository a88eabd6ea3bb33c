"""Work over several processes: the results, their order, the faults and the end are those of one process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefing import app
from briefing.config import load_config
from briefing.errors import ResourceError
from briefing.inference import available_cores
from briefing.json_form import to_json
from briefing.parallel import WORTH_STARTING, ParallelEngine, beside, worker_count
from briefing.records import Article, Skip
from briefing.summarise import ModelOptions, SummaryOptions, load_engine
from briefing.text.sentences import split_sentences
from briefing.workers import ordered_map

DAY = date(2026, 11, 23)
MOMENT = app.Moment(DAY, datetime(2026, 11, 23, 8, tzinfo=UTC))


def add(one: int, other: int) -> int:
    if one == 13:
        raise ValueError("unlucky")
    return one + other


def die(one: int, other: int) -> int:
    os._exit(one + other)


def own_process(one: int, other: int) -> int:
    return os.getpid()


def own_threads(one: int, other: int) -> tuple[str, str]:
    return os.environ["OPENBLAS_NUM_THREADS"], os.environ["OMP_NUM_THREADS"]


def to_article(title: str) -> Article:
    text = f"4月8日，青禾市{title}开放，藏书12万册，全年接待读者30万人次，市民凭身份证免费借阅。"
    return Article(title, "test", title, text, split_sentences(text), ())


def load(value: int) -> int:
    return value


def load_nothing(value: int) -> int:
    raise ResourceError("模型缺文件", "the model lacks a file", source=f"models/{value}")


def test_results_keep_the_order_of_the_items() -> None:
    found = list(ordered_map(add, range(12), load=load, arguments=(100,), jobs=2))
    assert found == list(range(100, 112))


def test_the_work_is_done_by_other_processes() -> None:
    assert os.getpid() not in ordered_map(own_process, range(8), load=load, arguments=(0,), jobs=2)


def test_an_exception_is_raised_in_the_place_of_its_item() -> None:
    results = ordered_map(add, range(12, 20), load=load, arguments=(0,), jobs=2)
    assert next(results) == 12
    with pytest.raises(ValueError, match="unlucky"):
        next(results)


def test_a_worker_that_dies_is_told_with_what_to_do() -> None:
    with pytest.raises(ResourceError, match="--jobs 1"):
        list(ordered_map(die, [3], load=load, arguments=(0,), jobs=2))


def test_what_cannot_be_loaded_in_a_worker_is_told_as_it_is() -> None:
    with pytest.raises(ResourceError, match="models/7: the model lacks a file") as caught:
        list(ordered_map(add, range(5), load=load_nothing, arguments=(7,), jobs=2))
    assert (caught.value.zh, caught.value.source) == ("模型缺文件", "models/7")


def test_only_a_few_items_are_taken_ahead_of_the_reader() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100, 200):
            taken.append(number)
            yield number

    results = ordered_map(add, items(), load=load, arguments=(0,), jobs=2)
    assert next(results) == 100
    assert len(taken) <= 8
    results.close()  # type: ignore[attr-defined]


def write_rows(path: Path, count: int) -> Path:
    rows = [
        f'{{"id": "{i}", "title": "", "text": "4月{i % 28 + 1}日，青禾市图书馆新馆开放，藏书{i}万册。"}}'
        for i in range(count)
    ]
    rows[count // 2] = '{"id": "empty", "title": "", "text": ""}'
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_summaries_of_several_processes_are_those_of_one(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "rows.jsonl", 150)
    config = load_config(environment={})
    alone = list(app.summarise_inputs([str(path)], config, MOMENT))
    beside = list(app.summarise_inputs([str(path)], config, MOMENT, jobs=2))
    assert beside == alone
    assert len(beside) == 150
    assert any(isinstance(r, Skip) for r in beside)


def test_workers_compute_with_one_thread_each_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    found = list(ordered_map(own_threads, [0], load=load, arguments=(0,), jobs=1))
    assert found == [("1", "3")]
    assert "OPENBLAS_NUM_THREADS" not in os.environ


SAMPLES = sorted(str(p) for p in (Path(__file__).parents[2] / "samples").glob("*.txt"))


def briefing_with(jobs: int, told: list[int]) -> bytes:
    config = load_config(environment={}, flags={"summary": {"jobs": jobs}})
    made, _ = app.make_briefing(
        SAMPLES,
        config,
        MOMENT,
        progress=lambda stage, done, total: told.append(done) if stage == "summarise" else None,
    )
    return to_json(made)


def test_an_edition_of_several_processes_is_that_of_one() -> None:
    alone: list[int] = []
    shared: list[int] = []
    assert briefing_with(2, shared) == briefing_with(1, alone)
    assert shared[-1] == alone[-1]  # the same number told as done, in fewer steps
    assert len(shared) < len(alone)


def test_few_articles_start_no_processes_unless_asked_to() -> None:
    config = load_config(environment={})
    engine = ParallelEngine(load_engine("lead"), ("extract", ModelOptions()), 2, WORTH_STARTING)
    few = [to_article(f"第{i}馆") for i in range(WORTH_STARTING - 1)]
    # Another engine in the workers tells who wrote.
    assert {s.engine.split("@")[0] for s in engine.summarise(few, SummaryOptions())} == {"lead"}
    many = engine.summarise([*few, to_article("末馆")], SummaryOptions())
    assert {s.engine.split("@")[0] for s in many} == {"extract"}
    assert [s.article_id for s in many] == [*(a.id for a in few), "末馆"]
    assert worker_count(config) == available_cores()


def test_a_model_of_the_users_own_is_loaded_once() -> None:
    config = load_config(environment={}, flags={"summary": {"engine": "server"}})
    engine = load_engine("lead")
    assert beside(engine, config) is engine
    assert worker_count(load_config(environment={}, flags={"summary": {"engine": "server", "jobs": 3}})) == 3


def test_ctrl_c_ends_the_workers_and_prints_no_traceback(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "rows.jsonl", 4000)
    command = [sys.executable, "-m", "briefing", "summarise", str(path), "--jsonl", "--jobs", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode not in (0, 3)
    assert "Traceback" not in errors
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a worker outlived the program")

"""One function over many items in several processes: results in order, few items under way, a clean end.

Processes, not threads: the work is Python. Each is started fresh (spawn) and loads what it needs once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from briefing.errors import ResourceError

Item = TypeVar("Item")
Result = TypeVar("Result")
# Items handed out beyond those being worked on: keeps workers busy while the reader of the results is slow,
# and memory flat when it is.
_AHEAD = 2
# Threads of the numerical libraries in a worker: the processes have the cores already. 300 articles with two
# workers on two cores: 18.1 s with a thread a core in each, 15.0 s with one (one run each, other jobs beside).
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# What `load` gave this worker, or the exception that it raised. One pool at a time uses a process, so one place
# is enough.
_LOADED: list[Any] = []
_FAULT: list[BaseException] = []


def ordered_map(
    work: Callable[[Item, Any], Result],
    items: Iterable[Item],
    *,
    load: Callable[..., Any],
    arguments: tuple[Any, ...],
    jobs: int,
) -> Iterator[Result]:
    """`work(item, load(*arguments))` of every item in order, by `jobs` processes; `load` runs once in each.

    `work`, `load`, items and results are pickled. An exception of `work` is raised here in its item's place,
    one of `load` in the first item's. Closing the iterator, or Ctrl-C, ends the workers after the item that
    each has in hand. Raises ResourceError when a worker dies.
    """
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(load, arguments)
    )
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            with _one_thread():  # a worker is started when something is handed out and none is free
                waiting.append(pool.submit(_apply, work, item))
            if len(waiting) >= jobs + _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as err:
        raise ResourceError(
            "工作进程意外终止（常因内存不足）；可用 --jobs 1 重试",
            "a worker process died (memory is the usual cause): try again with --jobs 1",
            source="--jobs",
        ) from err
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread() -> Iterator[None]:
    """The environment that workers are to be started with; what the user has set stays."""
    ours = [name for name in _ONE_THREAD if name not in os.environ]
    os.environ.update(dict.fromkeys(ours, "1"))
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)


def _begin(load: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    # Ctrl-C reaches every process of the terminal; the parent alone decides, or each would print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # An initializer that raises breaks the pool, and its reason is lost: kept, it is raised by the first item.
    try:
        _LOADED[:] = [load(*arguments)]
    except Exception as err:
        _FAULT[:] = [err]


def _apply(work: Callable[[Item, Any], Result], item: Item) -> Result:
    if _FAULT:
        raise _FAULT[0]
    return work(item, _LOADED[0])

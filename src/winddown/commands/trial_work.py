"""Who works on a trial: this process, more processes of this machine, or a cluster that is already running. The numbers are the same."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from winddown.domain.refusals import Missing, NotAllowed
from winddown.domain.trials.definition import Trial
from winddown.domain.trials.run import Part, chunks, run_chunk

REACHED_WITHIN = "4s"  # a scheduler that is there answers at once
AHEAD = 2  # tasks waiting for each worker: enough to keep it busy, few enough to hold in memory


def parts(trial: Trial, *, with_rows: bool, workers: int, cluster: str | None) -> Iterator[Part]:
    """Every chunk's part, in the order of the patients, whoever made it.

    refuses  Missing without the cluster extra; NotAllowed for an address that does not answer or has no workers
    """
    todo = chunks(trial)
    if cluster is None and (workers == 1 or len(todo) == 1):
        for first, n in todo:
            yield run_chunk(trial, first, n, with_rows=with_rows)
        return
    pool = _cluster(cluster) if cluster is not None else _processes(min(workers, len(todo)))
    with pool as (submit, count):
        waiting: deque[Future[Part]] = deque()
        for first, n in todo:
            waiting.append(submit(run_chunk, trial, first, n, with_rows=with_rows))
            if len(waiting) >= AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


Submit = Callable[..., "Future[Part]"]
Pool = AbstractContextManager[tuple[Submit, int]]


@contextmanager
def _processes(workers: int) -> Iterator[tuple[Submit, int]]:
    """Processes of this machine; an interrupt is this one's business, the others just end."""
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_interrupts)
    try:
        yield pool.submit, workers
    except BaseException:
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Submit, int]]:
    """A scheduler of dask.distributed that is already running somewhere."""
    try:
        from distributed import Client  # optional dependency
    except ImportError as why:
        raise Missing(
            because="A cluster needs the package dask.distributed, which is not installed.",
            way_out='Install the extra: pip install "winddown[cluster]". Without --cluster the trial runs on this machine.',
            code="cluster_extra_missing",
            where="cluster",
        ) from why
    client = _reached(Client, address)
    try:
        workers = sum(int(threads) for threads in client.nthreads().values())
        if workers == 0:
            raise NotAllowed(
                because=f"The cluster at {address} has no workers.", way_out="Start a worker.", code="cluster_empty", where="cluster"
            )
        pool = client.get_executor(pure=False)
        try:
            yield pool.submit, workers
        finally:
            pool.shutdown(wait=False)
    finally:
        client.close()


def _reached(make: Callable[..., Any], address: str) -> Any:
    try:
        return make(address, timeout=REACHED_WITHIN, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as why:
        raise NotAllowed(
            because=f"No cluster answers at {address}.",
            way_out="Give the address that its scheduler printed, as in tcp://host:8786.",
            code="cluster_not_reached",
            where="cluster",
        ) from why


def all_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)

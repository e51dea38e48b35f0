"""The workers of a corpus: a stream reads no further ahead than needed; a real Dask cluster gives the same bytes."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from distributed import KilledWorker

from bot.errors import AmtsError, UsageError
from bot.parallel_data.corpus.workers import Workers, cluster, installed_versions, stream
from bot.parallel_data.files import batches
from tests.support.cli_run import Cli, Ran, command

Found = TypeVar("Found")
# More than those that teach the aligner: the last one is read only when pairs are made.
DOCUMENTS = 210
LAST = f"{DOCUMENTS - 1}.md"


def wait_for(find: Callable[[], Found | None], seconds: float = 60) -> Found:
    end = time.monotonic() + seconds
    while (found := find()) is None:
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)
    return found


class Cluster:
    """A scheduler and two workers, each a process at home in a folder of its own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address: str = wait_for(self._address)
        self.workers = [self._start("worker", "--no-nanny", "--nthreads", "1", "--no-dashboard") for _ in range(2)]

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        place = self._folder / f"{arguments[0]}-{time.monotonic_ns()}"
        place.mkdir()
        started = [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(self._file)]
        root = Path(__file__).parents[3]
        environment = {**os.environ, "PYTHONPATH": str(root), "DASK_TEMPORARY_DIRECTORY": str(place)}
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(started, cwd=place, env=environment, stdout=log, stderr=log)
        self._stack.enter_context(process)
        self._stack.callback(process.kill)
        return process

    def _address(self) -> str | None:
        try:
            return str(json.loads(self._file.read_text())["address"])
        except (OSError, ValueError):
            return None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(tmp_path_factory.mktemp("cluster"), stack)


def write_documents(folder: Path) -> None:
    for top, sentences in {
        "en": "Tea number {0} is a hot drink from China.\n\nPour {0} cups of water over the leaves.\n",
        "es": "El té número {0} es una bebida caliente de China.\n\nVierta {0} tazas de agua sobre las hojas.\n",
    }.items():
        (folder / top).mkdir(parents=True)
        for number in range(DOCUMENTS):
            (folder / top / f"{number:03}.md").write_text(sentences.format(number), "utf-8")


@contextmanager
def start_build(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Its paths are relative to `folder`, where the workers are not at home."""
    given = command("corpus", "build", "-l", "es", "--folders", "en", "es", "--min-score", "0", *arguments)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    pipe = subprocess.PIPE
    with subprocess.Popen(given, cwd=folder, env=environment, text=True, stdout=pipe, stderr=pipe) as process:
        try:
            yield process
        finally:
            process.kill()


def built(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "corpus").iterdir()}


def open_for_reader(pipe: Path, process: subprocess.Popen[str]) -> int:
    """A descriptor to write to the pipe, once somebody reads it."""

    def attempt() -> int | None:
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return None

    return wait_for(attempt)


def reads(process: subprocess.Popen[bytes], pipe: Path) -> bool:
    descriptors = Path(f"/proc/{process.pid}/fd")
    return any(one.readlink() == pipe for one in descriptors.iterdir() if one.is_symlink())


@pytest.mark.sweep
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_is_killed_at_its_work_changes_no_byte(running: Cluster, tmp_path: Path) -> None:
    write_documents(tmp_path / "here")
    with start_build(tmp_path / "here", "--jobs", "1") as local:
        assert local.wait() == 0
    write_documents(tmp_path / "there")
    pipe = tmp_path / "there" / "en" / LAST
    text = pipe.read_bytes()
    pipe.unlink()
    os.mkfifo(pipe)
    with start_build(tmp_path / "there", "--scheduler", running.address) as build:
        held = open_for_reader(pipe, build)
        reader = wait_for(lambda: next((worker for worker in running.workers if reads(worker, pipe)), None))
        reader.send_signal(signal.SIGKILL)
        reader.wait()
        os.close(held)
        again = open_for_reader(pipe, build)
        os.write(again, text)
        os.close(again)
        assert build.wait(60) == 0
    assert built(tmp_path / "there") == built(tmp_path / "here")
    assert len(built(tmp_path / "here")["es.pairs.jsonl"].splitlines()) == 2 * DOCUMENTS


def build(cli: Cli, folder: Path, *arguments: str) -> Ran:
    (folder / "m.csv").write_text("en,es\nTea is hot.,El té está caliente.\n", "utf-8")
    return cli("corpus", "build", "-l", "es", "--memory", folder / "m.csv", "-o", folder / "out", *arguments)


def test_without_the_extra_one_sentence_says_what_to_install(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = build(cli, tmp_path, "--scheduler", "tcp://127.0.0.1:8786")
    assert (ran.code, ran.err.strip()) == (
        2,
        'amts: a Dask cluster needs distributed: pip install ".[dask]" in a checkout of AMTS',
    )
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_does_not_answer_is_named(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.parallel_data.corpus.workers._CLUSTER_TIMEOUT", 0.1)
    ran = build(cli, tmp_path, "--scheduler", "tcp://127.0.0.1:1")
    assert ran.code == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in ran.err
    assert not (tmp_path / "out").exists()


def test_processes_of_this_machine_and_a_cluster_do_not_go_together(cli: Cli, tmp_path: Path) -> None:
    ran = build(cli, tmp_path, "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2")
    assert (ran.code, "--jobs" in ran.err) == (2, True)


class FakeClient:
    """A client of a cluster with one worker, which has `versions`."""

    versions: Mapping[str, str] | None = None

    def __init__(self, address: str, timeout: float) -> None:
        pass

    def __enter__(self) -> FakeClient:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def wait_for_workers(self, number: int, timeout: float) -> None:
        if self.versions is None:
            raise TimeoutError(number, timeout)

    def run(self, _: Callable[[], object]) -> dict[str, Mapping[str, str]]:
        assert self.versions is not None
        return {"tcp://worker": self.versions}

    def nthreads(self) -> dict[str, int]:
        return {"tcp://worker": 3}

    def get_executor(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeClient]:
    monkeypatch.setattr("distributed.Client", FakeClient)
    monkeypatch.setattr(FakeClient, "versions", installed_versions())
    return FakeClient


def test_a_cluster_works_on_as_many_items_as_its_workers_have_threads(fake: type[FakeClient]) -> None:
    with cluster("tcp://scheduler") as workers:
        assert workers.jobs == 3
    assert fake.versions is not None


def test_a_cluster_without_workers_is_refused(fake: type[FakeClient]) -> None:
    fake.versions = None
    with (
        pytest.raises(UsageError, match="has no worker; start one with: dask worker tcp://scheduler"),
        cluster("tcp://scheduler"),
    ):
        pass


def test_a_worker_with_another_version_is_refused_for_it_would_give_other_bytes(fake: type[FakeClient]) -> None:
    fake.versions = {**installed_versions(), "sentencex": "0.1", "trafilatura": ""}
    with (
        pytest.raises(UsageError, match=r"worker tcp://worker has sentencex 0\.1, this machine"),
        cluster("tcp://scheduler"),
    ):
        pass


@pytest.mark.usefixtures("fake")
def test_documents_that_kill_every_worker_end_in_one_sentence() -> None:
    with pytest.raises(AmtsError, match="4 Dask workers died over the same documents"), cluster("tcp://scheduler"):
        raise KilledWorker("a task", "a worker", 3)  # type: ignore[arg-type]


class Counting(Executor):
    """Does the work of another executor, and counts how much of it is not collected yet."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.given = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        return self.executor.submit(fn, *args, **kwargs)


def test_a_stream_is_read_no_further_ahead_than_the_work_needs() -> None:
    read: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(1000):
            read.append(number)
            yield number

    with ThreadPoolExecutor(2) as threads:
        results = stream(Workers(Counting(threads), 2), str, numbers())
        for expected in range(1000):
            assert next(results) == str(expected)
            assert len(read) <= expected + 8
        assert next(results, None) is None


def test_batches_hold_all_in_order() -> None:
    assert list(batches(range(5), 2)) == [(0, 1), (2, 3), (4,)]
    assert list(batches([], 2)) == []

"""A bot that is stopped, overtaken or out of disk: nothing is lost and nothing half-done is published.

Between reading the book and publishing, the bot waits for a batch job in the emulator, which takes as long as the test
likes.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE

import pytest

from bot.emulator import Fault, FaultKind
from tests.support.cli_run import BOOK_ZH, CHINESE, ENGLISH, MILK, WAIT, Book, command, fingerprint
from tests.support.emulator_fixture import BUCKET, ROLE, Clock, Cloud
from tests.support.gitrepo import add_commits
from tests.support.waiting import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, named pipes and limits of POSIX")


AMAZON = {
    "kind": "amazon",
    "region": "us-east-1",
    "bucket": BUCKET,
    "role": ROLE,
    "parallel_data": "none",
    "poll_seconds": 0.01,
    "max_poll_seconds": 0.01,
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def aws(start_cloud: Callable[..., Cloud], clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """An emulator that knows what the book comes to say; the processes of these tests find it."""
    memory = tmp_path / "memory.csv"
    memory.write_text(f"en,zh\n{WAIT.strip()},喝之前等四分钟。\n{MILK.strip()},加一点牛奶。\n", "utf-8")
    cloud = start_cloud(memory=(memory,), clock=clock)
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    return cloud


class Halted:
    """A sync that has read the book and waits for its job."""

    def __init__(self, book: Book, aws: Cloud, clock: Clock) -> None:
        self._clock = clock
        jobs = len(aws.emulator.state().jobs)
        aws.emulator.add_fault(Fault(FaultKind.SLOW_JOB, times=1, seconds=60))
        arguments = command("sync", "--config", book.config)
        self.process = subprocess.Popen(arguments, stdout=PIPE, stderr=PIPE, text=True)
        eventually(lambda: len(aws.emulator.state().jobs) > jobs)

    def answer(self) -> None:
        self._clock.now += 60

    def end(self) -> tuple[int, str]:
        _, err = self.process.communicate(timeout=PATIENCE_SECONDS)
        assert "Traceback" not in err
        return self.process.returncode, err


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    return book


@pytest.fixture
def billed_book(book: Book) -> Book:
    book.configure({}, languages={"zh": {"repo": "zh", "engine": "translate"}}, engines={"translate": AMAZON})
    return book


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_bot_that_is_stopped_publishes_nothing(
    billed_book: Book, aws: Cloud, clock: Clock, number: signal.Signals
) -> None:
    halted = Halted(billed_book, aws, clock)
    before = fingerprint(billed_book.folder)
    halted.process.send_signal(number)
    code, err = halted.end()
    assert code == 130
    assert err == "amts: interrupted; nothing half-done was published, so run again when you like\n"
    assert fingerprint(billed_book.folder) == before


@pytest.mark.parametrize("branch", ["main", "amts/zh"])
def test_a_branch_that_moves_meanwhile_is_not_overwritten(
    billed_book: Book, aws: Cloud, clock: Clock, branch: str
) -> None:
    book = billed_book
    if branch != "main":
        subprocess.run(command("sync", "--config", book.config, "--quiet"), check=True)
        book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    halted = Halted(book, aws, clock)
    (person,) = add_commits(book.folder / "zh", {"note.md": "A person was here.\n"}, branch=branch)
    halted.answer()
    code, err = halted.end()
    assert code == 5
    assert f'the branch "{branch}" moved while the bot worked; nothing was overwritten, so run again' in err
    assert book.tip(branch=branch) == person
    assert subprocess.run(command("sync", "--config", book.config, "--quiet"), check=False).returncode == 0
    assert book.text("note.md") == "A person was here.\n"
    assert book.text("tea.md").startswith(CHINESE + "\n喝之前等四分钟。\n")


def run_limited(size: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """With no file allowed to grow beyond `size` bytes: what a disk does that is full."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, preexec_fn=limit)


def test_a_full_disk_leaves_the_old_output_of_a_merge_whole(tmp_path: Path) -> None:
    for name, text in (("base", ENGLISH), ("source", ENGLISH + WAIT), ("target", CHINESE)):
        (tmp_path / f"{name}.md").write_text(text * 40, "utf-8")
    output = tmp_path / "out.md"
    output.write_text("what stood here", "utf-8")
    named: list[str | Path] = []
    for name in ("base", "source", "target"):
        named += [f"--{name}", tmp_path / f"{name}.md"]
    ran = run_limited(1000, "merge", *named, "-l", "zh", "-o", output, "--report", tmp_path / "report.json")
    assert ran.returncode == 9
    assert "can't write: File too large; what was there before is intact" in ran.stderr
    assert output.read_text("utf-8") == "what stood here"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base.md", "out.md", "source.md", "target.md"]


def test_a_full_disk_leaves_no_branch_that_points_nowhere(book: Book) -> None:
    subprocess.run(command("sync", "--config", book.config, "--quiet"), check=True)
    tip, pulls = book.tip(), fingerprint(book.pulls)
    book.english({"tea.md": ENGLISH + "\n" + "".join(f"Sentence number {i} is here.\n\n" for i in range(100))})
    ran = run_limited(700, "sync", "--config", book.config)
    assert ran.returncode == 9
    assert "can't write: File too large; what was there before is intact" in ran.stderr
    assert (book.tip(), fingerprint(book.pulls)) == (tip, pulls)
    assert subprocess.run(command("sync", "--config", book.config, "--quiet"), check=False).returncode == 0
    assert book.tip() != tip


def test_a_full_disk_leaves_no_half_of_a_demo(tmp_path: Path) -> None:
    place = tmp_path / "demo"
    ran = run_limited(1500, "demo", "--dir", place)
    assert ran.returncode == 9
    assert ran.stderr.startswith("amts: the folder for temporary files: can't write: File too large")
    assert not place.exists()


def test_a_full_disk_leaves_no_half_of_a_sample_book(tmp_path: Path) -> None:
    place = tmp_path / "demo"
    program = f"""
import resource, pathlib, bot.cli.sample_book as sample
resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))
sample.build_sample(pathlib.Path({str(place)!r}))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "StorageError" in ran.stderr.splitlines()[-1]
    assert f"{place}: can't write: " in ran.stderr
    assert list(place.iterdir()) == []


def test_a_folder_that_must_not_be_written_is_a_clear_error(tmp_path: Path) -> None:
    named: list[str | Path] = []
    for name in ("base", "source", "target"):
        (tmp_path / f"{name}.md").write_text(CHINESE, "utf-8")
        named += [f"--{name}", tmp_path / f"{name}.md"]
    # Root may write everywhere but here.
    place = Path("/proc/out.md") if os.geteuid() == 0 else tmp_path / "closed" / "out.md"
    if os.geteuid() != 0:
        place.parent.mkdir(mode=0o555)
    ran = subprocess.run(command("merge", *named, "-l", "zh", "-o", place), capture_output=True, text=True, check=False)
    assert ran.returncode == 9
    assert ran.stderr.startswith(f"amts: {place}: can't write: ")
    assert ran.stderr.count("\n") == 1

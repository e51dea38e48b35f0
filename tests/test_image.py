"""The image's steps in a root of Debian's, and the service that starts in it: no container engine is needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator

import pytest
from packaging.utils import canonicalize_name

from bot.cli.sample_book import build_sample
from tests.support.image import ROOT, Stage, build, make_debian
from tests.support.service_process import Process
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("debootstrap") is None, reason="needs root and Debian's debootstrap"
    ),
]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    work = tmp_path_factory.mktemp("image")
    work.chmod(0o755)
    for folder in (work.parent, work.parent.parent):
        folder.chmod(0o755)  # the image's user must get to the root
    make_debian(work / "debian")
    yield build(work / "debian", work)
    shutil.rmtree(work)


def test_the_image_holds_what_is_locked_and_a_list_of_it(image: Stage) -> None:
    bill = json.loads((image.root / "opt" / "amts" / "sbom.cdx.json").read_text("utf-8"))
    listed = {(canonicalize_name(each["name"]), each["version"]) for each in bill["components"]}
    assert (bill["bomFormat"], ("amts", "0.1.0") in listed) == ("CycloneDX", True)
    lock = (ROOT / "locks" / "image.txt").read_text("utf-8")
    locked = {
        (canonicalize_name(name), version) for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)
    }
    assert len(listed) > 70
    assert listed - {("amts", "0.1.0")} <= locked
    assert not (image.root / "opt" / "amts" / "bin" / "pip").exists()


def test_the_command_runs_as_the_user_of_the_image(image: Stage) -> None:
    ran = image.run(*image.entrypoint, "--version")
    assert (ran.returncode, ran.stdout) == (0, "amts 0.1.0\n"), ran.stderr
    assert image.run("id", "--user", "--name").stdout == "amts\n"
    assert image.run("touch", "/opt/amts/planted").returncode != 0
    assert image.run("touch", "/cache/kept").returncode == 0


def test_a_whole_sync_runs_in_it(image: Stage) -> None:
    ran = image.run(*image.entrypoint, "demo", "--dir", "/home/amts/demo")
    assert ran.returncode == 0, ran.stderr
    assert "The pull request for zh" in ran.stdout


def test_the_service_starts_is_healthy_and_stops(image: Stage) -> None:
    books = image.root / "books"
    build_sample(books / "sample")
    settings = books / "sample" / "amts.yaml"
    settings.write_text(settings.read_text("utf-8").replace("engine: translate", "engine: copy"), "utf-8")
    assert image.run("id", "--user", "amts").stdout == "1000\n"
    for place in (books / "sample").rglob("*"):
        os.chown(place, 1000, 1000, follow_symlinks=False)
    os.chown(books / "sample", 1000, 1000)
    program = image.command(image.entrypoint, {"AMTS_WEBHOOK_SECRET": "a secret of the test that is long enough"})
    service = Process(dict(os.environ), ["--config", "/books/sample/amts.yaml"], program)
    port = service.url.rpartition(":")[2]
    try:
        eventually(lambda: len(service.outcomes()) == 2)
        asked = image.run("python", "/healthcheck.py", AMTS_PORT=port)
    finally:
        code = service.end(signal.SIGTERM)
    assert service.outcomes() == ["synced", "synced"], service.log
    assert (asked.returncode, code) == (0, 0), asked.stderr
    assert all((books / "sample" / "pull-requests" / language / "1").is_dir() for language in ("es", "zh"))
    assert image.run("python", "/healthcheck.py", AMTS_PORT=port).returncode == 1

"""`amts check --aws` against the emulator: what is well, and what to do about what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.amazon_run import World, make_world
from tests.cli_run import BOOK_ZH, Book, Cli, Ran
from tests.emulator_fixture import BUCKET, ROLE, Cloud

AMAZON = {"kind": "amazon", "region": "us-east-1", "bucket": BUCKET, "role": ROLE}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, cloud: Cloud) -> World:
    return make_world(cloud, monkeypatch)


def check(folder: Path, cli: Cli, **settings: object) -> Ran:
    book = Book(folder, {"zh": BOOK_ZH, "tr": {}})
    languages = {"zh": {"repo": "zh", "engine": "translate"}, "tr": {"repo": "zh", "engine": "translate"}}
    book.configure({}, languages=languages, engines={"translate": {**AMAZON, **settings}})
    return cli("check", "--aws", "--config", book.config)


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


def test_what_is_well_is_told_once_for_an_engine(tmp_path: Path, cli: Cli, aws: World) -> None:
    ran = check(tmp_path, cli)
    assert ran.code in (0, 3)
    lines = [line for line in (ran.out + ran.err).splitlines() if "engines.translate: " in line]
    assert len(lines) == len(set(lines)) >= 4
    assert any(BUCKET in line for line in lines)
    assert aws.stored() == []


def test_a_bucket_that_is_not_there_is_a_problem_with_its_remedy(tmp_path: Path, cli: Cli, aws: World) -> None:
    ran = check(tmp_path, cli, bucket="not-there")
    assert ran.code == 3
    assert "engines.translate: " in ran.err
    assert "not-there" in ran.err
    assert "create" in ran.err
    assert aws.stored() == []


def test_without_an_engine_of_that_kind_there_is_nothing_to_look_at(tmp_path: Path, cli: Cli) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    ran = cli("check", "--aws", "--config", book.config)
    assert (ran.code, "nothing to look at in AWS" in ran.out) == (0, True)

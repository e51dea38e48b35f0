"""`amts check --aws` against the emulator: what is well, and what to do about what is not."""

from __future__ import annotations

from pathlib import Path

from tests.support.amazon_run import World, create_role
from tests.support.cli_run import BOOK_ZH, Book, Cli, Ran
from tests.support.emulator_fixture import BUCKET, ROLE

AMAZON = {"kind": "amazon", "region": "us-east-1", "bucket": BUCKET, "role": ROLE}


def check(folder: Path, cli: Cli, **settings: object) -> Ran:
    book = Book(folder, {"zh": BOOK_ZH, "tr": {}})
    languages = {"zh": {"repo": "zh", "engine": "translate"}, "tr": {"repo": "zh", "engine": "translate"}}
    book.configure({}, languages=languages, engines={"translate": {**AMAZON, **settings}})
    return cli("check", "--aws", "--config", book.config)


def told(ran: Ran) -> list[str]:
    """What is said of the engine, in the order of the streams."""
    return [line for line in (ran.out + ran.err).splitlines() if "engines.translate: " in line]


def test_what_is_well_is_told_once_for_an_engine(tmp_path: Path, cli: Cli, world: World) -> None:
    create_role()
    ran = check(tmp_path, cli)
    assert (ran.code, ran.err) == (0, "")
    lines = told(ran)
    assert len(lines) == len(set(lines)) == 8
    assert sum(f"{BUCKET} is in us-east-1" in line for line in lines) == 1
    assert sum(f"{ROLE} trusts translate.amazonaws.com" in line for line in lines) == 1
    assert world.stored() == []


def test_a_role_that_is_not_there_is_a_problem_and_the_rest_is_told(tmp_path: Path, cli: Cli, world: World) -> None:
    ran = check(tmp_path, cli)
    assert ran.code == 3
    assert f"there is no {ROLE}; create it" in ran.err
    assert len(told(ran)) == 8
    assert world.stored() == []


def test_a_bucket_that_is_not_there_is_a_problem_with_its_remedy(tmp_path: Path, cli: Cli, world: World) -> None:
    ran = check(tmp_path, cli, bucket="not-there")
    assert ran.code == 3
    assert "engines.translate: " in ran.err
    assert "not-there" in ran.err
    assert "create" in ran.err
    assert world.stored() == []


def test_without_an_engine_of_that_kind_there_is_nothing_to_check(tmp_path: Path, cli: Cli) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    ran = cli("check", "--aws", "--config", book.config)
    assert (ran.code, "no engine of the configuration has a service that can be checked" in ran.out) == (0, True)

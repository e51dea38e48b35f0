"""A configuration as text: what is no YAML, or beyond all bounds, is refused with its line."""

from __future__ import annotations

import re

import pytest

from bot.book.project import read_config
from tests.support.refused import MINIMAL, refusal


@pytest.mark.parametrize("link", ["[*a{0}, *a{0}]", "{{<<: [*a{0}, *a{0}]}}", "{{x: *a{0}, y: *a{0}}}"])
def test_anchors_that_stand_for_too_much_are_refused_at_once(link: str) -> None:
    lines = ["version: 1", "a: &a0 {x: y}", *(f"a{n}: &a{n + 1} {link.format(n)}" for n in range(40))]
    (told,) = refusal("\n".join(lines))
    assert re.fullmatch(r"amts\.yaml:1: its anchors stand for [\d,]+ values, and 200,000 are the most", told)


@pytest.mark.parametrize("value", ["1e999", "-1e999", "nan", ".inf", "9" * 400, "1000000001"])
def test_a_number_that_would_overflow_is_refused(value: str) -> None:
    (told,) = refusal(MINIMAL + f"service: {{stale_hours: {value}}}\n")
    assert told.startswith("amts.yaml:5: service.stale_hours")


def test_the_bound_of_a_number_is_said_and_counts_have_a_wider_one() -> None:
    config = read_config(MINIMAL + "service: {queue: 2000000000, stale_hours: 1000000000}\n")
    assert (config.service.queue, config.service.stale_hours) == (2_000_000_000, 1e9)
    for key, most in (("queue", 10**15), ("stale_hours", 10**9)):
        (told,) = refusal(MINIMAL + f"service: {{{key}: {most + 1}}}\n")
        assert told == f"amts.yaml:5: service.{key} is beyond all bounds; give a number from -{most:,} to {most:,}"


@pytest.mark.parametrize(
    "service",
    [
        "queue: !!int 7, stale_hours: !!float 2, cron: !!str ''",
        "queue: !!int '7', stale_hours: !!float 2.0, cron: ''",
        "queue: !!float 7, stale_hours: !!int 2",
        "queue: 7, stale_hours: 2, windows: !!map {}",
    ],
)
def test_the_tags_of_plain_values_say_nothing_new(service: str) -> None:
    zh = "{repo: ../zh, include: !!seq [!!str a.md], measure: !!bool true}"
    config = read_config(MINIMAL.replace("{repo: ../zh}", zh) + f"service: {{{service}}}\n")
    assert (config.service.queue, config.service.stale_hours) == (7, 2.0)
    assert config.languages["zh"].measure is True


def test_a_tag_does_not_let_a_value_past_its_bounds() -> None:
    for value in ("!!float .inf", "!!float 1e999", "!!bool 7e9", "!!float nan", "!!float '9e9'"):
        assert refusal(MINIMAL + f"service: {{stale_hours: {value}}}\n")[0].startswith(
            "amts.yaml:5: service.stale_hours"
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "amts.yaml:1: the file is empty"),
        ("# nothing\n", "amts.yaml:1: the file is empty"),
        ("\n- a\n", "amts.yaml:2: the file must hold keys and values"),
        ("version: 1\nsource: [a\n", "amts.yaml:3: not valid YAML"),
        ("version: 1\n\tsource: a\n", "amts.yaml:2: not valid YAML"),
        ("version: 1\n---\nversion: 1\n", "amts.yaml:2: not valid YAML"),
        ("version: 1\nsource: \x07\n", "amts.yaml:2: not valid YAML: a character that YAML does not allow"),
        (
            "version: !!python/object:os.system 1\n",
            "amts.yaml:1: not valid YAML: the tag !!python/object:os.system has",
        ),
        ("version: !own [1]\n", "amts.yaml:1: not valid YAML: the tag !own has no place here; take it out"),
        ("version: !a%1bb x\n", "amts.yaml:1: not valid YAML: the tag !a\\x1bb has no place here; take it out"),
        ("version: !!bool [1]\n", "amts.yaml:1: not valid YAML: expected a scalar node"),
        ("a: &a\n  b: *a\n", "amts.yaml:1: the anchor here holds itself; write out what it stands for"),
        ("a: &a\n  b:\n  - *a\n", "amts.yaml:1: the anchor here holds itself; write out what it stands for"),
        ("[" * 5000, "amts.yaml:1: not valid YAML: it is nested too deeply"),
        ("x" * (4 * 1024 * 1024 + 1), "amts.yaml:1: has 4,194,305 characters, and 4,194,304 are the most"),
        ("version: !!timestamp 2026-02-30\n", "amts.yaml:1: not valid YAML: the tag !!timestamp has no place here"),
        ("version: !!int x\n", "amts.yaml:1: not valid YAML: the tag !!int needs a small whole number"),
        ("version: !!int '" + "9" * 5000 + "'\n", "amts.yaml:1: not valid YAML: the tag !!int needs a small whole"),
    ],
)
def test_text_that_is_no_configuration_is_refused_with_its_line(text: str, expected: str) -> None:
    assert refusal(text)[0].startswith(expected)

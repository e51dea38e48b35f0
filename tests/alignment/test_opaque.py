"""Code cells and the frameworks that they are for."""

from __future__ import annotations

import pytest

from bot.alignment.opaque import same_frameworks


@pytest.mark.parametrize(
    ("source", "target", "same"),
    [
        ({"pytorch"}, {"pytorch", "paddle"}, True),
        ({"all"}, {"pytorch", "jax"}, True),
        ({"all"}, {"pytorch"}, False),
        ({"mxnet"}, {"pytorch"}, False),
        (set(), set(), True),
    ],
)
def test_a_translation_may_add_a_framework_or_list_some_for_all(source: set[str], target: set[str], same: bool) -> None:
    assert same_frameworks(frozenset(source), frozenset(target)) is same
    assert same_frameworks(frozenset(target), frozenset(source)) is same

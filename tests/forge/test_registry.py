"""The table of forges: complete, described, and closed to the rooms above."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.forge.registry import FORGES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", FORGES)
def test_the_example_configuration_explains_each_forge(kind: str) -> None:
    assert f"`{kind}` " in (ROOT / "config" / "amts.yaml").read_text("utf-8")


@pytest.mark.parametrize("kind", FORGES)
def test_an_import_contract_keeps_each_forge_in_its_room(kind: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (protected,) = (contract["protected_modules"] for contract in contracts if "forge" in contract["name"])
    module = FORGES[kind].__module__
    assert any(f"{module}.".startswith(f"{name}.") for name in protected)

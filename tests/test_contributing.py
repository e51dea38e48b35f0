"""The listings of CONTRIBUTING.md work: their modules are imported and their tests run, here, as if they stood in their
files."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bot.comments.commands import COMMANDS
from bot.documents import FORMATS, DocumentFormat

PAGE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")
LISTINGS = re.findall(r"^`(\S+)\.py`\n\n```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def load(path: str, code: str) -> ModuleType:
    module = ModuleType(path.replace("/", "."))
    sys.modules[module.__name__] = module
    exec(compile(code, f"CONTRIBUTING.md: {path}", "exec"), module.__dict__)
    return module


MODULES = {path: load(path, code) for path, code in LISTINGS}
for _path, _module in MODULES.items():
    if _path.startswith("tests/"):
        globals().update({name: value for name, value in vars(_module).items() if name.lower().startswith("test")})


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "ping", MODULES["bot/comments/ping"].FORM)
    monkeypatch.setitem(FORMATS, "subrip", DocumentFormat((".srt",), MODULES["bot/documents/subrip"].parse))


def test_each_recipe_has_a_module_and_its_test() -> None:
    kinds = {path.split("/")[1] for path in MODULES}
    assert kinds == {"comments", "documents", "engines", "forge"}
    assert len(MODULES) == 2 * len(kinds)

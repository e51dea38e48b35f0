"""The settings of an engine are imported where a configuration names its kind, and the engine where it is made."""

from __future__ import annotations

import subprocess
import sys

import pytest

CONFIG = "version: 1\nsource: {repo: en}\nlanguages: {zh: {repo: zh}}\n"
AMAZON = "engines: {a: {kind: amazon, region: us-east-1, bucket: books, role: 'arn:aws:iam::123456789012:role/a'}}\n"


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        (CONFIG, {"bot.engines.memory"}),
        (CONFIG.replace("repo: zh", "repo: zh, engine: copy"), {"bot.engines.copy"}),
        (CONFIG + AMAZON, {"bot.engines.memory", "bot.engines.amazon.settings"}),
    ],
    ids=["memory", "copy", "amazon"],
)
def test_only_the_settings_of_configured_kinds_are_imported(text: str, loaded: set[str]) -> None:
    program = f"import sys; from bot.book.project import read_config; read_config({text!r}); print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    modules = set(output.split())
    candidates = {"bot.engines.copy", "bot.engines.memory", "bot.engines.amazon.settings", "bot.engines.amazon.engine"}
    assert modules & {*candidates, "boto3"} == loaded

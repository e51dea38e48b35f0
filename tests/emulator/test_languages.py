"""The languages of the emulator."""

from __future__ import annotations

import pytest

from bot.emulator.languages import primary_code


@pytest.mark.parametrize(
    ("code", "primary"),
    [("zh-CN", "zh"), ("zh_Hans", "zh"), ("ZH-tw", "zh-TW"), ("zh-Hant", "zh-TW"), ("en-GB", "en"), ("xx-YY", "xx-YY")],
)
def test_language_codes_of_files_become_the_services(code: str, primary: str) -> None:
    assert primary_code(code) == primary

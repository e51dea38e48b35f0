"""Texts and documents that the emulator translates at once, their limits, and what is billed."""

from __future__ import annotations

import pytest

from tests.support.emulator_fixture import Cloud, error_of


def test_documents_are_translated_at_once(cloud: Cloud) -> None:
    def translated(content: str, target: str = "zh", content_type: str = "text/html") -> str:
        answer = cloud.translate.translate_document(
            Document={"Content": content.encode(), "ContentType": content_type},
            SourceLanguageCode="en",
            TargetLanguageCode=target,
        )
        return answer["TranslatedDocument"]["Content"].decode()

    assert translated("<html><p>Tea</p></html>") == "<html><p>⟦Ťéà ~⟧</p></html>"
    assert translated("<p>Tea</p>", content_type="text/plain").startswith("⟦<ṕ>")
    with pytest.raises(cloud.translate.exceptions.InvalidRequestException):
        translated("Tea", content_type="application/pdf")


def test_a_text_has_at_most_ten_thousand_bytes(cloud: Cloud) -> None:
    assert cloud.translated("a " * 5000, TargetLanguageCode="en") == "a " * 5000
    for text in ("茶" * 3334, "a" * 10_001):
        with pytest.raises(cloud.translate.exceptions.TextSizeLimitExceededException, match="10000 bytes"):
            cloud.translated(text)


def test_texts_are_billed_by_pair_of_languages(cloud: Cloud) -> None:
    cloud.translated("Tea")
    cloud.translated("<b>茶</b>")
    cloud.translated("Tea", TargetLanguageCode="en")
    assert cloud.emulator.state().billed == {"en-zh": 11}


def test_languages_are_listed(cloud: Cloud) -> None:
    codes = {item["LanguageCode"] for item in cloud.translate.list_languages()["Languages"]}
    assert {"en", "zh", "zh-TW", "pt-PT", "es-MX", "tr", "vi"} <= codes
    assert (
        error_of(cloud.translate.list_languages, DisplayLanguageCode="zh") == "UnsupportedDisplayLanguageCodeException"
    )

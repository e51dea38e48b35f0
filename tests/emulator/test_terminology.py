"""Terminologies of the emulator: import, overwriting, listing, and their use by texts and jobs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.emulator_fixture import BUCKET, Clock, Cloud, StartCloud, error_of


def test_terms_are_replaced_in_what_it_says_and_told(cloud: Cloud) -> None:
    cloud.translate.import_terminology(
        Name="words",
        MergeStrategy="OVERWRITE",
        TerminologyData={"File": "en,zh\nTea,茶\nTea pot,茶壶\ntea,小茶\n".encode(), "Format": "CSV"},
    )
    answer = cloud.translate.translate_text(
        Text="Tea in a Tea pot, Teas",
        SourceLanguageCode="en",
        TargetLanguageCode="zh",
        TerminologyNames=["words"],
        Settings={"Formality": "FORMAL", "Profanity": "MASK"},
    )
    assert answer["TranslatedText"] == "⟦茶 îń à 茶壶, Ťéàš ~~~~~~~⟧"
    assert answer["AppliedTerminologies"] == [
        {
            "Name": "words",
            "Terms": [{"SourceText": "Tea", "TargetText": "茶"}, {"SourceText": "Tea pot", "TargetText": "茶壶"}],
        }
    ]
    assert answer["AppliedSettings"] == {"Profanity": "MASK"}
    cloud.put("in/tea.html", "<html><p>Tea</p></html>")
    job = cloud.job(cloud.start_job(TerminologyNames=["words"]))
    folder = job["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
    details = json.loads(cloud.get(f"{folder}details/zh.auxiliary-translation-details.json"))
    applied = [{"name": "words", "terms": [{"sourceText": "Tea", "targetText": "茶"}]}]
    assert details["details"][0]["auxiliaryData"] == {"appliedTerminologies": applied}
    assert error_of(cloud.start_job, TerminologyNames=["a", "b"]) == "InvalidParameterValueException"


def test_terminologies_are_created_overwritten_listed_and_deleted(start_cloud: StartCloud) -> None:
    clock = Clock()
    cloud = start_cloud(clock=clock)
    translate = cloud.translate

    def imported(content: str, name: str = "words") -> Any:
        data: Any = {"File": content.encode(), "Format": "CSV"}
        return translate.import_terminology(Name=name, MergeStrategy="OVERWRITE", TerminologyData=data)

    first = imported("en,zh\nTea,茶\n" + "x" * 201 + ",y\n")
    assert first["TerminologyProperties"]["TermCount"] == 1
    assert first["TerminologyProperties"]["SkippedTermCount"] == 1
    assert "Directionality" not in first["TerminologyProperties"]
    assert "AuxiliaryDataLocation" in first
    arn = first["TerminologyProperties"]["Arn"]
    assert arn == "arn:aws:translate:us-east-1:123456789012:terminology/words/LATEST"
    clock.now += 60
    properties = imported("en,zh\nTea,茶\nCup,杯\n")["TerminologyProperties"]
    assert properties["LastUpdatedAt"] - properties["CreatedAt"] == timedelta(seconds=60)
    imported("en,tr\nTea,Çay\n", name="others")
    listed = translate.get_paginator("list_terminologies").paginate(PaginationConfig={"PageSize": 1})
    counts = {item["Name"]: item["TermCount"] for page in listed for item in page["TerminologyPropertiesList"]}
    assert counts == {"others": 1, "words": 2}
    found = translate.get_terminology(Name="words")
    assert found["TerminologyDataLocation"]["RepositoryType"] == "S3"
    translate.delete_terminology(Name="words")
    assert error_of(translate.get_terminology, Name="words") == "ResourceNotFoundException"
    with pytest.raises(translate.exceptions.InvalidParameterValueException, match="not formatted correctly"):
        imported("path/to/words.csv")

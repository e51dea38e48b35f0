#!/usr/bin/env bash
# Guess: botocore validates a request against its service model (parameter_validation is on by default), so a value that
#        breaks the model's enumeration, pattern or maximal length is refused before anything is sent.
# Seen:  only types, required and unknown members and lower bounds are checked. Values outside an enumeration, against a
#        pattern or above a maximum pass the validator and would be sent.
# Package: botocore 1.44.8 (service model: translate). Date: 2026-11-30.
# AMTS's emulator therefore checks these constraints of the model itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q botocore==1.44.8
"$folder/venv/bin/python" - <<'PYTHON'
import botocore
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

print("botocore", botocore.__version__)
model = ServiceModel(Loader().load_service_model("translate", "service-2"))
shape = model.operation_model("TranslateText").input_shape
settings = shape.members["Settings"].members["Formality"]
text, code = shape.members["Text"], shape.members["SourceLanguageCode"]
print("model: Formality is one of", settings.enum, "; Text", text.metadata, "; SourceLanguageCode", code.metadata)


def problems(**changes):
    request = {"Text": "a", "SourceLanguageCode": "en", "TargetLanguageCode": "de", **changes}
    return ParamValidator().validate(request, shape).generate_report()


passes = {
    "above the maximal length": problems(SourceLanguageCode="x" * (code.metadata["max"] + 1)),
    "outside the enumeration": problems(Settings={"Formality": "FRIENDLY"}),
}
refused = {
    "below the minimal length": problems(SourceLanguageCode=""),
    "a wrong type": problems(Text=1),
    "an unknown member": problems(Colour="red"),
}
for what, report in {**passes, **refused}.items():
    print(f"{what}: {report or 'passes'}")
create = model.operation_model("CreateParallelData").input_shape
name = create.members["Name"]
found = ParamValidator().validate(
    {"Name": "not a name!", "ParallelDataConfig": {"S3Uri": "s3://b/k", "Format": "CSV"}, "ClientToken": "token"}, create
).generate_report()
print(f"against the pattern {name.metadata['pattern']}: {found or 'passes'}")
assert not any(passes.values()) and not found and all(refused.values()), "botocore behaves differently now"
PYTHON

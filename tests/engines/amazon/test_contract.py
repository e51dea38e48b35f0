import pytest

from bot.emulator import Fault, FaultKind
from bot.engines.amazon.settings import AmazonSettings
from tests.support.emulator_fixture import BUCKET, ROLE, Cloud
from tests.support.engine_contract import EngineContract


@pytest.fixture(autouse=True)
def _service_that_loses_every_formula(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    cloud.emulator.add_fault(Fault(FaultKind.LOSE))


class TestAmazon(EngineContract):
    settings = AmazonSettings(kind="amazon", region="us-east-1", bucket=BUCKET, role=ROLE, poll_seconds=0.01)

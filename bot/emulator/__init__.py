"""A local Amazon Translate beside moto's S3, STS and IAM on one loopback endpoint, for the demo and the tests.

`bot.emulator.server.Emulator` runs it. It is not imported here, since it needs the extra `emulator`.
"""

from bot.emulator.faults import Fault, FaultKind
from bot.emulator.settings import AMAZON_RATES, EmulatorSettings, Fallback, Quotas

__all__ = ["AMAZON_RATES", "EmulatorSettings", "Fallback", "Fault", "FaultKind", "Quotas"]

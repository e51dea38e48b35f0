from bot.engines.memory import MemorySettings
from bot.model import Translation
from tests.support.engine_contract import EngineContract, ask


class TestMemory(EngineContract):
    settings = MemorySettings(kind="memory")

    def test_only_an_exact_match_is_translated(self) -> None:
        exact, _, fuzzy, _ = ask(self.make())
        assert exact == Translation("La piedra es gris.")
        assert fuzzy.text == "The stone is gray."
        assert fuzzy.left

    def test_a_fuzzy_match_is_offered_beside_the_english(self) -> None:
        offered = ask(self.make())[2].fuzzy
        assert offered is not None
        assert (offered.source, offered.target) == ("The stone is grey.", "La piedra es gris.")
        assert 0.75 <= offered.similarity < 1

from bot.engines.copy import CopySettings
from tests.support.engine_contract import EngineContract, ask


class TestCopy(EngineContract):
    settings = CopySettings(kind="copy")

    def test_every_sentence_is_marked_for_a_person_with_the_name_of_the_language(self) -> None:
        assert all(answer.left == "not translated: the English is copied" for answer in ask(self.make()))

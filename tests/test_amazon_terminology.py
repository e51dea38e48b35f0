"""The glossary in Amazon Translate: imported once, again when it changed; what is left out is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.app.languages import known_language
from bot.emulator import Quotas
from bot.engines.amazon.clients import ServiceError
from bot.engines.amazon.terminology import State, delete, ensure, import_terms, is_current, list_all, show
from bot.errors import InputError
from bot.memory.glossary import Term, read_glossary
from tests.amazon_run import SETTINGS, World, make_world, wrapped
from tests.emulator_fixture import Cloud

PAIR = known_language("en"), known_language("zh")
GLOSSARY = "鞍点，saddle point\n\n准确率/精度，accuracy\n"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, cloud: Cloud) -> World:
    return make_world(cloud, monkeypatch)


def ensured(aws: World, text: str = GLOSSARY) -> str | None:
    return ensure(aws.clients(), SETTINGS, "zh", text, PAIR)


def imports(aws: World) -> int:
    return aws.state.count("ImportTerminology")


def shown(aws: World) -> State:
    found = show(aws.clients(), SETTINGS)
    assert found is not None
    return found


def test_a_glossary_is_imported_once_and_again_when_it_changed(aws: World) -> None:
    assert ensured(aws) == ensured(aws) == "amts-zh"
    assert imports(aws) == 1
    first = shown(aws)
    assert (first.terms, first.skipped, first.source, first.targets) == (2, 0, "en", ("zh",))
    assert ensured(aws, GLOSSARY + "\n树，tree\n") == "amts-zh"
    assert imports(aws) == 2
    assert shown(aws).terms == 3
    assert shown(aws).hash != first.hash


def test_the_service_gets_the_preferred_terms_as_bytes_in_one_direction(aws: World) -> None:
    sent: list[dict[str, Any]] = []

    def keep(name: str, call: Callable[..., Any], members: dict[str, Any]) -> Any:
        if name == "import_terminology":
            sent.append(members)
        return call(**members)

    settings = replace(SETTINGS, encryption_key="alias/book", tags={"book": "d2l"})
    ensure(wrapped(keep)(aws.clients()), settings, "zh", GLOSSARY, PAIR)
    (members,) = sent
    data = "en,zh\nsaddle point,鞍点\naccuracy,准确率\n".encode()
    assert members["TerminologyData"] == {"File": data, "Format": "CSV", "Directionality": "UNI"}
    assert members["MergeStrategy"] == "OVERWRITE"
    assert members["EncryptionKey"] == {"Type": "KMS", "Id": "alias/book"}
    assert members["Tags"] == [{"Key": "book", "Value": "d2l"}]
    assert len(members["Description"]) <= 256


def test_a_terminology_of_another_program_is_overwritten(aws: World) -> None:
    data: Any = {"File": b"en,zh\na,b\n", "Format": "CSV"}
    aws.clients().translate.import_terminology(Name="amts-zh", MergeStrategy="OVERWRITE", TerminologyData=data)
    assert shown(aws).hash == ""
    ensured(aws)
    assert shown(aws).terms == 2


def test_force_imports_what_is_there_already(aws: World) -> None:
    terms = (Term("tree", ("树",)),)
    for force, changed, count in ((False, True, 1), (False, False, 1), (True, True, 2)):
        done = import_terms(aws.clients(), SETTINGS, terms, PAIR, force=force)
        assert done is not None
        assert (done.changed, imports(aws)) == (changed, count)
    assert is_current(shown(aws), terms, PAIR)
    assert not is_current(shown(aws), (), PAIR)


def test_terms_that_do_not_fit_are_told_and_none_at_all_is_no_terminology(aws: World) -> None:
    long = Term("x" * 201, ("树",))
    done = import_terms(aws.clients(), SETTINGS, (long, Term("tree", ("树",))), PAIR)
    assert done is not None
    assert done.dropped == ((long, "201 bytes, the service takes 200"),)
    assert import_terms(aws.clients(), SETTINGS, (long,), PAIR) is None
    assert imports(aws) == 1


def test_a_glossary_that_cannot_be_read_names_the_language(aws: World) -> None:
    with pytest.raises(InputError, match="the glossary of zh: has no line with a term"):
        ensured(aws, "nothing here")


def busy(times: int) -> Callable[[str, Callable[..., Any], dict[str, Any]], Any]:
    """An account in which something else changes the terminology."""
    left = [times]

    def around(name: str, call: Callable[..., Any], members: dict[str, Any]) -> Any:
        if name == "import_terminology" and left[0]:
            left[0] -= 1
            error: Any = {"Error": {"Code": "ConcurrentModificationException", "Message": "Busy"}}
            raise ClientError(error, "ImportTerminology")
        return call(**members)

    return around


def test_an_import_waits_for_another_change_but_not_for_ever(aws: World) -> None:
    assert ensure(wrapped(busy(3))(aws.clients()), SETTINGS, "zh", GLOSSARY, PAIR) == "amts-zh"
    assert aws.time.slept == [1.0, 1.5, 2.25]
    delete(aws.clients(), SETTINGS)
    slow = replace(SETTINGS, poll_seconds=60.0, max_poll_seconds=300.0)
    with pytest.raises(ServiceError, match="ConcurrentModification"):
        ensure(wrapped(busy(-1))(aws.clients()), slow, "zh", GLOSSARY, PAIR)
    assert sum(aws.time.slept[3:]) <= 600


def test_list_and_delete(aws: World) -> None:
    assert list(list_all(aws.clients())) == []
    assert not delete(aws.clients(), SETTINGS)
    ensured(aws)
    ensure(aws.clients(), replace(SETTINGS, language="zh-x"), "zh-x", GLOSSARY, PAIR)
    assert [state.name for state in list_all(aws.clients())] == ["amts-zh", "amts-zh-x"]
    assert delete(aws.clients(), SETTINGS)
    assert show(aws.clients(), SETTINGS) is None
    assert [state.name for state in list_all(aws.clients())] == ["amts-zh-x"]


def test_an_account_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch, start_cloud: Callable[..., Cloud]) -> None:
    full = make_world(start_cloud(quotas=Quotas(terminologies=0)), monkeypatch)
    with pytest.raises(ServiceError, match="LimitExceededException"):
        ensured(full)


def test_the_real_glossaries_are_imported_whole(aws: World, shared: Path) -> None:
    for code, number in (("zh", 138), ("tr", 183)):
        pair = known_language("en"), known_language(code)
        glossary = read_glossary((shared / "d2l" / f"terminology.{code}.md").read_bytes(), pair, code)
        done = import_terms(aws.clients(), replace(SETTINGS, language=code), glossary.terms, pair)
        assert done is not None
        assert (done.state.terms, done.state.skipped, done.dropped) == (number, 0, ())

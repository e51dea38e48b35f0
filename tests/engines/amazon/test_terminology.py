"""The glossary in Amazon Translate: imported once, again when it changed; what is left out is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.book.package_data import known_language
from bot.emulator import Quotas
from bot.engines.amazon.clients import Clients, ServiceError
from bot.engines.amazon.settings import AmazonSettings
from bot.engines.amazon.terminology import AmazonTerminology
from bot.engines.teaching import TerminologyState
from bot.glossary import Term, read_glossary
from bot.model import Direction
from tests.support.amazon_run import SETTINGS, World, changed, make_world, wrapped
from tests.support.emulator_fixture import Cloud

PAIR = Direction(known_language("en"), known_language("zh"))
GLOSSARY = "鞍点，saddle point\n\n准确率/精度，accuracy\n"


def service(
    world: World, settings: AmazonSettings = SETTINGS, language: str = "zh", clients: Clients | None = None
) -> AmazonTerminology:
    return AmazonTerminology(world.session(settings, language, clients))


def ensured(world: World, text: str = GLOSSARY, **options: Any) -> str | None:
    imported = service(world, **options).import_terms(read_glossary(text.encode(), PAIR, "zh").terms, PAIR)
    return imported.state.name if imported else None


def imports(world: World) -> int:
    return world.state.count("ImportTerminology")


def shown(world: World) -> TerminologyState:
    found = service(world).find()
    assert found is not None
    return found


def test_a_glossary_is_imported_once_and_again_when_it_changed(world: World) -> None:
    assert ensured(world) == ensured(world) == "amts-zh"
    assert imports(world) == 1
    first = shown(world)
    assert (first.terms, first.skipped, first.source, first.targets) == (2, 0, "en", ("zh",))
    assert ensured(world, GLOSSARY + "\n树，tree\n") == "amts-zh"
    assert imports(world) == 2
    assert shown(world).terms == 3
    assert shown(world).hash != first.hash


def test_the_service_gets_the_preferred_terms_as_bytes_in_one_direction(world: World) -> None:
    sent: list[dict[str, Any]] = []

    def keep(name: str, call: Callable[..., Any], members: dict[str, Any]) -> Any:
        if name == "import_terminology":
            sent.append(members)
        return call(**members)

    settings = changed(encryption_key="alias/book", tags={"book": "d2l"})
    ensured(world, settings=settings, clients=wrapped(keep)(world.clients()))
    (members,) = sent
    data = "en,zh\nsaddle point,鞍点\naccuracy,准确率\n".encode()
    assert members["TerminologyData"] == {"File": data, "Format": "CSV", "Directionality": "UNI"}
    assert members["MergeStrategy"] == "OVERWRITE"
    assert members["EncryptionKey"] == {"Type": "KMS", "Id": "alias/book"}
    assert members["Tags"] == [{"Key": "book", "Value": "d2l"}]
    assert len(members["Description"]) <= 256


def test_a_terminology_of_another_program_is_overwritten(world: World) -> None:
    data: Any = {"File": b"en,zh\na,b\n", "Format": "CSV"}
    world.clients().translate.import_terminology(Name="amts-zh", MergeStrategy="OVERWRITE", TerminologyData=data)
    assert shown(world).hash == ""
    ensured(world)
    assert shown(world).terms == 2


def test_force_imports_what_is_there_already(world: World) -> None:
    terms = (Term("tree", ("树",)),)
    for force, is_changed, count in ((False, True, 1), (False, False, 1), (True, True, 2)):
        done = service(world).import_terms(terms, PAIR, force=force)
        assert done is not None
        assert (done.changed, imports(world)) == (is_changed, count)
    assert service(world).is_current(shown(world), terms, PAIR)
    assert not service(world).is_current(shown(world), (), PAIR)


def test_terms_that_do_not_fit_are_told_and_none_at_all_is_no_terminology(world: World) -> None:
    long = Term("x" * 201, ("树",))
    done = service(world).import_terms((long, Term("tree", ("树",))), PAIR)
    assert done is not None
    assert done.dropped == ((long, "201 bytes, the service takes 200"),)
    assert service(world).import_terms((long,), PAIR) is None
    assert imports(world) == 1


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


def test_an_import_waits_for_another_change_but_not_for_ever(world: World) -> None:
    assert ensured(world, clients=wrapped(busy(3))(world.clients())) == "amts-zh"
    assert world.time.slept == [1.0, 1.5, 2.25]
    service(world).delete()
    slow = changed(poll_seconds=60.0, max_poll_seconds=300.0)
    with pytest.raises(ServiceError, match="ConcurrentModification"):
        ensured(world, settings=slow, clients=wrapped(busy(-1))(world.clients()))
    assert sum(world.time.slept[3:]) <= 600


def test_list_and_delete(world: World) -> None:
    assert list(service(world).list_all()) == []
    assert not service(world).delete()
    ensured(world)
    ensured(world, language="zh-x")
    assert [state.name for state in service(world).list_all()] == ["amts-zh", "amts-zh-x"]
    assert service(world).delete()
    assert service(world).find() is None
    assert [state.name for state in service(world).list_all()] == ["amts-zh-x"]


def test_an_account_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch, start_cloud: Callable[..., Cloud]) -> None:
    full = make_world(start_cloud(quotas=Quotas(terminologies=0)), monkeypatch)
    with pytest.raises(ServiceError, match="LimitExceededException"):
        ensured(full)


def test_the_real_glossaries_are_imported_whole(world: World, shared: Path) -> None:
    for code, number in (("zh", 138), ("tr", 183)):
        pair = Direction(known_language("en"), known_language(code))
        glossary = read_glossary((shared / "d2l" / f"terminology.{code}.md").read_bytes(), pair, code)
        done = service(world, language=code).import_terms(glossary.terms, pair)
        assert done is not None
        assert (done.state.terms, done.state.skipped, done.dropped) == (number, 0, ())

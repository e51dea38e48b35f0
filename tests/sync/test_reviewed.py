"""A reviewer's correction of a draft goes wherever the same draft of the same sentence stands in the pull request."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chapters_scene import Scene

BRANCH = "amts/zh"
DATA, DEEP, INDEX, NETS = "intro/data.md", "nets/deep.md", "index.md", "nets/index.md"
HONEY = "The hive is full of golden honey."
DRAFT, CORRECTED, OTHER = f"机器〔{HONEY}〕。", "蜂箱里满是金色的蜂蜜。", "整个蜂箱都是蜂蜜。"


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A pull request with the same draft in four files."""
    scene = Scene(tmp_path, monkeypatch)
    scene.above = None
    scene.add(HONEY, DATA, DEEP, INDEX, NETS)
    scene.sync()
    return scene


def _review(scene: Scene, path: str, text: str) -> None:
    scene.host.push(BRANCH, {path: scene.text(path, BRANCH).replace(DRAFT, text) + "\n"})


def test_a_correction_is_applied_to_the_same_draft_and_the_body_says_so(scene: Scene) -> None:
    _review(scene, DATA, CORRECTED)
    assert scene.sync() == {None: "updated"}
    for path in (DATA, DEEP, INDEX, NETS):
        assert CORRECTED in scene.text(path, BRANCH)
        assert DRAFT not in scene.text(path, BRANCH)
    body = scene.host.body(scene.host.open()[BRANCH])
    assert "## Corrected once, applied elsewhere" in body
    assert f"- `{DEEP}`, line 5: as in `{DATA}`" in body
    assert scene.sync() == {None: "unchanged"}


def test_a_draft_that_somebody_touched_stays(scene: Scene) -> None:
    _review(scene, DATA, CORRECTED)
    scene.sync()
    scene.host.push(BRANCH, {DEEP: scene.text(DEEP, BRANCH).replace(CORRECTED, OTHER) + "\n"})
    assert scene.sync() == {None: "unchanged"}
    assert OTHER in scene.text(DEEP, BRANCH)
    assert CORRECTED in scene.text(DATA, BRANCH)


def test_corrections_that_differ_are_not_applied_and_the_body_says_so(scene: Scene) -> None:
    _review(scene, DATA, CORRECTED)
    _review(scene, DEEP, OTHER)
    scene.add("It is very sweet indeed.", DATA)
    assert scene.sync() == {None: "updated"}
    assert DRAFT in scene.text(INDEX, BRANCH)
    assert DRAFT in scene.text(NETS, BRANCH)
    body = scene.host.body(scene.host.open()[BRANCH])
    assert f"Not applied in `{INDEX}`, `{NETS}`, since the corrections of `{HONEY}` differ:" in body
    assert CORRECTED in body
    assert OTHER in body


def test_english_put_back_is_no_correction(scene: Scene) -> None:
    _review(scene, DATA, HONEY)
    scene.sync()
    assert DRAFT in scene.text(DEEP, BRANCH)

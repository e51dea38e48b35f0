"""What `amts init` finds in the real books, with their records of the English and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.book.edition import LanguageEdition, Source, open_source
from bot.book.history import read_history
from bot.book.package_data import known_language
from bot.book.workers import Runner
from bot.forge.git import Repository
from bot.onboarding.discovery import Discovery, OnboardingRequest, SourceRepository, TargetRepository, examine
from bot.onboarding.places import RepositoryPlace, default_branch
from bot.onboarding.proposal import make_project, propose
from tests.support.gitrepo import add_commits, git, tree

pytestmark = pytest.mark.sweep

Books = Callable[[str], Path]
ENGLISH = known_language("en")
# That of benchmarks/whole_book.py.
BENCHMARK = """version: 1
source: {{repo: {en}, branch: main, language: en}}
files: {{include: ["**/*.md"], exclude: ["**/*_origin.md", "**/*_en.md"]}}
languages:
  zh: {{repo: {zh}, branch: main, engine: memory}}
  tr: {{repo: {tr}, branch: main, engine: memory, origin_suffixes: [_origin, _en]}}
"""


@pytest.fixture(scope="module")
def source(real_book: Books) -> SourceRepository:
    repository = Repository.open(real_book("en"), Path())
    snapshot = repository.snapshot(repository.head(default_branch(repository)))
    book = Source(repository, snapshot, read_history(repository, snapshot.commit))
    return SourceRepository(RepositoryPlace(str(real_book("en"))), "main", book, ENGLISH)


def look(source: SourceRepository, place: Path) -> TargetRepository:
    repository = Repository.open(place, place.parent)
    branch = default_branch(repository)
    snapshot = repository.snapshot(repository.head(branch))
    return examine(source, RepositoryPlace(str(place)), branch, snapshot, "", Runner(2))


def text_for(source: SourceRepository, target: TargetRepository) -> str:
    discovery = Discovery(OnboardingRequest("", []), source, [target], Path())
    return propose(discovery, [target]).text(None)


@pytest.mark.parametrize(("name", "suffixes"), [("zh", ("_origin",)), ("tr", ("_origin", "_en"))])
def test_the_proposed_configuration_is_the_one_that_people_wrote(
    real_book: Books, source: SourceRepository, tmp_path: Path, name: str, suffixes: tuple[str, ...]
) -> None:
    found = look(source, real_book(name))
    assert (found.language.code, found.branch, found.baseline, found.remarks) == (name, "main", "origin-file", ())
    proposed = make_project(text_for(source, found), tmp_path, tmp_path)
    places = {code: real_book(code).as_posix() for code in ("en", "zh", "tr")}
    written = make_project(BENCHMARK.format(**places), tmp_path, tmp_path)
    target = proposed.config.languages[name]
    assert (target.origin_suffixes, target.paths, target.engine) == (suffixes, {}, "memory")
    repository = found.snapshot.repository
    books = [
        LanguageEdition(project, source.book, name, repository, found.snapshot, Runner(1)).published_book
        for project in (proposed, written)
    ]
    assert books[0].files == books[1].files
    assert books[0].baselines.bases == books[1].baselines.bases


def test_the_source_is_in_english(source: SourceRepository) -> None:
    pytest.importorskip("py3langid")
    assert source.doubt == ""
    assert replace(source, language=known_language("zh")).doubt == "py3langid takes the words of the source for en"


def test_without_records_the_pairs_are_the_same_and_the_baselines_inferred(
    real_book: Books, source: SourceRepository, tmp_path: Path
) -> None:
    recorded = look(source, real_book("tr"))
    plain = tmp_path / "tr.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(real_book("tr")), "tr.git")
    files = tree(plain, "main")
    add_commits(plain, dict.fromkeys(path for path in files if path.endswith(("_origin.md", "_en.md"))))
    found = look(source, plain)
    assert (found.baseline, found.layout.suffixes) == ("infer", {})
    assert found.layout.pairs == recorded.layout.pairs


def test_renamed_chapters_are_found_again(real_book: Books, source: SourceRepository, tmp_path: Path) -> None:
    """Ten files under names that no English has, and two chapters in folders of other names."""
    git(tmp_path, "clone", "--quiet", "--bare", str(real_book("zh")), "zh.git")
    plain = tmp_path / "zh.git"
    files = tree(plain, "main")
    chapters = {"chapter_optimization/": "youhua/", "chapter_recurrent-modern/": "xunhuan/"}
    singles = [path for path in sorted(files) if path.startswith("chapter_computer-vision/") and "_origin" not in path]
    new = {path: f"shijue/{number:02}.md" for number, path in enumerate(singles[:10])}
    new |= {
        path: chapters[folder] + path.removeprefix(folder)
        for path in files
        for folder in chapters
        if path.startswith(folder) and "_origin" not in path
    }
    gone = [path for path in files if path in new or path.endswith("_origin.md")]
    add_commits(plain, {**dict.fromkeys(gone), **{to: files[path] for path, to in new.items()}})
    found = look(source, plain)
    expected = {path: to for path, to in new.items() if path in source.book.snapshot.entries}
    mapped = {**found.layout.pairs, **found.layout.renamed}
    wrong = {to: mapped[to] for path, to in expected.items() if mapped.get(to, path) != path}
    assert wrong == {}
    assert {folder: found.layout.paths.get(f"{folder}*") for folder in chapters} == {
        folder: f"{new_folder}*" for folder, new_folder in chapters.items()
    }
    assert sum(to in mapped for to in expected.values()) >= len(expected) - 2
    # It is a configuration that opens, and finds these files.
    project = make_project(text_for(source, found), tmp_path, tmp_path)
    assert project.paths("zh").target_of("chapter_optimization/adam.md") == "youhua/adam.md"
    assert open_source(project).snapshot.commit == source.book.snapshot.commit

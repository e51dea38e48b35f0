"""The double of GitHub: where lines of a diff are, and where they went."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from tests.github_double.diffs import diff_lines, follow_line, line_at, parse_diff

LINES = st.lists(st.integers(0, 60).map(str), unique=True, max_size=40)


def patch_of(old: list[str], new: list[str]) -> str:
    """From the first hunk on, as git prints it."""
    return "\n".join(line.removesuffix("\n") for line in list(difflib.unified_diff(old, new, lineterm=""))[2:])


@given(LINES, LINES)
def test_a_line_is_followed_to_the_same_text_or_it_was_changed(old: list[str], new: list[str]) -> None:
    patch = patch_of(old, new)
    removed = {line.old for line in diff_lines(patch) if line.mark == "-"}
    for number, text in enumerate(old, 1):
        found = follow_line(patch, number)
        assert (found is None) == (number in removed)
        assert found is None or new[found - 1] == text


@given(LINES, LINES)
def test_the_lines_of_a_patch_have_the_texts_of_their_sides(old: list[str], new: list[str]) -> None:
    patch = patch_of(old, new)
    rows = patch.split("\n")
    for line in diff_lines(patch):
        side, number, texts = ("LEFT", line.old, old) if line.mark == "-" else ("RIGHT", line.new, new)
        assert rows[line.position] == line.mark + texts[number - 1]
        assert line_at(patch, side, number) == line
        assert line.hunk.split("\n")[-1] == rows[line.position]


def test_nothing_is_at_a_line_outside_the_hunks() -> None:
    patch = "@@ -10,3 +10,4 @@ heading\n a\n-b\n+B\n+C\n c\n\\ No newline at end of file"
    assert [line_at(patch, "RIGHT", number) is not None for number in (9, 10, 13, 14)] == [False, True, True, False]
    assert [line_at(patch, "LEFT", number) is not None for number in (9, 11, 12, 13)] == [False, True, True, False]
    assert [follow_line(patch, number) for number in (9, 10, 11, 12, 13)] == [9, 10, None, 13, 14]


def test_every_kind_of_change_has_its_own_patch() -> None:
    zero, one, two = "0" * 40, "1" * 40, "2" * 40
    output = (
        f":000000 100644 {zero} {one} A\tadded.md\n"
        f":100644 000000 {two} {zero} D\tgone.md\n"
        f":100644 100644 {one} {one} R100\told.md\tnew.md\n"
        f':100644 120000 {one} {two} T\t"\\303\\244.md"\n'
        f":100644 100644 {one} {two} M\tpicture.png\n"
        "\n"
        "diff --git a/added.md b/added.md\nnew file mode 100644\n--- /dev/null\n+++ b/added.md\n@@ -0,0 +1 @@\n+--- x\n"
        "diff --git a/gone.md b/gone.md\n--- a/gone.md\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"
        "diff --git a/old.md b/new.md\nsimilarity index 100%\n"
        "diff --git a/x b/x\n@@ -1 +0,0 @@\n-t\n"
        "diff --git a/x b/x\n@@ -0,0 +1 @@\n+l\n"
        "diff --git a/picture.png b/picture.png\nBinary files differ\n"
    )
    files = parse_diff(output.encode())
    assert [(file.path, file.status, file.additions, file.deletions) for file in files] == [
        ("added.md", "added", 1, 0),
        ("gone.md", "removed", 0, 2),
        ("new.md", "renamed", 0, 0),
        ("ä.md", "changed", 1, 1),
        ("picture.png", "modified", 0, 0),
    ]
    assert (files[0].patch, files[1].sha, files[2].old_path, files[4].patch) == (
        "@@ -0,0 +1 @@\n+--- x",
        two,
        "old.md",
        "",
    )

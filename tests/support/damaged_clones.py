"""Ways in which a bare clone can be damaged, or made to hold what nobody should find in it. All are harmless."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.support.gitrepo import git

Damage = Callable[[Path], object]
"""Damages the clone at a path."""

NOWHERE = "1" * 40


def _write(name: str, text: str | bytes) -> Damage:
    def damage(place: Path) -> None:
        path = place / name
        if path.is_dir():
            shutil.rmtree(path)
        if path.parent.is_file():
            path.parent.unlink()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(0o644) if path.exists() else None
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    return damage


def _append(name: str, text: str) -> Damage:
    return lambda place: _write(name, (place / name).read_text() + text)(place)


def _delete(name: str) -> Damage:
    def damage(place: Path) -> None:
        path = place / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def _replaced(by: Damage) -> Damage:
    """Something else in the place of the whole clone."""

    def damage(place: Path) -> None:
        shutil.rmtree(place)
        by(place)

    return damage


def _changed_pack(kind: str, change: Callable[[bytes], bytes]) -> Damage:
    def damage(place: Path) -> None:
        for path in (place / "objects" / "pack").glob(f"*.{kind}"):
            path.chmod(0o644)
            path.write_bytes(change(path.read_bytes()))

    return damage


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :]


def _without_packs(*kinds: str) -> Damage:
    def damage(place: Path) -> None:
        for kind in kinds:
            for path in (place / "objects" / "pack").glob(f"*.{kind}"):
                path.unlink()

    return damage


def _loose(place: Path) -> list[Path]:
    """All objects as loose files."""
    for pack in list((place / "objects" / "pack").glob("*.pack")):
        moved = place.parent / pack.name
        pack.rename(moved)
        for rest in (place / "objects" / "pack").glob(f"{pack.stem}.*"):
            rest.unlink()
        git(place, "unpack-objects", "-q", stdin=moved.read_bytes())
        moved.unlink()
    return sorted(path for path in (place / "objects").glob("??/*") if path.is_file())


def _lose_an_object(place: Path) -> None:
    _loose(place)[0].unlink()


def _lose_every_tree(place: Path) -> None:
    for path in _loose(place):
        if git(place, "cat-file", "-t", path.parent.name + path.name) == "tree":
            path.unlink()


def _cut_an_object(place: Path) -> None:
    path = _loose(place)[-1]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:5])


def _swap_objects(place: Path) -> None:
    """A whole object under the name of another."""
    blobs = [path for path in _loose(place) if git(place, "cat-file", "-t", path.parent.name + path.name) == "blob"]
    blobs[1].chmod(0o644)
    blobs[1].write_bytes(blobs[0].read_bytes())


def _replace_a_commit(place: Path) -> None:
    old, new = git(place, "rev-parse", "main"), git(place, "rev-list", "--max-parents=0", "main")
    (place / "refs" / "replace").mkdir(parents=True, exist_ok=True)
    (place / "refs" / "replace" / old).write_text(f"{new}\n")


def _cut_history(place: Path) -> None:
    (place / "shallow").write_text(git(place, "rev-parse", "main") + "\n")


def _set_back(place: Path) -> None:
    """A sound branch that stands where it stood long ago."""
    git(place, "update-ref", "refs/heads/main", git(place, "rev-list", "--max-parents=0", "main"))


def _leave_worktree(place: Path) -> None:
    folder = place / "worktrees" / "gone"
    folder.mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "gitdir").write_text("/nowhere/.git\n")
    (folder / "commondir").write_text("../..\n")


def _protect(place: Path) -> None:
    for path in [place, *place.rglob("*")]:
        path.chmod(0o555)


def _lock(name: str) -> Damage:
    return _write(name, "")


DAMAGES: Mapping[str, Damage] = {
    "no HEAD": _delete("HEAD"),
    "an empty HEAD": _write("HEAD", ""),
    "HEAD is garbage": _write("HEAD", b"\x00\xff\n"),
    "HEAD leads nowhere": _write("HEAD", "ref: refs/heads/nowhere\n"),
    "HEAD is a folder": _replaced(lambda place: (place / "HEAD").mkdir(parents=True)),
    "no configuration": _delete("config"),
    "an empty configuration": _write("config", ""),
    "a configuration of garbage": _write("config", b"\x00[[[\xff"),
    "a configuration that names an fsmonitor": _append("config", "[core]\n\tfsmonitor = touch ran\n"),
    "a configuration that includes another": _append("config", "[include]\n\tpath = /nowhere\n"),
    "a configuration with another address": _append("config", '[remote "origin"]\n\turl = /nowhere\n'),
    "a configuration with a rewritten address": _append("config", '[url "/nowhere"]\n\tinsteadOf = file\n'),
    "no objects": _delete("objects"),
    "no refs": _delete("refs"),
    "a truncated pack": _changed_pack("pack", lambda data: data[: len(data) // 2]),
    "an empty pack": _changed_pack("pack", lambda _: b""),
    "a pack with a flipped bit": _changed_pack("pack", _flipped),
    "a truncated index of a pack": _changed_pack("idx", lambda data: data[: len(data) // 2]),
    "an index of a pack with a flipped bit": _changed_pack("idx", _flipped),
    "no index of a pack": _without_packs("idx"),
    "no pack": _without_packs("pack"),
    "no packs at all": _without_packs("pack", "idx", "rev"),
    "an object is lost": _lose_an_object,
    "all trees are lost": _lose_every_tree,
    "an object is cut": _cut_an_object,
    "an object under another's name": _swap_objects,
    "objects of another repository": _write("objects/info/alternates", "/nowhere/objects\n"),
    "a commit graph of garbage": _write("objects/info/commit-graph", b"CGPH\x01\x01\x03\x00garbage"),
    "an index of many packs of garbage": _write("objects/pack/multi-pack-index", b"MIDX\x01\x01garbage"),
    "a ref is empty": _write("refs/heads/main", ""),
    "a ref is garbage": _write("refs/heads/main", b"\x00" * 41),
    "a ref leads nowhere": _write("refs/heads/main", f"{NOWHERE}\n"),
    "a ref that leads elsewhere": _write("refs/heads/main", "ref: refs/heads/elsewhere\n"),
    "a ref is a folder": _write("refs/heads/main/inner", f"{NOWHERE}\n"),
    "the packed refs are garbage": _write("packed-refs", b"\x00\x01 garbage\n"),
    "the packed refs lead nowhere": _write(
        "packed-refs", f"# pack-refs with: peeled fully-peeled sorted \n{NOWHERE} refs/heads/x\n"
    ),
    "a replaced commit": _replace_a_commit,
    "a graft": lambda place: _write("info/grafts", git(place, "rev-parse", "main") + "\n")(place),
    "a history that is cut": _cut_history,
    "a border of garbage": _write("shallow", "garbage\n"),
    "an empty border": _write("shallow", ""),
    "a branch set back": _set_back,
    "attributes": _write("info/attributes", "* diff=run merge=run filter=run\n"),
    "a hook": _write("hooks/reference-transaction", "#!/bin/sh\ntouch ran\n"),
    "a common folder elsewhere": _write("commondir", "/nowhere\n"),
    "an index": _write("index", b"DIRC\x00garbage"),
    "a work tree that is gone": _leave_worktree,
    "a lock on the index": _lock("index.lock"),
    "a lock on the packed refs": _lock("packed-refs.lock"),
    "a lock on the border": _lock("shallow.lock"),
    "a lock on a branch": _lock("refs/heads/main.lock"),
    "a lock on the configuration": _lock("config.lock"),
    "half a pack": _write("objects/pack/tmp_pack_abcdef", b"PACK\x00\x00\x00\x02half"),
    "a file in its place": _replaced(lambda place: place.write_text("no clone")),
    "an empty folder in its place": _replaced(lambda place: place.mkdir()),
    "a link in its place": _replaced(lambda place: place.symlink_to(place.parent)),
    "a link to nowhere in its place": _replaced(lambda place: place.symlink_to("/nowhere")),
    "everything may only be read": _protect,
}
"""By what is wrong."""

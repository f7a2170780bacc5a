"""Files are written whole or not at all, and trying leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from lightfield_contract.reports import try_appending, try_writing, write_files

Limit = Callable[[int], AbstractContextManager[None]]


@contextlib.contextmanager
def _limit(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def limit() -> Limit:
    """Lets no file grow beyond a size, as a disk does that is full."""
    return _limit


def names(folder: Path) -> list[str]:
    """All that lies in a folder and below."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_folders_are_made_and_files_replaced(tmp_path: Path) -> None:
    """Nothing but the files is left."""
    file = tmp_path / "a" / "b" / "one.txt"
    for text in ("before", "after ☃ \udc80"):
        write_files({file: text, tmp_path / "two.txt": text})
    assert names(tmp_path) == ["a", "a/b", "a/b/one.txt", "two.txt"]
    assert file.read_text("utf-8") == "after ☃ \\udc80"


def test_when_one_has_no_room_none_is_changed(tmp_path: Path, limit: Limit) -> None:
    """What was there before is there as it was, and no part of what is new."""
    files = {tmp_path / "one.txt": "before", tmp_path / "two.txt": "before"}
    write_files(files)
    with limit(1000), pytest.raises(OSError, match=r"two\.txt"):
        write_files({tmp_path / "one.txt": "after", tmp_path / "two.txt": "x" * 2000})
    assert names(tmp_path) == ["one.txt", "two.txt"]
    assert {path: path.read_text("utf-8") for path in files} == files


def test_the_mode_of_a_file_stays(tmp_path: Path) -> None:
    """Whoever could read it before still can, and nobody else."""
    file = tmp_path / "one.txt"
    file.touch()
    file.chmod(0o640)
    write_files({file: "after"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    """The file that it leads to is replaced, not the link."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "elsewhere" / "one.txt")
    write_files({tmp_path / "link.txt": "text"})
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "elsewhere" / "one.txt").read_text("utf-8") == "text"


def test_a_device_stays_one(tmp_path: Path) -> None:
    """It is written to, and never replaced by a file."""
    (tmp_path / "link.txt").symlink_to(os.devnull)
    try_writing([tmp_path / "link.txt"])
    write_files({tmp_path / "link.txt": "text"})
    assert Path(os.devnull).is_char_device()


def test_a_pipe_is_not_tried(tmp_path: Path) -> None:
    """Its reader would take what is tried for a part of the report."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        try_writing([tmp_path / "pipe"])
        assert os.read(reader, 10) == b""
        write_files({tmp_path / "pipe": "text"})
        assert os.read(reader, 10) == b"text"
    finally:
        os.close(reader)


def test_trying_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither folders that were missing nor a file."""
    (tmp_path / "old.txt").write_text("before", "utf-8")
    try_writing([tmp_path / "a" / "b" / "one.txt", tmp_path / "a" / "two.txt", tmp_path / "old.txt"])
    assert names(tmp_path) == ["old.txt"]
    assert (tmp_path / "old.txt").read_text("utf-8") == "before"


def make_folder(path: Path) -> None:
    """A folder of the file's own name."""
    path.mkdir(parents=True)


def make_parent_a_file(path: Path) -> None:
    """A file where the folder would be."""
    path.parent.write_text("a file", "utf-8")


def make_full_device(path: Path) -> None:
    """A link to a device without room."""
    path.parent.mkdir()
    path.symlink_to("/dev/full")


def make_dangling_link(path: Path) -> None:
    """A link to a file in a folder that there is not."""
    path.parent.mkdir()
    path.symlink_to(path.parent / "nowhere" / "one.txt")


def make_circle(path: Path) -> None:
    """A folder that is a link to itself."""
    path.parent.symlink_to(path.parent)


@pytest.mark.parametrize("make", [make_folder, make_parent_a_file, make_full_device, make_dangling_link, make_circle])
def test_what_could_not_be_written_is_found_by_trying(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """The error names the file or its folder, and what was there before is all that is there."""
    file = tmp_path / "reports" / "one.txt"
    make(file)
    before = names(tmp_path)
    with pytest.raises(OSError) as caught:  # noqa: PT011
        try_writing([tmp_path / "new" / "two.txt", file])
    assert caught.value.strerror
    assert names(tmp_path) == before


def test_trying_needs_the_room_of_a_report(tmp_path: Path, limit: Limit) -> None:
    """A disk with room for a few bytes has none for a report."""
    with limit(100_000), pytest.raises(OSError, match=r"one\.txt"):
        try_writing([tmp_path / "one.txt"])
    with limit(100_000):
        try_writing([tmp_path / "one.txt"], room=50_000)
    assert names(tmp_path) == []


def test_trying_to_append_changes_nothing(tmp_path: Path) -> None:
    """A file keeps its text; one that there is not stays away."""
    (tmp_path / "old.txt").write_text("before", "utf-8")
    try_appending(tmp_path / "old.txt")
    try_appending(tmp_path / "new.txt")
    assert names(tmp_path) == ["old.txt"]
    assert (tmp_path / "old.txt").read_text("utf-8") == "before"


@pytest.mark.parametrize("path", ["/dev/full", "nowhere/new.txt", "."])
def test_what_could_not_be_appended_is_found_by_trying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """A device without room, a folder that there is not, a folder."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError) as caught:  # noqa: PT011
        try_appending(Path(path))
    assert caught.value.strerror

"""Writes files whole or not at all, and tries beforehand whether they could be written."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

__all__ = ["try_appending", "try_writing", "write_files"]

_ROOM = 256 * 1024
"""Bytes tried for each file: what the result of a standard run takes."""


def write_files(texts: Mapping[Path, str]) -> None:
    """Write each text to its path in UTF-8: all are on the disk before the first replaces what was there.

    Folders are made where they are missing. A link is followed; a device or a pipe is written to as it is.

    Raises:
        OSError: one cannot be written; no file has changed then, unless the last step, a renaming, is what failed.
    """
    for path in texts:
        path.parent.mkdir(parents=True, exist_ok=True)
    contents = {_real(path): text.encode("utf-8", "backslashreplace") for path, text in texts.items()}
    parts = _write_parts({path: content for path, content in contents.items() if not _is_special(path)})
    try:
        for path in list(parts):
            parts[path].replace(path)
            del parts[path]
    finally:
        _remove(parts.values())
    for path in contents:
        if _is_special(path):
            path.write_bytes(contents[path])


def try_writing(paths: Sequence[Path], room: int = _ROOM) -> None:
    """Write as `write_files` would, and take everything away again, folders included.

    Args:
        room: bytes that each file may need.

    Raises:
        OSError: `write_files` would fail.
    """
    made: list[Path] = []
    try:
        for path in paths:
            for folder in [each for each in path.parents if not each.exists()][::-1]:
                folder.mkdir()
                made.append(folder)
        real = [_real(path) for path in paths]
        for path in filter(_is_special, real):
            _try_device(path)
        _remove(_write_parts({path: bytes(room) for path in real if not _is_special(path)}).values())
    finally:
        for folder in reversed(made):
            folder.rmdir()


def try_appending(path: Path) -> None:
    """Open a file as an append would, and leave it as it was.

    Raises:
        OSError: nothing could be appended.
    """
    if _is_special(path):
        _try_device(path)
        return
    missing = not path.exists()
    with path.open("ab"):
        pass
    if missing:
        path.unlink()
    if not os.statvfs(path.parent).f_bavail:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _write_parts(contents: Mapping[Path, bytes]) -> dict[Path, Path]:
    """Write each content beside its path; all are removed again when one cannot be written."""
    parts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            parts[path] = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
            _write_part(parts[path], content, path)
    except BaseException:
        _remove(parts.values())
        raise
    return parts


def _write_part(part: Path, content: bytes, path: Path) -> None:
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            # Some file systems say only now that there is no room.
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(stat.S_IMODE(path.stat().st_mode))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _remove(parts: Iterable[Path]) -> None:
    for part in parts:
        part.unlink(missing_ok=True)


def _real(path: Path) -> Path:
    """The path with all links followed; one that leads in a circle is left as it is."""
    return Path(os.path.realpath(path))


def _is_special(path: Path) -> bool:
    """Whether a path is neither a regular file nor a folder, such as a device: that is never replaced by a file."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _try_device(path: Path) -> None:
    """Write a line feed to a device that is no terminal; anything else has a reader, who would take it for a part."""
    if path.is_char_device():
        with path.open("wb", buffering=0) as file:
            if not file.isatty():
                file.write(b"\n")

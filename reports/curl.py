"""Writes a request as a curl command for a POSIX shell, which sends the same bytes when pasted and holds no key."""

from __future__ import annotations

import base64
import functools
import re
import shlex
from collections.abc import Iterable
from typing import Final

from .inert import is_inert

__all__ = ["UNKNOWN_KEY", "body_bytes", "body_text", "fold_curl", "make_curl", "send_at_once"]

# curl writes these itself; an Accept-Encoding would get an answer that cannot be read. With that header it sends chunks.
_OWN = frozenset({"host", "content-length", "connection", "accept-encoding"})
# curl adds these unless it is asked not to, and then the request is another one.
_ADDED = ("User-Agent", "Accept", "Content-Type")
_KEY = re.compile(r"\$(LIGHTFIELD_API_KEY[A-Z0-9_]*|\{LIGHTFIELD_API_KEY(?:%\?|\^\^)\})")
_ONE_OF_SEVERAL = re.compile(r"(.+)_([0-9]+)")
UNKNOWN_KEY: Final = "sk_lf_0000000000000000unknown"
"""A key that does not exist, and so is no secret: requests that carry it show `$UNKNOWN_KEY`."""
_HEADER = re.compile(r"\$LIGHTFIELD_HEADER_[A-Z0-9_]+")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([nrt\\'\"]))")
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
# Linux takes no single argument above 128 KiB; printf is built into the shell and has no such limit.
_LONGEST_ARGUMENT = 100_000
# Above 1 MB curl asks the server for permission first, and waits a second for servers that do not answer that.
_EXPECT_FROM = 1_000_000
_LINE_ENDS = " \\\n  "


def make_curl(method: str, url: str, headers: Iterable[tuple[str, str]], body: str | None, binary: bool = False) -> str:
    """Return the command, one option to a line.

    Args:
        headers: in the order sent. Where a value holds `$LIGHTFIELD_API_KEY` (or a variable whose name begins so), the
            shell puts the key in its place; everything else is quoted. A value `$LIGHTFIELD_HEADER_...` is taken from
            that header's line in the variable LIGHTFIELD_HEADERS.
        body: None for no body; with `binary`, as `body_text` gives it.
    """
    headers = list(headers)
    data = None if body is None else body_bytes(body, binary)
    if data is None and method in {"POST", "PUT", "PATCH"}:
        data = b""
    lines = [" ".join(["curl", "-sS", "-i", *_url_options(url), *_method(method), _quote(url)])]
    lines += [f"-H {_header(name, value)}" for name, value in headers if name.lower() not in _OWN]
    lines += [f"-H '{name}:'" for name in _unwanted(headers, data)]
    if data is None:
        return _LINE_ENDS.join(lines)
    argument = _as_argument(data)
    if argument is not None:
        return _LINE_ENDS.join([*lines, f"--data-binary {argument}"])
    return f"{_source(data)} |\n  " + _LINE_ENDS.join([*lines, "--data-binary @-"])


def fold_curl(command: str, width: int) -> str:
    """Return the same command with as many options to a line as fit."""
    first, *options = command.split(_LINE_ENDS)
    lines = [first]
    for option in options:
        longer = f"{lines[-1]} {option}"
        if len(lines) > 1 and len(longer) + len(_LINE_ENDS) <= width:
            lines[-1] = longer
        else:
            lines.append(option)
    return _LINE_ENDS.join(lines)


def send_at_once(command: str, key: str, times: int) -> str:
    """Return a command that sends a request several times at one moment, each answer on lines of its own.

    The Idempotency-Key is a new one each time that it is pasted, because a used one gets the answer that it got before.

    Args:
        key: the one in the command; "" for none.
    """
    header = f"-H {_quote(f'Idempotency-Key: {key}')}"
    command = command.replace(header, f'-H "Idempotency-Key: {key}-$again"') if _PLAIN.fullmatch(key) else command
    numbers = " ".join(map(str, range(1, times + 1)))
    return f"again=$(date +%s); for n in {numbers}; do\n  printf '%s\\n' \"$({command})\" &\ndone; wait"


def body_text(data: bytes) -> tuple[str, bool]:
    """Return a body as text, and whether it is binary, in which case the text is escaped as in a Python literal."""
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("latin-1").encode("unicode_escape").decode("ascii"), True


def body_bytes(text: str, binary: bool) -> bytes:
    """Return the bytes of a body that a result holds as text."""
    if not binary:
        return text.encode("utf-8", "surrogatepass")
    parts = bytearray()
    end = 0
    for match in _ESCAPE.finditer(text):
        parts += text[end : match.start()].encode("utf-8", "surrogatepass")
        parts += bytes([int(match[1], 16)]) if match[1] else _SIMPLE[match[2]].encode("ascii")
        end = match.end()
    return bytes(parts + text[end:].encode("utf-8", "surrogatepass"))


def _method(method: str) -> list[str]:
    return {"GET": [], "HEAD": ["--head"]}.get(method, ["-X", _quote(method)])


def _url_options(url: str) -> list[str]:
    options = []
    if any(character in url for character in "[]{}"):
        options.append("--globoff")
    if "/." in url:
        options.append("--path-as-is")
    return options


def _unwanted(headers: list[tuple[str, str]], data: bytes | None) -> list[str]:
    sent = {name.lower() for name, _ in headers}
    names = [name for name in _ADDED if name.lower() not in sent and (name != "Content-Type" or data is not None)]
    return [*names, "Expect"] if data is not None and len(data) > _EXPECT_FROM else names


def _header(name: str, value: str) -> str:
    # `Name:` would make curl leave the header out; `Name;` sends it empty.
    if _HEADER.fullmatch(value):
        return _from_headers_variable(name)
    value = value.replace("$UNKNOWN_KEY", UNKNOWN_KEY)
    line = f"{name}: {value}" if value else f"{name};"
    if not _KEY.search(line):
        return _quote(line)
    parts = _KEY.split(line)
    text = []
    for index, part in enumerate(parts):
        if index % 2:
            follows = parts[index + 1][:1]
            text.append(_variable(part, follows))
        else:
            text.append(re.sub(r'([\\"$`])', r"\\\1", part))
    return '"' + "".join(text) + '"'


def _variable(name: str, follows: str) -> str:
    """What the shell puts a key in the place of: one of several keys stands in a variable with the others."""
    if name.endswith("^^}"):
        return f'$(printf %s "${name[1:-3]}" | tr a-z A-Z)'
    if name.endswith("}"):
        return f"${name}"
    if found := _ONE_OF_SEVERAL.fullmatch(name):
        return f"$(printf %s \"${found[1]}\" | cut -d, -f{found[2]} | tr -d '[:space:]')"
    return f"${{{name}}}" if follows.isalnum() else f"${name}"


def _from_headers_variable(name: str) -> str:
    """The shell word for one of the user's own headers; it holds the name, and the shell finds the value."""
    pattern = f"s/^[[:blank:]]*{name.replace('.', '[.]')}[[:blank:]]*:/{name}:/p"
    return f"\"$(printf '%s\\n' \"$LIGHTFIELD_HEADERS\" | tr -d '\\r' | sed -n '{pattern}')\""


def _quote(text: str) -> str:
    """One shell word; text that cannot be shown comes out of printf, so that the command itself is harmless to show."""
    if is_inert(text):
        return shlex.quote(text)
    return f'"$(printf {_printf_format(text.encode("utf-8", "surrogatepass"))})"'


def _as_argument(data: bytes) -> str | None:
    """The body as a shell word, or None when it has to come through a pipe: curl would read `@name` as a file."""
    if len(data) > _LONGEST_ARGUMENT or data.startswith(b"@"):
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return _single_quoted(text) if is_inert(text) else None


def _source(data: bytes) -> str:
    """The command that writes the body to a pipe; bash takes minutes for megabytes of escapes, so long bodies are base64."""
    if len(data) > _LONGEST_ARGUMENT:
        return f"printf %s {base64.b64encode(data).decode('ascii')} | base64 -d"
    return f"printf {_printf_format(data)}"


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


@functools.lru_cache(maxsize=64)
def _printf_format(data: bytes) -> str:
    """The bytes as a quoted format of POSIX printf: what is readable stays so, the rest is written in octal."""
    text = "".join(map(_printf_character, data.decode("utf-8", "surrogateescape")))
    if text.startswith("-"):  # or printf takes it for an option
        text = f"\\055{text[1:]}"
    return _single_quoted(text)


def _printf_character(character: str) -> str:
    known = {"\\": "\\\\", "%": "%%", "\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    if known is not None:
        return known
    if is_inert(character):
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))

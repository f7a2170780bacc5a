"""Bad values in the environment, in options and in the file system: a sentence and exit status 4, and never a traceback."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from lightfield_contract.conformance.cli import main
from lightfield_contract.reference import Reference
from lightfield_contract.spec import load

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]
Talk: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

FEW = ("run", "--depth", "smoke", "--clause", "malformed:json")
LONG = "x" * 5_000
DOING = "give|run|read|name|set|put|take|see|say|choose|change"
BEING = "known|lists|shows|is not|is no|are not|goes|go|looks|has to|expected"
REMEDY = re.compile(rf"[:;?] .*\b({DOING}|{BEING})\b|[?]$", re.IGNORECASE)
"""How a sentence ends that says what to do, or what would do."""

KEYS = ("LIGHTFIELD_API_KEY", "LIGHTFIELD_API_KEY_READ", "LIGHTFIELD_API_KEY_NO_CREATE", "LIGHTFIELD_API_KEY_OTHER_ORG")
UNCARRIED: dict[str, bytes] = {
    "a bell": b"\x07key",
    "a line end inside": b"one\ntwo",
    "a space inside": b"Bearer key",
    "a letter that is not ASCII": "schlüssel".encode(),
    "half a character": b"\xed\xa0\x80",
    "bytes that are not UTF-8": b"\xff\xfe",
    "a letter that turns the text round": "\u202ekey".encode(),
    "hundred thousand characters": b"k" * 100_000,
}

VARIABLES = [
    *((name, value, what) for name in KEYS for what, value in UNCARRIED.items()),
    ("LIGHTFIELD_API_KEY", b"", "nothing"),
    ("LIGHTFIELD_API_KEY", b" \t\r\n", "white space"),
    ("LIGHTFIELD_API_KEY", b",,,", "commas"),
    ("LIGHTFIELD_API_KEY", "\ufeff".encode(), "a byte order mark"),
    ("LIGHTFIELD_API_KEY", b"sk_lf_1234567890", "a key that nobody gave out"),
    *(
        ("LIGHTFIELD_BASE_URL", value, value.decode("utf-8", "replace"))
        for value in (
            b"staging", b"http:", b"http://", b"ftp://127.0.0.1", b"http://a b", b"http://[::1", b"http://127.0.0.1:99999",
            b"http://127.0.0.1:x", b"http://127.0.0.1?a", b"http://127.0.0.1#a", b"http://me:secret@127.0.0.1", b"\xff",
            b"http://127.0.0.1\nhttp://127.0.0.2", b"http://\xff.example", b"//127.0.0.1", b"http://..",
            b"http://" + b"x" * 64 + b".example", b"http://" + b"x." * 200 + b"example",
        )
    ),
    *(
        ("LIGHTFIELD_CLOCK_HEADER", value, value.decode("utf-8", "replace"))
        for value in (b"X Clock", b"X-Clock: 1", b"X-Clock,X-Clock", b"\xff", "Uhr-ä".encode(), b"X\nY")
    ),
    *(
        ("LIGHTFIELD_HEADERS", value, value.decode("utf-8", "replace")[:40])
        for value in (
            b"no colon", b": value", b"Name:", b"A: 1\nA: 2", b"A: 1\na: 2", b"Authorization: Bearer x",
            b"Content-Length: 5",
            b"A: \xff", "Ä: 1".encode(), b"A B: 1", b"A: a\rb", b"A: " + b"v" * 100_000,
        )
    ),
    *(
        ("LIGHTFIELD_KEY_COMMAND", value, value.decode("utf-8", "replace"))
        for value in (b"/nowhere/at/all", b"false", b"true", b"'quoted", b"printf 'two words'", b"/", b"printf '\\377'")
    ),
    *(
        (name, value, value.decode("utf-8", "replace"))
        for name in ("LIGHTFIELD_ACCOUNT_ID", "LIGHTFIELD_STAGE")
        for value in (b"\xff\xfe", b"\xed\xa0\x80", b"good,\xff")
    ),
]  # fmt: skip
"""Variables, values that cannot be used, and what is the matter with them."""

TAKEN = [
    *((name, b"", "nothing") for name in ("LIGHTFIELD_ACCOUNT_ID", "LIGHTFIELD_STAGE", "LIGHTFIELD_CLOCK_HEADER")),
    *((name, b" , ,", "commas") for name in ("LIGHTFIELD_ACCOUNT_ID", "LIGHTFIELD_API_KEY_READ")),
    *((name, b" \r\n", "white space") for name in ("LIGHTFIELD_API_KEY_READ", "LIGHTFIELD_HEADERS", "LIGHTFIELD_STAGE")),
    ("LIGHTFIELD_ACCOUNT_ID", b"nobody,nobody", "the same twice"),
    ("LIGHTFIELD_ACCOUNT_ID", "\u202e😀".encode(), "odd characters"),
    ("LIGHTFIELD_ACCOUNT_ID", b"%s{}\x07\x1b[2J", "what is code elsewhere"),
    ("LIGHTFIELD_CONTACT_ID", b"x" * 10_000, "a long text"),
    ("LIGHTFIELD_STAGE", b"../../etc\n", "a path"),
    ("LIGHTFIELD_NOSUCH", b"\xff", "a variable that nobody reads"),
    ("LIGHTFIELD_HEADERS", "\ufeffX-Tenant: 7\r\n\r\nX-More: 8\r\n".encode(), "lines as Windows ends them"),
]
"""Variables with values that look bad, and can be worked with."""

OPTIONS = {
    "--depth": ("", "Smoke", "bottomless", "smoke\n", "\udc80"),
    "--basis": ("", "everything", "\udc80"),
    "--clause": ("no:such", "\x1b[2J", "two\nlines", LONG, "\udc80", "*", "MALFORMED:JSON"),
    "--seed": ("lucky", " ", "1.5", "0x10", "nan", "two\nlines", "9" * 5_000, "\udc80"),
    "--rate": ("0", "-1", "nan", "inf", "1e-300", "1e999", "fast", " ", "\udc80", LONG),
    "--timeout": ("0", "-1", "nan", "inf", "1e300", "1e18", "soon", "\n", "\udc80"),
    "--wait": ("-1", "nan", "inf", "1e300", "long", "\udc80"),
    "--max-writes": ("0", "-1", "1.5", "few", "nan", "9" * 5_000, "\udc80"),
    "--in-flight": ("0", "65", "few"),
    "--workers": ("0", "-1", "1_000", "two", "9" * 5_000, "100_000", "100000", "\udc80"),
    "--report": ("telegram", ",", "json html", "JSON", "\udc80"),
    "--base-url": ("staging", "http://", "http://[", "ftp://x", "http://me:secret@x", "\udc80"),
    "--contract": ("nowhere", "clauses", "../spec/opportunities", "/", "\n", "\udc80", LONG),
}
"""Options of `run`, and values that they do not take."""

COMMANDS = [
    [],
    ["judge"],
    ["\udc80"],
    ["run", "--nosuch\n"],
    ["run", "--depth"],
    ["clauses", "--format", "poem"],
    ["explain"],
    ["explain", "\x1b[2J"],
    ["explain", LONG],
    ["faults", "--only", "nosuch"],
    ["faults", "--only", ""],
    ["faults", "--run", "--seed", "x"],
    ["faults", "--run", "--workers", "0"],
    ["variations", "--seeds", "0"],
    ["variations", "--rounds", "-1"],
    ["variations", "--rounds", "9" * 5_000],
    ["serve", "--port", "harbour"],
    ["serve", "--port", "65536"],
    ["serve", "--port", "-1"],
    ["serve", "--port", "9" * 400],
    ["serve", "--port", "0", "--host", ""],
    ["serve", "--port", "0", "--host", "256.1.1.1"],
    ["serve", "--port", "0", "--host", "two\nlines"],
    ["serve", "--port", "0", "--host", "\udc80"],
    ["serve", "--port", "0", "--host", "x" * 300],
    ["serve", "--port", "0", "--host", "é" * 70],
    ["serve", "--rate", "0"],
    ["serve", "--rate", "nan"],
    ["serve", "--rate", "fast"],
    ["serve", "--fault", "nosuch"],
    ["serve", "--variation", "rate"],
    ["serve", "--variation", "\n=\n"],
    ["serve", "--fault", "makes-two", "--variation", "rate=25"],
    ["replay", "result.json"],
    ["compare"],
]
"""Arguments that no command takes."""

UNREADABLE = (
    "nowhere", "folder", "loop", "dangling", "pipe", "binary", "folder/nowhere", "file/inside", "x" * 300, "two\nlines", "",
    "\udc80",
)  # fmt: skip
"""What is in the folder that is no text file, or is not there."""


@pytest.fixture(scope="module")
def target() -> Iterator[Reference]:
    """A server that keeps the contract."""
    with Reference(load()) as server:
        yield server


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with odd things in it."""
    (tmp_path / "file").write_text("text\n", "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("gone")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def talk(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Talk:
    """Run the command line in this process, with variables that may be any bytes."""
    for name in [name for name in os.environ if name.startswith("LIGHTFIELD_")]:
        monkeypatch.delenv(name)

    def start(*arguments: str, environment: Mapping[str, bytes] | None = None) -> subprocess.CompletedProcess[str]:
        for name, value in (environment or {}).items():
            monkeypatch.setenv(name, os.fsdecode(value))
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
        told = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, status, told.out, told.err)

    return start


def check(told: subprocess.CompletedProcess[str]) -> str:
    """Return the sentence that was said: one line of visible characters, not too long, with what to do."""
    assert told.returncode == 4, told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
    assert "INTERNALERROR" not in told.stdout + told.stderr
    # A run that met its target has said where its ledger is.
    lines = [line for line in told.stderr.split("\n") if line.strip() and "the ledger of what is created" not in line]
    assert len(lines) == 1, told.stderr
    assert lines[0].isprintable(), ascii(lines[0])
    assert len(lines[0]) < 1_500
    assert REMEDY.search(lines[0]), lines[0]
    return lines[0]


def name_of(value: object) -> str:
    """A short name of a value, for the list of tests."""
    return ascii(value)[1:31] or "empty"


@pytest.mark.parametrize(("name", "value", "what"), VARIABLES, ids=[f"{name}: {what!a}" for name, _, what in VARIABLES])
def test_a_variable_that_cannot_be_used_is_told(talk: Talk, target: Reference, name: str, value: bytes, what: str) -> None:
    """The variable or what it stands for is named, and its value, which may be a key, is not repeated."""
    given = {"LIGHTFIELD_BASE_URL": target.url, **target.environment}
    if name == "LIGHTFIELD_KEY_COMMAND":
        del given["LIGHTFIELD_API_KEY"]
    told = check(talk(*FEW, environment={**{key: text.encode() for key, text in given.items()}, name: value}))
    if name != "LIGHTFIELD_BASE_URL":
        assert name in told
    if name.startswith("LIGHTFIELD_API_KEY") and len(value) > 5:
        assert os.fsdecode(value) not in told, what


@pytest.mark.parametrize(("name", "value", "what"), TAKEN, ids=[f"{name}: {what}" for name, _, what in TAKEN])
def test_a_variable_that_only_looks_bad_is_worked_with(
    talk: Talk, target: Reference, name: str, value: bytes, what: str
) -> None:
    """Nothing is violated by it; of an ID or an option that the target does not know, it says so by its name."""
    given = {"LIGHTFIELD_BASE_URL": target.url, **target.environment}
    told = talk(*FEW, environment={**{key: text.encode() for key, text in given.items()}, name: value})
    assert told.returncode in (0, 5) or (told.returncode == 4 and name in told.stderr), (what, told.stdout + told.stderr)
    assert "Traceback" not in told.stdout + told.stderr
    assert "\x1b" not in told.stdout


@pytest.mark.parametrize(
    ("option", "value"),
    [pair for option, values in OPTIONS.items() for pair in ((option, value) for value in values)],
    ids=lambda value: value if value in OPTIONS else name_of(value),
)
def test_a_value_that_an_option_does_not_take_is_told(talk: Talk, option: str, value: str) -> None:
    """The option or the value is named."""
    if (option, value) in {("--report", ""), ("--basis", ""), ("--depth", "")}:
        value = " "
    told = check(talk(*FEW, option, value, environment={"LIGHTFIELD_API_KEY": b"sk_lf_some_key"}))
    words = {"--clause": "no clause", "--base-url": "base URL", "--contract": "fragment"}
    assert option in told or words[option] in told
    assert "secret" not in told


@pytest.mark.parametrize("option", [option for option in OPTIONS if option not in ("--workers", "--base-url")])
def test_pytest_says_the_same_of_its_options(talk: Talk, option: str) -> None:
    """The command line is a front on them."""
    value = next(value for value in OPTIONS[option] if value.strip())
    check(talk("run", "--", f"--lightfield-{option[2:]}={value}"))


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: " ".join(map(name_of, words)) or "nothing")
def test_arguments_that_no_command_takes_are_told(talk: Talk, arguments: list[str]) -> None:
    """Exit status 4, which is the one for wrong usage, whichever command it is."""
    check(talk(*arguments))


@pytest.mark.parametrize("path", UNREADABLE, ids=name_of)
@pytest.mark.parametrize(
    "arguments",
    [
        [*FEW, "--known-failing", "PATH"],
        ["clauses", "--contract", "PATH.yaml"],
        [*FEW, "--contract", "PATH.yaml"],
        ["report", "PATH"],
        ["replay", "PATH", "x"],
        ["compare", "PATH", "PATH"],
    ],
    ids=["--known-failing", "clauses --contract", "run --contract", "report", "replay", "compare"],
)
def test_a_file_that_cannot_be_read_is_told(talk: Talk, folder: Path, arguments: list[str], path: str) -> None:
    """Missing, a folder, a link that leads nowhere or in circles, a pipe that nobody writes into, not text at all."""
    if path in [entry.name for entry in folder.iterdir()]:
        (folder / f"{path}.yaml").symlink_to(path)
    if path == "" and "--known-failing" in arguments:
        pytest.skip("an empty value is none")
    check(talk(*(word.replace("PATH", path) for word in arguments)))


@pytest.mark.parametrize(
    ("option", "paths"),
    [
        ("--examples", ("file", "pipe", "loop", "file/inside", "x" * 300, "/proc/nowhere")),
        ("--ca-file", ("nowhere", "loop", "binary", "file/inside", "\udc80")),
        ("--client-cert", ("nowhere", "folder", "loop", "binary", "file")),
    ],
    ids=["--examples", "--ca-file", "--client-cert"],
)
def test_a_path_that_cannot_be_used_is_told(talk: Talk, target: Reference, option: str, paths: tuple[str, ...]) -> None:
    """Before anything is sent."""
    url = "https://127.0.0.1:9" if option in ("--ca-file", "--client-cert") else target.url
    given = {name: value.encode() for name, value in target.environment.items()}
    for path in paths:
        assert option in check(talk(*FEW, option, path, environment={**given, "LIGHTFIELD_BASE_URL": url.encode()}))


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 0),
        (b"\xef\xbb\xbf", 0),
        (b"# only a remark", 0),
        (b"\r\n\r\n \t\r\n", 0),
        (b"\xef\xbb\xbfscope:other  # stale\r\n", 1),
        ("malformed:json  # é\n".encode("utf-16"), 1),
        (b"malformed:json\rmalformed:json\r", 1),
        (b"malformed:json\nmalformed:json\n", 1),
    ],
    ids=["empty", "a mark alone", "a remark", "blank", "mark and Windows", "UTF-16", "old Mac", "twice"],
)
def test_a_list_of_known_failures_may_be_written_anyhow(talk: Talk, folder: Path, content: bytes, status: int) -> None:
    """As editors on all systems do; a clause that conforms makes its line stale."""
    content = content.replace(b"scope:other", b"malformed:json")
    (folder / "known.txt").write_bytes(content)
    told = talk(*FEW, "--known-failing", "known.txt")
    assert told.returncode == status, told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr


@pytest.mark.parametrize(
    "content",
    [b"nosuch\n", b"malformed:json malformed:json\n", b"malformed:json\0\n", b"\x1b[2J\n", b"x" * 100_000, b"\xff\n", b"{}"],
    ids=["unknown", "two on a line", "nul", "control", "long", "not UTF-8", "JSON"],
)
def test_a_list_of_known_failures_that_is_none_is_told(talk: Talk, folder: Path, content: bytes) -> None:
    """The file is named, with the line where there is one."""
    (folder / "known.txt").write_bytes(content)
    assert "known.txt" in check(talk(*FEW, "--known-failing", "known.txt"))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"- 1\n", b"text", b"5", b"a: [", b"[" * 100_000, b"a: \0\n", b"!!python/object:os.system x\n", b"\xff",
        b"openapi: 3.1.0\n", b"openapi: 2020-01-01\npaths: 5\n", b"paths: {}\n", b"paths: {/x: {post: 5}}\n",
        b"a: &a [*a]\n",
        b"? [a]\n: b\n", b"a: *nowhere\n", b"\t- a\n", b"paths: null\ninfo: null\n",
    ],
    ids=name_of,
)  # fmt: skip
def test_a_fragment_that_is_none_is_told(talk: Talk, folder: Path, content: bytes) -> None:
    """The file is named, whatever is wrong with its text, its form or its parts."""
    (folder / "mine.yaml").write_bytes(content)
    assert "mine.yaml" in check(talk("clauses", "--contract", "mine.yaml"))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"5", b"{}", b"[" * 100_000, b'{"schemaVersion": true}', b'{"schemaVersion": 1e999}',
        b"\xff", b'{"schemaVersion": "\\ud800"}', b"NaN", b'{"schemaVersion": 1, "run": 5}', b'{"schemaVersion": 2}',
        b'{"schemaVersion": 99}', b"\0" * 10,
    ],
    ids=name_of,
)  # fmt: skip
@pytest.mark.parametrize("command", [["report"], ["compare", "mine.json"], ["replay"]], ids=" ".join)
def test_a_result_that_is_none_is_told(talk: Talk, folder: Path, command: list[str], content: bytes) -> None:
    """The file is named."""
    (folder / "mine.json").write_bytes(content)
    more = ["x"] if command == ["replay"] else []
    assert "mine.json" in check(talk(*command, "mine.json", *more))


@pytest.mark.parametrize(
    "content",
    [
        b"depth = ", b"\xff", b"\0", b"nosuch = 1", b"depth = 5", b"depth = ''", b"depth = ['smoke']", b"seed = 1.5",
        b"seed = 2020-01-01", b"seed = " + b"9" * 5_000, b"timeout = nan", b"rate = inf", b"wait = -1", b"max-writes = 0",
        b"workers = 100000", b"strict = 'yes'", b"clause = 'x'", b"clause = [1]", b"clause = ['\\u0007']", b"[depth]\nx = 1",
        b"x = " + b"[" * 10_000, b"seed = 1\nseed = 2", b"api-key = 'sk_lf_secret'", b"base-url = 5",
        b"base-url = 'staging'", b"base-url = 'http://me:sk_lf_secret@x'", b"headers = 5", b"[headers]\nX = 5",
        b"[headers]\nX = 'NOT_SET'", b'known-failing = "a\\u0000b"', b'contract = "a\\u0000b.yaml"',
        b'report-dir = "a\\u0000b"',
        b'examples = "a\\u0000b"',
        b"report = 'telegram'", b"basis = 'hearsay'", b"contract = '\\u001b'",
    ],
    ids=name_of,
)  # fmt: skip
@pytest.mark.parametrize("shared", [False, True], ids=["own file", "pyproject.toml"])
def test_a_settings_file_that_cannot_be_used_is_told(talk: Talk, folder: Path, content: bytes, shared: bool) -> None:
    """Whether its text, a name, a form or a value is wrong; a key that stands in it is not repeated."""
    table = b"[tool.lightfield-contract]\n" + re.sub(rb"^\[(\w+)\]", rb"[tool.lightfield-contract.\1]", content)
    (folder / ("pyproject.toml" if shared else "lightfield-contract.toml")).write_bytes(table if shared else content)
    assert "secret" not in check(talk("run", environment={"LIGHTFIELD_API_KEY": b"sk_lf_some_key"}))


@pytest.mark.parametrize("path", UNREADABLE, ids=name_of)
def test_a_settings_file_that_cannot_be_read_is_told(talk: Talk, path: str) -> None:
    """One that is named has to be there; an empty name stands for none."""
    if path:
        check(talk(*FEW, "--settings", path))
    else:
        assert talk(*FEW, "--settings", path).returncode == 0


@pytest.mark.parametrize(
    "setting",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"COLUMNS": "1"},
        {"COLUMNS": "-5"},
        {"COLUMNS": "wide"},
        {"PYTHONOPTIMIZE": "2"},
        {"TMPDIR": "/nowhere"},
        {"HOME": "/nowhere"},
        {"TERM": "nosuch", "LANG": "xx_YY.nosuch", "TZ": "nosuch/place"},
        {"HTTP_PROXY": "junk", "NO_PROXY": "[::1"},
    ],
    ids=str,
)
def test_a_run_takes_the_environment_of_its_process_as_it_is(run: Run, tmp_path: Path, setting: dict[str, str]) -> None:
    """What Python, terminals and systems read of it; as a process, since much of it is read when one starts."""
    told = run(["lightfield-contract", *FEW, "--report-dir", "reports"], tmp_path, setting)
    assert (told.returncode, told.stderr) == (0, ""), told.stdout + told.stderr
    again = run(
        ["lightfield-contract", "report", "reports/result.json", "--report", "json,html,markdown"], tmp_path, setting
    )
    assert (again.returncode, again.stderr) == (0, ""), again.stdout + again.stderr

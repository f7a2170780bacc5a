"""A user's mistake is one sentence with what to do about it, exit status 4, and nothing is sent."""

from __future__ import annotations

import dataclasses
import http.server
import importlib.resources
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lightfield_contract.conformance.cli import main
from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.conformance.running import TESTS
from lightfield_contract.reference import Reference
from lightfield_contract.reports import Result, parse_result, render_json

KEY = "sk_lf_some"
URL = "{url}"
"""Stands for the base URL of a server that counts requests."""
AT = ["run", "--base-url", URL]
FRAGMENT = importlib.resources.files("lightfield_contract.spec") / "opportunities.yaml"
FILES: dict[str, str | Callable[[str], str]] = {
    "clause.known": "required:/fields/$name # later\nrequird:/fields/$stage\n",
    "words.known": "not an id at all\n",
    "key.toml": 'depht = "smoke"\n',
    "url.toml": 'base-url = " "\n',
    "header.toml": '[headers]\nAuthorization = "SOME"\n',
    "syntax.toml": "depth = \n",
    "type.toml": 'rate = "fast"\n',
    "broken.json": '{"run":',
    "other.json": '{"run": 1}',
    "syntax.yaml": "openapi: 3.1.0\npaths:\n  /v1/x: [\n",
    "member.yaml": lambda text: text.replace("operationId", "operationID", 1),
    "schema.yaml": lambda text: text.replace("type: string", "type: strin", 1),
    "security.yaml": lambda text: text.replace("scheme: bearer", "scheme: basic", 1),
    "file": "",
}
"""What stands in the current folder; or what is changed in the packaged fragment."""

MISTAKES: dict[str, tuple[list[str], dict[str, str], str]] = {
    "abbreviated option": (["run", "--dept", "smoke"], {}, "did you mean --depth?"),
    "misspelt option": (["run", "--detph=smoke"], {}, "did you mean --depth?"),
    "option of another command": (["report", "other.json", "--format", "html"], {}, "option of another command"),
    "misspelt depth": (["run", "--depth", "smok"], {}, "did you mean smoke?"),
    "misspelt basis": (["run", "--basis", "endpont"], {}, "did you mean endpoint?"),
    "misspelt form": ([*AT, "--report", "htlm", "--report-dir", "r"], {}, "did you mean html?"),
    "misspelt command": (["rnu"], {}, "did you mean run?"),
    "misspelt clause": ([*AT, "--clause", "idempotency:replya"], {}, "did you mean idempotency:replay?"),
    "empty clause": ([*AT, "--clause", ""], {}, "give one, or the beginning of some"),
    "misspelt clause to explain": (["explain", "idempotency:replya"], {}, "did you mean idempotency:replay"),
    "misspelt fault": (["serve", "--fault", "kyes-ignored"], {}, "did you mean keys-ignored"),
    "misspelt fragment": ([*AT, "--contract", "oportunities"], {}, "give one of opportunities"),
    "misspelt key": (AT, {"LIGHTFIELD_API_KEY_RAED": "sk"}, "did you mean LIGHTFIELD_API_KEY_READ?"),
    "misspelt URL": (["run"], {"LIGHTFIELD_BASE_URLS": URL}, "did you mean LIGHTFIELD_BASE_URL?"),
    "misspelt ID": (AT, {"LIGHTFIELD_ACOUNT_ID": "acc_1"}, "did you mean LIGHTFIELD_ACCOUNT_ID?"),
    "URL with the operation": (["run", "--base-url", f"{URL}/v1/opportunities"], {}, "try --base-url http://127.0.0.1:"),
    "URL with the version": (["run", f"{URL}/v1"], {}, "try --base-url http://127.0.0.1:"),
    "URL with a query": (["run", "--base-url", f"{URL}/?v=1"], {}, "give what stands before it"),
    "URL with a key": (["run", "--base-url", f"http://{KEY}@127.0.0.1"], {}, "give keys in the environment"),
    "URL without a scheme": (["run", "--base-url", "staging.example.com"], {}, "put https:// before it"),
    "URL of another kind": (["run", "--base-url", "ftp://staging.example.com"], {}, "give http or https"),
    "plain http elsewhere": (["run", "--base-url", "http://staging.example.com"], {}, "use https"),
    "two URLs": ([*AT, URL], {}, "leave one out"),
    "no URL": (["run", "staging.example.com"], {}, "a base URL begins with https://"),
    "empty URL": (["run", "--base-url", ""], {}, "give the target's URL"),
    "empty URL by itself": (["run", ""], {}, "give the target's URL"),
    "empty URL in the settings": (["run", "--settings", "url.toml"], {}, "url.toml:1: base-url is empty"),
    "empty folder": ([*AT, "--report-dir", ""], {}, "'' is not a path"),
    "folder of a client's reports": (["client", "--report-dir", "file/r", "--", "true"], {}, "give another folder"),
    "misspelt requirement": ([*AT, "--require", "idempotency:replya"], {}, "did you mean idempotency:replay?"),
    "missing CA file for plain http": ([*AT, "--ca-file", "none.pem"], {}, "give certificates in PEM form"),
    "option as a variable": (AT, {"LIGHTFIELD_REPORT_DIR": "r"}, "give --report-dir"),
    "header of ours in the settings": ([*AT, "--settings", "header.toml"], {}, "header.toml:2: Authorization is a header"),
    "clock header of ours": (AT, {"LIGHTFIELD_CLOCK_HEADER": "Idempotency-Key"}, "give a header that moves"),
    "part of a key": (AT, {"LIGHTFIELD_API_KEY": "sk"}, "give the key alone"),
    "empty variable": (["run"], {"LIGHTFIELD_BASE_URL": " "}, "set it to the target's base URL, or unset it"),
    "no key": (AT, {"LIGHTFIELD_API_KEY": ""}, "export it in the environment"),
    "more than a key": (AT, {"LIGHTFIELD_API_KEY": f"Bearer {KEY}"}, "give the key alone"),
    "key command that fails": (
        AT,
        {"LIGHTFIELD_API_KEY": "", "LIGHTFIELD_KEY_COMMAND": "false"},
        "run it by hand to see why",
    ),
    "key command that is not there": (
        AT,
        {"LIGHTFIELD_API_KEY": "", "LIGHTFIELD_KEY_COMMAND": "no-such-command"},
        "name a program that is on the PATH",
    ),
    "header line": (AT, {"LIGHTFIELD_HEADERS": "X-Some value"}, "give one header a line"),
    "header of ours": (AT, {"LIGHTFIELD_HEADERS": "Authorization: x"}, "take that line out"),
    "clock header": (AT, {"LIGHTFIELD_CLOCK_HEADER": "X Clock:"}, "give the name alone"),
    "report without a folder": (["run", "--report", "html"], {}, "add --report-dir DIR"),
    "folder that is a file": ([*AT, "--report-dir", "file/r"], {}, "give another folder"),
    "known-failing clause": ([*AT, "--known-failing", "clause.known"], {}, "clause.known:2: there is no clause"),
    "known-failing line": ([*AT, "--known-failing", "words.known"], {}, "`lightfield-contract clauses` lists them"),
    "known-failing file": ([*AT, "--known-failing", "none.known"], {}, "give a list of known failures"),
    "unknown setting": ([*AT, "--settings", "key.toml"], {}, "key.toml:1: depht is no setting; did you mean depth?"),
    "settings that are no TOML": ([*AT, "--settings", "syntax.toml"], {}, "line 1"),
    "setting of another type": ([*AT, "--settings", "type.toml"], {}, "type.toml:1: rate: 'fast' is not a number"),
    "fragment that is no YAML": ([*AT, "--contract", "syntax.yaml"], {}, "syntax.yaml:4: not YAML"),
    "fragment without a member": ([*AT, "--contract", "member.yaml"], {}, "'operationId' is a required property"),
    "fragment with another type": ([*AT, "--contract", "schema.yaml"], {}, ".schema.type: 'strin' is not valid"),
    "fragment that asks for too much": ([*AT, "--contract", "security.yaml"], {}, "post.security: keys are sent as bearer"),
    "rate": ([*AT, "--rate", "-1"], {}, "is not a number from 0.001"),
    "time-out": ([*AT, "--timeout", "0"], {}, "is not a number of seconds above 0"),
    "writes": ([*AT, "--max-writes", "-5"], {}, "is not a whole number above 0"),
    "seed": ([*AT, "--seed", "-1"], {}, "is not a whole number, 0 or more"),
    "seed of faults": (["faults", "--run", "--seed", "-1"], {}, "is not a whole number, 0 or more"),
    "file of what is only listed": (["faults", "--json", "f.json"], {}, "add --run, or leave them out"),
    "workers": ([*AT, "--workers", "0"], {}, "is not a whole number from 1 to 256"),
    "requirement": ([*AT, "--require", "200%"], {}, "is not a percentage such as 90%"),
    "certificates at odds": ([*AT, "--insecure", "--ca-file", "file"], {}, "give one of the two"),
    "certificate's key alone": ([*AT, "--client-key", "file"], {}, "give that with --client-cert"),
    "missing CA file": (["run", "https://127.0.0.1:9", "--ca-file", "none.pem"], {}, "give certificates in PEM form"),
    "result that is none": (["compare", "broken.json", "broken.json"], {}, "give the JSON file that a run wrote"),
    "result of something else": (["replay", "other.json", "x"], {}, "give the JSON file that a run wrote"),
    "ledger that is not there": (["clean", "none.json"], {}, "give the ledger that a run named"),
    "no client": (["client"], {}, "give the command that drives the client"),
}
PLAIN = (
    *("misspelt clause", "misspelt key", "misspelt form", "URL with the operation", "empty variable", "no key", "rate"),
    *("known-failing clause", "fragment without a member", "certificates at odds"),
    *("empty URL", "empty URL in the settings", "empty folder", "misspelt requirement"),
)
"""Those that are tried with plain pytest too, whose options have a name of their own."""


class Counting(http.server.BaseHTTPRequestHandler):
    """Counts what is sent, and refuses it."""

    def handle_one_request(self) -> None:
        """Note that something came, and end the connection."""
        self.server.seen.append(self.rfile.readline())  # type: ignore[attr-defined]
        self.close_connection = True


@pytest.fixture(scope="module")
def counting() -> Iterator[http.server.HTTPServer]:
    """A server that counts requests."""
    with http.server.HTTPServer(("127.0.0.1", 0), Counting) as server:
        server.seen = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's folder."""
    made = tmp_path_factory.mktemp("user")
    for name, text in FILES.items():
        (made / name).write_text(text if isinstance(text, str) else text(FRAGMENT.read_text("utf-8")), "utf-8")
    return made


def in_pytest(words: list[str]) -> list[str]:
    """The arguments of `run` as plain pytest has them."""
    ours = {"--base-url": "--base-url"}
    named = [ours.get(word, f"--lightfield-{word[2:]}") if word.startswith("--") else word for word in words[1:]]
    return [str(TESTS), "-q", "-p", "no:cacheprovider", *named]


@pytest.mark.parametrize(("name", "plain"), [*((name, False) for name in MISTAKES), *((name, True) for name in PLAIN)])
def test_a_mistake_is_one_sentence_with_its_remedy(
    name: str,
    plain: bool,
    counting: http.server.HTTPServer,
    folder: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line, which holds no key; and nothing is sent."""
    arguments, environment, remedy = MISTAKES[name]
    url = f"http://127.0.0.1:{counting.server_port}"
    counting.seen.clear()  # type: ignore[attr-defined]
    monkeypatch.chdir(folder)
    for variable, value in {"LIGHTFIELD_API_KEY": KEY, **environment}.items():
        monkeypatch.setenv(variable, value.replace(URL, url))
    words = [word.replace(URL, url) for word in arguments]
    assert (pytest.main(in_pytest(words)) if plain else main(words)) == 4
    printed = capfd.readouterr()
    lines = [line for line in (printed.out + printed.err).splitlines() if line.strip()]
    assert len(lines) == 1, lines
    assert remedy in lines[0]
    assert KEY not in lines[0]
    assert counting.seen == []  # type: ignore[attr-defined]


KEY_OF = "LIGHTFIELD_API_KEY"
MET: dict[str, tuple[dict[str, str], str]] = {
    "a key that nobody gave out": ({KEY_OF: KEY}, f"refused the key in {KEY_OF} (401): is it a key for this target?"),
    "a key without the create scope": ({KEY_OF: f"{KEY_OF}_NO_CREATE"}, "give a key that may create"),
    "a key that may only read": ({KEY_OF: f"{KEY_OF}_READ"}, "give a key that may create"),
    "an account": ({"LIGHTFIELD_ACCOUNT_ID": "acc_none"}, "the target knows no account 'acc_none'; give the ID of one"),
    "a contact": ({"LIGHTFIELD_CONTACT_ID": "con_none"}, "the target knows no contact 'con_none'; give the ID of one"),
    "a member": ({"LIGHTFIELD_MEMBER_ID": "mem_none"}, "the target knows no member 'mem_none'; give the ID of one"),
    "a stage": ({"LIGHTFIELD_STAGE": "none"}, "no option has the ID or label 'none'; the definitions"),
    "a path too much": ({"LIGHTFIELD_BASE_URL": f"{URL}/v1"}, "the base URL has too much"),
}
"""What only the target can tell; the name of a variable stands for the reference's own value of it."""


@pytest.fixture(scope="module")
def met() -> Iterator[tuple[Reference, list[str]]]:
    """A server that keeps the contract, and the methods of the requests that it got."""
    methods: list[str] = []
    with Reference(observer=lambda request, _: methods.append(request.method)) as server:
        yield server, methods


@pytest.mark.parametrize("name", MET)
def test_a_mistake_that_the_target_tells_makes_nothing(
    name: str, met: tuple[Reference, list[str]], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line; it is read of keys, objects and options, and no create is sent. Nothing is said of a ledger."""
    server, methods = met
    methods.clear()
    changed, remedy = MET[name]
    for variable, value in {**server.environment, "LIGHTFIELD_BASE_URL": server.url, **changed}.items():
        known = server.environment.get(value, value).partition(",")[0] if variable in changed else value
        monkeypatch.setenv(variable, known.replace(URL, server.url))
    assert main(["run"]) == 4
    printed = capfd.readouterr()
    lines = [line for line in (printed.out + printed.err).splitlines() if line.strip()]
    assert len(lines) == 1, lines
    assert remedy in lines[0]
    assert KEY not in lines[0]
    assert "POST" not in methods


NOWHERE = "http://127.0.0.1:9"
"""A port at which nobody listens."""


def test_a_url_may_stand_by_itself(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`run URL` judges that URL, and does not look for a file of that name."""
    monkeypatch.setenv("LIGHTFIELD_API_KEY", KEY)
    assert main(["run", NOWHERE]) == 4
    printed = capfd.readouterr()
    assert NOWHERE in printed.out + printed.err
    assert "file or directory" not in printed.out + printed.err


@pytest.fixture(scope="module")
def result() -> Result:
    """A result of a short run."""
    found, printed = judge_server(Reference(), ["--lightfield-clause=key:validate"], socket=False)
    assert found is not None, printed
    return found


def test_results_in_the_wrong_order_are_no_comparison(
    result: Result, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The oldest comes first, or every repair would be a regression."""
    older = dataclasses.replace(result, run=dataclasses.replace(result.run, started_at="2020-01-01T00:00:00+00:00"))
    names = [str(tmp_path / name) for name in ("older.json", "newer.json")]
    for name, each in zip(names, (older, result), strict=True):
        Path(name).write_text(render_json(each), "utf-8")
    assert main(["compare", *names]) == 0
    assert main(["compare", *names[::-1]]) == 4
    assert main(["compare", names[0], names[0]]) == 4
    assert "give the results in the order of their runs" in capfd.readouterr().err
    assert parse_result(json.dumps(json.loads(render_json(older))), "older") == older

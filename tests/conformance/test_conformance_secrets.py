"""No key gets into anything that a run writes, whatever the target repeats and however loud pytest is asked to be."""

from __future__ import annotations

import base64
import re
import shlex
import subprocess
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from lightfield_contract.reference import Call, JsonAnswer, Pipeline, Reference, Refusal, SampleKeys
from lightfield_contract.reports import Verdict, read_json

KEYS = SampleKeys()
PLANTED = {
    "LIGHTFIELD_API_KEY": ("sk_lf_planted+main/4f9a==", KEYS.full),
    "LIGHTFIELD_API_KEY_READ": ("sk_lf_planted+read/81c2~%", KEYS.read),
    "LIGHTFIELD_API_KEY_CREATE_ONLY": ("sk_lf_planted+only/93d7&x", KEYS.create_only),
    "LIGHTFIELD_API_KEY_NO_CREATE": ("sk_lf_planted+none/a06e:b", KEYS.no_create_update),
    "LIGHTFIELD_API_KEY_OTHER_ORG": ("sk_lf_planted+other/5b1f@c", KEYS.other_org),
}
LOUD = ("--", "-l", "--tb=long", "--log-level=DEBUG", "-rA", "-v", "--log-cli-level=DEBUG", "--log-file=reports/log.txt")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")


class Echoing(Pipeline):
    """Knows the planted keys by their samples, and repeats the Authorization header wherever it can."""

    def find_key(self, token: str) -> Any:
        """The sample key that a planted one stands for."""
        return super().find_key(dict(PLANTED.values()).get(token, ""))

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:
        """An error whose message and code hold the header, plain, URL-encoded and in base64."""
        body = super().error_body(call, refusal)
        if call is not None:
            sent = call.headers.get("Authorization", "")
            forms = [sent, urllib.parse.quote(sent), base64.b64encode(sent.encode()).decode()]
            forms += [base64.urlsafe_b64encode(f"{pad}{sent}!".encode()).decode() for pad in ("x", "xy")]
            body["error"]["message"] += f" You sent {forms}."
            body["error"]["code"] = f"{refusal.code} {sent}"
            body["error"]["param"] = sent
        return body

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        """Every answer repeats the header in a header of its own."""
        response = super().finish(call, answer)
        sent = call.headers.get("Authorization", "")
        response.headers["X-Echo"] = sent
        response.headers["X-Echo-Encoded"] = base64.b64encode(sent.encode()).decode()
        response.headers["Location"] = f"/login?key={urllib.parse.quote(sent, safe='')}"
        return response


class Escaping(Echoing):
    """Writes some characters as JSON escapes, as encoders that fear HTML do."""

    def encode(self, answer: JsonAnswer) -> bytes:
        """The body as JSON, with slashes and plus signs escaped."""
        return super().encode(answer).replace(b"/", b"\\/").replace(b"+", b"\\u002b")


TENANT = "planted+tenant/77aa=="


class EchoingTheTenant(Pipeline):
    """Repeats what a gateway's headers say, in a header of the same name and in another one."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        """Plain, URL-encoded and in base64."""
        response = super().finish(call, answer)
        sent = call.headers.get("X-Tenant", "")
        response.headers["X-Tenant"] = sent
        response.headers["X-Route"] = f"/{urllib.parse.quote(sent, safe='')}/{base64.b64encode(sent.encode()).decode()}"
        response.headers["X-Short"] = call.headers.get("X-Short", "")
        return response


class EchoingBoth(EchoingTheTenant, Echoing):
    """Repeats those and the key."""


def holds(text: str, key: str) -> bool:
    """Whether a key can be read off a text, plain, unquoted or decoded."""
    if key in text or key in urllib.parse.unquote(text) or key in urllib.parse.unquote_plus(text):
        return True
    for word in BASE64.findall(text):
        plain = word.replace("-", "+").replace("_", "/")
        for start in range(4):
            part = plain[start:]
            if key.encode() in base64.b64decode(part + "A" * (-len(part) % 4)):
                return True
    return False


def written(told: subprocess.CompletedProcess[str], folder: Path) -> dict[str, str]:
    """All that a run wrote, by where."""
    files = {str(path): path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file()}
    return {"stdout": told.stdout, "stderr": told.stderr, **files}


@pytest.mark.parametrize("pipeline", [Echoing, Escaping], ids=["plain", "escaped"])
def test_no_key_is_written_anywhere(
    command: Callable[..., subprocess.CompletedProcess[str]],
    serve: Callable[..., Reference],
    tmp_path: Path,
    pipeline: type[Pipeline],
) -> None:
    """Neither terminal nor log nor any report holds a key in any form, and the target is told off for repeating them."""
    target = serve(pipeline)
    (tmp_path / "reports").mkdir()
    told = command(
        *("run", "--base-url", target.url, "--depth", "smoke", "--report-dir", "reports"),
        *("--report", "json,html,junit,markdown,ctrf,har", *LOUD),
        environment={**target.environment, **{name: key for name, (key, _) in PLANTED.items()}},
    )
    texts = written(told, tmp_path)
    assert [(place, name) for place, text in texts.items() for name, (key, _) in PLANTED.items() if holds(text, key)] == []
    assert told.returncode == 1, told.stdout + told.stderr
    result = read_json(tmp_path / "reports" / "result.json")
    verdicts = {clause.id: clause.verdict for clause in result.clauses}
    assert verdicts["refusal:no-key"] is Verdict.VIOLATED
    assert set(PLANTED) <= set(result.run.given)


def test_what_the_way_to_the_target_needs_is_written_nowhere(
    command: Callable[..., subprocess.CompletedProcess[str]], serve: Callable[..., Reference], tmp_path: Path
) -> None:
    """A gateway's header, and a key that a command prints, are hidden like a key in a variable."""
    target = serve(EchoingBoth)
    key, _ = PLANTED["LIGHTFIELD_API_KEY"]
    printing = shlex.join([sys.executable, "-c", f"print({key[::-1]!r}[::-1])"])
    way = {"LIGHTFIELD_HEADERS": f"X-Tenant: {TENANT}\nX-Short: blue42", "LIGHTFIELD_KEY_COMMAND": printing}
    given = {**target.environment, **{name: other for name, (other, _) in PLANTED.items()}}
    del given["LIGHTFIELD_API_KEY"]
    (tmp_path / "reports").mkdir()
    told = command(
        *("run", "--base-url", target.url, "--depth", "smoke", "--report-dir", "reports"),
        *("--report", "json,html,junit,markdown,ctrf,har", *LOUD),
        environment={**given, **way},
    )
    texts = written(told, tmp_path)
    assert [
        (place, secret) for place, text in texts.items() for secret in (key, TENANT, "blue42") if holds(text, secret)
    ] == []
    assert told.returncode == 1, told.stdout + told.stderr
    assert "$LIGHTFIELD_HEADER_X_TENANT" in texts[str(tmp_path / "reports" / "result.json")]


def test_a_header_that_comes_back_is_no_key(
    command: Callable[..., subprocess.CompletedProcess[str]], serve: Callable[..., Reference]
) -> None:
    """A target may name the tenant that it was asked for."""
    target = serve(EchoingTheTenant)
    way = {"LIGHTFIELD_HEADERS": f"X-Tenant: {TENANT}\nX-Short: blue42"}
    told = command("run", "--base-url", target.url, "--depth", "smoke", environment={**target.environment, **way})
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("form", [str, urllib.parse.quote, lambda key: base64.b64encode(f"x{key}".encode()).decode()])
def test_the_search_finds_a_key(form: Callable[[str], str]) -> None:
    """The search that the test above relies on sees each form of a key inside a longer text."""
    key = PLANTED["LIGHTFIELD_API_KEY"][0]
    assert holds(f'{{"message": "{form(key)} is wrong"}}', key)
    assert not holds(form("nothing of the kind"), key)


@pytest.mark.parametrize("variable", list(PLANTED))
def test_a_key_that_cannot_be_used_is_not_repeated(
    command: Callable[..., subprocess.CompletedProcess[str]], serve: Callable[..., Reference], variable: str
) -> None:
    """The variable is named, and its value is not."""
    target = serve()
    environment = {**target.environment, variable: "sk_lf_plänted key"}
    told = command("run", "--base-url", target.url, "--", "-l", "--tb=long", environment=environment)
    assert told.returncode == 4
    assert variable in told.stderr
    assert "sk_lf_pl" not in told.stdout + told.stderr

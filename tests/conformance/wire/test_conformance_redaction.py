"""Keys never show: not in what prints a secret, not in texts in any form, not in the HTTP libraries' logs."""

from __future__ import annotations

import base64
import logging
import urllib.parse
from collections.abc import Callable

import pytest

from lightfield_contract.conformance.harness.wire.redaction import LOGGERS, OWN_LOGGER, Redactor, Secret, guard_logs

KEY = "sk_lf_a+b/c=d~e&%"
SECRET = Secret(KEY, "LIGHTFIELD_API_KEY")
FORMS: list[Callable[[str], str]] = [str, lambda text: urllib.parse.quote(text, safe=""), urllib.parse.quote_plus]


def contains(text: str, key: str) -> bool:
    """Whether a key can be read off a text: as it stands, unquoted, or by decoding base64 at any of its offsets."""
    if any(key in read for read in (text, urllib.parse.unquote(text), urllib.parse.unquote_plus(text))):
        return True
    for alphabet in (str.maketrans("", ""), str.maketrans("-_", "+/")):
        letters = "".join(char for char in text.translate(alphabet) if char.isalnum() or char in "+/")
        for offset in range(4):
            part = letters[offset:]
            if key.encode() in base64.b64decode(part + "A" * (-len(part) % 4)):
                return True
    return False


@pytest.mark.parametrize("show", [str, repr, "{}".format, "%s".__mod__, lambda secret: f"{secret!r} {secret}"])
def test_a_secret_shows_the_name_of_its_variable(show: Callable[[Secret], str]) -> None:
    """Whatever turns a secret into text gives its variable, never its value."""
    assert "$LIGHTFIELD_API_KEY" in show(SECRET)
    assert not contains(show(SECRET), KEY)


def test_a_secret_has_no_dictionary_to_print() -> None:
    """Debuggers and `vars` find nothing to list."""
    assert not hasattr(SECRET, "__dict__")


@pytest.mark.parametrize("form", FORMS, ids=["plain", "quoted", "quoted for forms"])
def test_a_key_is_taken_out_of_a_text(form: Callable[[str], str]) -> None:
    """Plain and URL-encoded, the key becomes the name of its variable and the rest stays."""
    text = f"before {form(KEY)} after"
    redactor = Redactor([SECRET])
    assert redactor.holds(text)
    assert redactor.text(text) == "before $LIGHTFIELD_API_KEY after"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode], ids=["standard", "for URLs"])
@pytest.mark.parametrize("before", ["", "B", "Be", "Bearer "], ids=["0", "1", "2", "7"])
@pytest.mark.parametrize("after", ["", "!", "!!", "!!!"], ids=["0", "1", "2", "3"])
def test_a_key_inside_base64_is_taken_out(encode: Callable[[bytes], bytes], before: str, after: str) -> None:
    """At every offset, with anything before and behind it, nothing is left that decodes to the key."""
    text = f"token: {encode(f'{before}{KEY}{after}'.encode()).decode()}."
    redactor = Redactor([SECRET])
    assert redactor.holds(text)
    assert not contains(redactor.text(text), KEY)
    assert redactor.text(text).startswith("token: ")


def test_a_text_without_a_key_stays_as_it_is() -> None:
    """Redaction changes nothing else."""
    redactor = Redactor([SECRET])
    text = f"{KEY[:-1]} and {base64.b64encode(b'nothing').decode()}"
    assert not redactor.holds(text)
    assert redactor.text(text) == text


def test_a_key_that_begins_with_another_is_taken_out_whole() -> None:
    """No rest of the longer key stays behind."""
    longer = Secret(f"{KEY}-and-more", "LIGHTFIELD_API_KEY_READ")
    assert Redactor([SECRET, longer]).text(f"<{longer.reveal()}>") == "<$LIGHTFIELD_API_KEY_READ>"


def test_a_key_of_two_variables_is_named_once() -> None:
    """One key under two names is shown under the first."""
    assert Redactor([SECRET, Secret(KEY, "LIGHTFIELD_API_KEY_READ")]).text(KEY) == "$LIGHTFIELD_API_KEY"


@pytest.mark.parametrize("name", LOGGERS)
def test_a_log_record_of_a_request_holds_no_key(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Message and arguments are rewritten, at debug level as well."""
    unguard = guard_logs(Redactor([SECRET]))
    with caplog.at_level(logging.DEBUG, logger=name):
        logging.getLogger(name).debug("return_value=%r %s", [(b"authorization", KEY.encode())], f"Bearer {KEY}")
    unguard()
    assert len(caplog.records) == 1
    assert not contains(caplog.text, KEY)
    assert "$LIGHTFIELD_API_KEY" in caplog.text


def test_each_run_guards_its_own_keys_until_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    """Of two runs in one process, each guards its own, and leaves no filter behind."""
    before = list(logging.getLogger(OWN_LOGGER).filters)
    other = Secret("sk_lf_of_the_second_run", "LIGHTFIELD_API_KEY")
    guards = [guard_logs(Redactor([secret])) for secret in (SECRET, other)]
    with caplog.at_level(logging.DEBUG, logger=OWN_LOGGER):
        logging.getLogger(OWN_LOGGER).debug("%s %s", other.reveal(), KEY)
    for unguard in guards:
        unguard()
    assert caplog.messages == ["$LIGHTFIELD_API_KEY $LIGHTFIELD_API_KEY"]
    assert logging.getLogger(OWN_LOGGER).filters == before

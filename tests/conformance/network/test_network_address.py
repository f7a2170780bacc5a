"""The base URL in all its spellings: one normal form, and whether it is this machine is told by its address alone."""

from __future__ import annotations

import pytest

from lightfield_contract.conformance.harness.wire.address import parse_address
from lightfield_contract.conformance.harness.wire.target import read_target
from lightfield_contract.conformance.harness.wire.way import WayOptions
from lightfield_contract.spec import Contract, UsageError

KEY = {"LIGHTFIELD_API_KEY": "sk_lf_main_key"}
PLAIN = "https://staging.example.com"


@pytest.mark.parametrize(
    "text",
    [
        "HTTPS://staging.example.com",
        "hTTps://Staging.EXAMPLE.com/",
        "https://staging.example.com.",
        "https://staging.example.com:443",
        "https://staging.example.com:/",
        " https://staging.example.com\r\n",
        "\ufeffhttps://staging.example.com//",
        "https://staging.example.com?#",
        "https://staging.example.com/api/..",
        "https://staging。example。com",
    ],
)
def test_every_spelling_of_a_url_is_one_address(text: str) -> None:
    """Scheme and host in any case, a dot or slashes at the end, the scheme's own port, white space, a byte order mark."""
    assert parse_address(text) == parse_address(PLAIN)
    assert parse_address(text).url == PLAIN


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://例え.jp/", "https://xn--r8jz45g.jp"),
        ("http://[0:0::0:1]:8080/", "http://[::1]:8080"),
        ("https://host/API//v2/", "https://host/API//v2"),
        ("http://127.1:80", "http://127.0.0.1"),
        ("https://host:80", "https://host:80"),
    ],
)
def test_what_means_something_is_kept(text: str, url: str) -> None:
    """Names go to ASCII, addresses to their usual form; a path stays, and so does a port that is not the scheme's own."""
    assert parse_address(text).url == url


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "127.0.0.1",
        "127.0.0.2",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "127.0.0.1.",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:2]",
        "0.0.0.0",  # noqa: S104 - nothing is bound to it
        "[::]",
    ],
)
def test_this_machine_is_known_in_every_spelling(host: str) -> None:
    """By the address that it is."""
    assert parse_address(f"http://{host}:8765").local


@pytest.mark.parametrize(
    "host",
    [
        "localhost.example.com",
        "127.0.0.1.example.com",
        "127-0-0-1.example.com",
        "localhost-example.com",
        "notlocalhost",
        "128.0.0.1",
        "126.255.255.255",
        "10.0.0.1",
        "[::2]",
        "[::ffff:128.0.0.1]",
        "example.com",
    ],
)
def test_no_other_machine_is_taken_for_this_one(host: str) -> None:
    """Whatever its name begins or ends with."""
    assert not parse_address(f"http://{host}:8765").local


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("staging.example.com", "no scheme"),
        ("localhost:8765", "no scheme"),
        ("https:/staging.example.com", "no scheme"),
        ("https://user@staging.example.com", "credentials"),
        ("https://@staging.example.com", "credentials"),
        ("https://staging.example.com\\@other.example.com", "credentials"),
        ("https://staging.example.com?env=1", "query"),
        ("https://staging.example.com#top", "query"),
        ("https://staging.example.com https://other.example.com", "white space"),
        ("https://staging.\nexample.com", "white space"),
        ("https://staging.example.com/\x00", "white space"),
        ("ftp://staging.example.com", "http or https"),
        ("https://staging.example.com:0", "http or https"),
        ("https://staging.example.com:65536", "cannot be read"),
        ("https://staging.example.com:http", "cannot be read"),
        ("https://", "no host"),
        ("https:///v1", "no host"),
        ("https://stag%69ng.example.com", "no host"),
        ("https://staging..example.com", "no host"),
        ("https://256.1.1.1", "no host"),
        ("http://[fe80::1%25eth0]", "no host"),
        ("http://[::1", "cannot be read"),
        ("'https://staging.example.com'", "http or https"),
    ],
)
def test_what_cannot_be_an_address_is_told_by_what_is_wrong_with_it(text: str, told: str) -> None:
    """The message shows an example, and never the text: a key may stand in it."""
    with pytest.raises(UsageError, match=told) as caught:
        parse_address(text)
    assert text not in str(caught.value).replace(PLAIN, "")


@pytest.mark.parametrize("url", ["http://staging.example.com", "HTTP://10.0.0.1:8000", "http://127.0.0.1.example.com"])
def test_keys_do_not_travel_in_the_open(contract: Contract, url: str) -> None:
    """Plain HTTP to another machine needs the user's word, which the report then repeats."""
    with pytest.raises(UsageError, match="--allow-http"):
        read_target(contract, url, KEY)
    allowed = read_target(contract, url, KEY, WayOptions(allow_http=True))
    assert any("plain HTTP" in note for note in allowed.way.notes)


@pytest.mark.parametrize("url", ["https://staging.example.com", "https://localhost.example.com", "https://10.0.0.1"])
def test_a_certificate_goes_unchecked_on_this_machine_alone(contract: Contract, url: str) -> None:
    """Elsewhere the user is told of --ca-file."""
    with pytest.raises(UsageError, match="--ca-file"):
        read_target(contract, url, KEY, WayOptions(insecure=True))
    local = read_target(contract, "HTTPS://Localhost.:8443", KEY, WayOptions(insecure=True))
    assert local.way.insecure
    assert any("not checked" in note for note in local.way.notes)


@pytest.mark.parametrize("variable", ["LIGHTFIELD_API_KEY", "LIGHTFIELD_CLOCK_HEADER", "LIGHTFIELD_ACCOUNT_ID"])
def test_what_an_editor_puts_around_a_value_is_taken_off(contract: Contract, variable: str) -> None:
    """White space, a line end and a byte order mark, in any variable."""
    given = {**KEY, variable: "X-Some-Value"}
    around = {**given, variable: "\ufeff X-Some-Value \r\n"}
    assert str(read_target(contract, PLAIN, around).given_ids) == str(read_target(contract, PLAIN, given).given_ids)
    assert read_target(contract, PLAIN, around).clock_header == read_target(contract, PLAIN, given).clock_header
    keys = [read_target(contract, PLAIN, each).callers["main"].key for each in (around, given)]
    assert len({key.reveal() for key in keys if key}) == 1


def test_a_clock_header_has_to_be_a_name(contract: Contract) -> None:
    """What could not be sent is said before anything is."""
    with pytest.raises(UsageError, match="LIGHTFIELD_CLOCK_HEADER"):
        read_target(contract, PLAIN, {**KEY, "LIGHTFIELD_CLOCK_HEADER": "X-Clock: 5"})

"""Judges of the request: where it goes, its headers, and its body against what the caller gave."""

from __future__ import annotations

import codecs
import functools
from collections.abc import Iterator

from ....reference.arrival import Arrival
from ....spec import Contract, Role
from ..scenario import Played, ScenarioEvidence
from .bodies import compare_bodies
from .check import Checks, Judge, check, shown

__all__ = ["JUDGES", "header_remarks"]

_BASE_URLS = ("base-url-path", "base-url-slash")
_READS = ("GET", "HEAD", "OPTIONS")
_NO_JSON = "non-finite"


def _path(seen: ScenarioEvidence) -> Checks:
    expected = f"POST {seen.contract.create.path} below the base URL"
    if seen.name in _BASE_URLS:
        return
    for played in seen.played:
        for arrival in played.arrivals:
            if not arrival.problem and arrival.method not in _READS:
                yield check(arrival.is_create, expected, f"{arrival.method} {arrival.target[:200]}", arrival)
        if (
            seen.name == "plain"
            and played.answer is not None
            and not any(arrival.method not in _READS for arrival in played.arrivals)
        ):
            yield check(bool(played.arrivals), expected, "no request arrived at the base URL")
            for arrival in played.arrivals[-1:]:
                yield check(False, expected, f"{arrival.method} {arrival.target[:200]}", arrival)


def _base_url(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.answer is None or not played.answer.unsupported:
            went = [f"{arrival.method} {arrival.target[:200]}" for arrival in played.arrivals]
            observed = f"requests went to {', '.join(went)}" if went else "no request arrived"
            expected = f"with the base URL {seen.base_url}, a POST to {_target(seen)}"
            yield check(bool(played.creates), expected, observed, *played.arrivals)


def _target(seen: ScenarioEvidence) -> str:
    return seen.scenario.prefix + seen.contract.create.path


def _version(seen: ScenarioEvidence) -> Checks:
    header = seen.contract.version_header
    if header is None:
        return
    wanted = str(header.schema["const"])
    for arrival in seen.creates:
        sent = arrival.values(header.name)
        observed = f"{header.name}: {', '.join(sent) or 'absent'}"
        yield check(sent == [wanted], f"{header.name}: {wanted}", observed, arrival)


def _authorization(seen: ScenarioEvidence) -> Checks:
    for arrival in seen.creates:
        sent = arrival.values("Authorization")
        scheme, _, token = sent[0].partition(" ") if sent else ("", "", "")
        held = len(sent) == 1 and scheme.lower() == "bearer" and token.strip() == seen.api_key
        observed = (
            "no Authorization header"
            if not sent
            else f"{len(sent)} Authorization header{'s' * (len(sent) > 1)}, the first of scheme {shown(scheme)}"
        )
        known = "" if not sent or token.strip() == seen.api_key else ", with something else than the key"
        yield check(held, "one Authorization header: Bearer and the key", observed + known, arrival)


def _credentials(seen: ScenarioEvidence) -> Checks:
    for arrival in seen.creates:
        others = {name: value for name, value in arrival.headers if name.lower() != "authorization"}
        places = {"the URL": arrival.target, "the body": arrival.body.decode("latin-1"), **others}
        found = [place for place, text in places.items() if seen.holds_key(text)]
        yield check(not found, "the key in the Authorization header alone", f"the key also in {', '.join(found)}", arrival)


def _media_type(seen: ScenarioEvidence) -> Checks:
    for arrival in seen.creates:
        sent = arrival.values("Content-Type")
        media_type, _, parameters = sent[0].lower().partition(";") if sent else ("", "", "")
        charset = parameters.replace('"', "").replace(" ", "")
        held = len(sent) == 1 and media_type.strip() == "application/json" and charset in ("", "charset=utf-8")
        yield check(held, "Content-Type: application/json", f"Content-Type: {', '.join(sent) or 'absent'}", arrival)


def _length(seen: ScenarioEvidence) -> Checks:
    expected = "one true Content-Length, or a chunked body"
    for played in seen.played:
        for arrival in played.arrivals:
            both = bool(arrival.values("Content-Length") and arrival.values("Transfer-Encoding"))
            observed = arrival.problem or "Content-Length and Transfer-Encoding"
            yield check(not both and not arrival.problem, expected, observed, arrival)


def _json(seen: ScenarioEvidence) -> Checks:
    for arrival in seen.creates if seen.name != _NO_JSON else ():
        observed = _not_json(arrival)
        yield check(not observed, "a JSON object in UTF-8", observed, arrival)


def _not_json(arrival: Arrival) -> str:
    try:
        value = arrival.json()
    except UnicodeDecodeError as error:
        return f"a body that is not UTF-8, from its byte {error.start} on"
    except ValueError as error:
        marked = arrival.body.startswith(codecs.BOM_UTF8)
        return f"a body that is not JSON: {'it begins with a byte order mark' if marked else error}"
    return "" if isinstance(value, dict) else f"a body that is no JSON object: {shown(value)}"


def _non_finite(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.applied("nonFinite"):
            for arrival in played.creates:
                observed = _not_json(arrival)
                yield check(not observed, "an error, or a body that is JSON", observed, arrival)
            if not played.creates:
                yield check(True, "an error, or a body that is JSON", "")


def _differs(kind: str, expected: str, seen: ScenarioEvidence) -> Checks:
    groups = frozenset(place.group for place in seen.contract.places if place.role is Role.LINK)
    for played, arrival, sent in _readable(seen):
        found = [each.text for each in compare_bodies(played.message.body, sent, groups) if each.kind == kind]
        if kind == "nothing-added" and "?" in arrival.target:
            found.append(f"a query was added: {arrival.target[:200]}")
        more = f"; and {len(found) - 1} more of the kind" if len(found) > 1 else ""
        yield check(not found, expected, "".join(found[:1]) + more, arrival)


def _readable(seen: ScenarioEvidence) -> Iterator[tuple[Played, Arrival, object]]:
    """The attempts whose body is a JSON object, with it; not those of operations at the same time, which have no order."""
    for played in seen.played if seen.name != _NO_JSON else ():
        for arrival in played.creates if not played.ask.parallel else ():
            if not _not_json(arrival):
                yield played, arrival, arrival.json()


def header_remarks(contract: Contract, arrival: Arrival) -> Iterator[str]:
    """Yield what is wrong with the framing and the headers of a create, for a log; its answer says the rest."""
    if not arrival.is_create:
        return
    if arrival.values("Content-Length") and arrival.values("Transfer-Encoding"):
        yield "The body is framed twice: Content-Length and Transfer-Encoding."
    names = ("Authorization", "Content-Type", "Idempotency-Key")
    for name in (*names, contract.version_header.name) if contract.version_header is not None else names:
        if len(arrival.values(name)) > 1:
            yield f"The header {name} occurs {len(arrival.values(name))} times."


_KINDS = {
    "values": "bare values of the caller's own types",
    "keys": "the caller's own keys",
    "links": "exactly the IDs that the caller gave",
    "null": "null where the caller gave null, and nothing where the caller gave nothing",
    "nothing-added": "nothing but what the caller gave",
    "text": "the caller's text, code point for code point",
    "numbers": "the caller's numbers",
}
JUDGES = (
    Judge("request:path", _path),
    Judge("request:base-url", _base_url, _BASE_URLS),
    Judge("request:version", _version),
    Judge("request:authorization", _authorization),
    Judge("request:credentials", _credentials),
    Judge("request:media-type", _media_type),
    Judge("request:length", _length),
    Judge("request:json", _json),
    Judge("request:non-finite", _non_finite, (_NO_JSON,)),
    *(Judge(f"request:{kind}", functools.partial(_differs, kind, expected)) for kind, expected in _KINDS.items()),
)

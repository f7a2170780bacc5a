"""The first contact: waits until the target is up, and sees to it that it is the target that answers."""

from __future__ import annotations

import time

from ....spec import Contract, Operation, TargetError
from ..case.api import Api
from ..case.world import Tell, World
from ..wire.address import Address
from ..wire.door import Door
from ..wire.exchange import Exchange
from ..wire.pacing import asked_pause
from ..wire.target import Target
from ..wire.trouble import GATEWAY, describe, is_own_error, is_page, leads_to, signature, trouble
from ..wire.way import HEADERS

__all__ = ["doubt", "meet", "objection", "overlap"]

_READY_IN = 30.0
"""Seconds given to a target that says it is not ready, where the user does not say how long to wait."""
_PAUSE = 1.0
_BROKEN = 3
"""Times that the first answer may break off, or be none that can be read, before that is what the target does."""
_OWN_PAGES = (404, 405, 500, 501)
"""Statuses that a server without the operation, or crashes, answers in whatever form its framework writes them."""
_CHECK = "is the base URL right, and the server up?"


def meet(world: World, api: Api, door: Door, wait: float | None) -> None:
    """Speaks to the target for the first time, by a read that changes nothing.

    Args:
        wait: seconds to wait for a target that is not up yet. With None, one that says that it is not ready is waited for
            `_READY_IN` seconds, and one that does not answer is not waited for.

    Raises:
        TargetError: it is not up in time, or something else answers in its place.
    """
    contract, target = world.contract, world.target
    operation = contract.validate or contract.collection.list or contract.collection.definitions
    if operation is not None:
        answer = _wait_for(target, api, operation, wait, world.tell)
        own = is_page(answer) and answer.status in _OWN_PAGES
        if trouble(answer) and not own:
            raise TargetError(objection(target, contract, answer))
        door.accept(signature(answer))
    door.begin()


def _wait_for(target: Target, api: Api, operation: Operation, wait: float | None, tell: Tell) -> Exchange:
    deadline = time.monotonic() + (_READY_IN if wait is None else wait)
    shown, broken = "", 0
    while True:
        answer = api.get(operation, caller="main")
        if answer.cause == "broken" and (broken := broken + 1) < _BROKEN:
            continue
        silent = answer.cause in ("connect", "timeout", "broken")
        if not (answer.status in GATEWAY or (silent and wait is not None)):
            return answer
        asked = asked_pause(answer.response_headers)
        pause = _PAUSE if asked is None else max(asked, 0.1)
        left = deadline - time.monotonic()
        if pause > left:
            return answer
        if (seen := describe(answer)) != shown:
            tell(f"waiting up to {left:.0f} s (--wait) for {target.url}: {seen}")
            shown = seen
        time.sleep(pause)


def objection(target: Target, contract: Contract, answer: Exchange) -> str:
    """Why an answer shows that the target cannot be judged: what was seen, and what to do."""
    if not answer.status:
        hint = _hint_of_failure(target, answer)
    elif answer.status == 407:
        who = target.way.proxy or "a proxy"
        hint = f"{who} wants a login: give user and password in the proxy's URL, or name the target's host in NO_PROXY"
    elif there := leads_to(answer):
        hint = _hint_of_redirect(answer, there)
    elif answer.status in GATEWAY:
        hint = "it is not ready, or what stands before it does not reach it: see whether it is up, and raise --wait"
    elif answer.status in (401, 403):
        hint = f"something before the API refuses or wants a login: give what it lets through in {HEADERS}"
        hint += f", or go round {target.way.proxy} with NO_PROXY" if target.way.proxy else ""
    else:
        hint = f"that is a page, and not this API: {_CHECK}"
    return f"{target.url} cannot be judged: {describe(answer)}; {overlap(target.address, contract) or hint}"


def doubt(answer: Exchange) -> str:
    """A hint where a refusal has not the API's error form, so that a gateway may have written it; else ""."""
    if is_own_error(answer):
        return ""
    return f"; or did something before the API refuse? The answer is not in the API's form: {describe(answer)}"


def overlap(address: Address, contract: Contract) -> str:
    """Return a hint where the base URL ends as the operation's own path begins; "" where it does not."""
    segments = contract.create.path.strip("/").split("/")
    for count in range(len(segments), 0, -1):
        head = "/" + "/".join(segments[:count])
        if address.path.endswith(head):
            better = address.url.removesuffix(head)
            return f"it ends in {head}, with which the operation's own path begins: try --base-url {better}"
    return ""


def _hint_of_redirect(answer: Exchange, there: str) -> str:
    path = answer.path.partition("?")[0]
    if there.endswith(path) and there != answer.url.partition("?")[0]:
        return f"it redirects, and redirects are not followed with a key: try --base-url {there.removesuffix(path)}"
    return f"something before the API wants a login, or the base URL is wrong: give what it lets through in {HEADERS}"


def _hint_of_failure(target: Target, answer: Exchange) -> str:
    if answer.cause == "proxy":
        return "see the proxy's URL with its user and password, or name the target's host in NO_PROXY"
    if answer.cause == "timeout":
        return "is it slow, or only starting? Raise --timeout, or give --wait SECONDS"
    if answer.cause == "tls":
        return _hint_of_tls(target.address, answer.failure)
    if answer.cause == "broken":
        other = "want a client certificate (--client-cert)" if target.address.scheme == "https" else "speak https"
        return f"{_CHECK} Does it {other}?"
    return f"{_CHECK} --wait SECONDS waits for one that is starting"


def _hint_of_tls(address: Address, failure: str) -> str:
    text = failure.lower()
    if "mismatch" in text:
        return "the certificate is for another host: is the base URL right?"
    if "expired" in text or "not yet valid" in text:
        return "see the certificate's dates, and this machine's clock"
    if "certificate_verify_failed" in text:
        return f"name the CA that signed it with --ca-file{' or say --insecure' if address.local else ''}"
    if "wrong_version" in text or "record layer" in text:
        return "does it speak plain http on that port?"
    return "does it want a client certificate? Give it with --client-cert and --client-key"

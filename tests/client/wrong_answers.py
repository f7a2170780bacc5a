"""Clients that read answers and errors wrongly, or have bad manners."""

from __future__ import annotations

import datetime
import decimal
import gzip
import json
from typing import Any

import httpx
from careful import ApiError, Careful
from wrong import breaks

__all__: list[str] = []


class Strict(Careful):
    """Fails on an answer that it does not expect."""

    def model(self, record: dict[str, Any]) -> Any:
        if not self.accepts(record):
            raise ValueError("not as expected")
        return record

    def accepts(self, _record: dict[str, Any]) -> bool:
        return True


class Sends(Careful):
    """Looks at an answer before anything else does."""

    def look(self, status: int, headers: httpx.Headers, answer: bytes) -> tuple[int, httpx.Headers, bytes]:
        return status, headers, answer

    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        return self.look(*super().send(url, headers, content))


class Credulous(Careful):
    """Takes whatever comes with a 2xx for a success."""

    def attempt(self, content: bytes, key: str | None, number: int) -> Any:
        status, headers, answer = self.send(self.url(), self.headers(content, key, number), content)
        if not 200 <= status <= 299:
            raise self.refused(status, headers, answer)
        return self.taken(answer)

    def taken(self, answer: bytes) -> Any:
        try:
            return json.loads(answer)
        except ValueError:
            return answer.decode("utf-8", "replace")


class Follows(Careful):
    """Follows redirects."""

    def transport(self) -> httpx.Client:
        return httpx.Client(timeout=self.timeout, follow_redirects=True, trust_env=False)


@breaks("answers:created", "plain")
class WantsCreated(Sends):
    def look(self, status: int, headers: httpx.Headers, answer: bytes) -> tuple[int, httpx.Headers, bytes]:
        return (418 if status == 200 else status), headers, answer


@breaks("answers:created", "plain")
class LosesId(Careful):
    def model(self, record: dict[str, Any]) -> Any:
        return {**record, "id": record["id"].upper()}


@breaks("answers:status-201", "created")
class WantsOk(Sends):
    def look(self, status: int, headers: httpx.Headers, answer: bytes) -> tuple[int, httpx.Headers, bytes]:
        return (418 if status == 201 else status), headers, answer


@breaks("answers:status-201", "created")
class LosesCreated(Sends):
    def look(self, status: int, headers: httpx.Headers, answer: bytes) -> tuple[int, httpx.Headers, bytes]:
        return status, headers, (b"" if status == 201 else answer)


class _Interim(Careful):
    def transport(self) -> httpx.Client:
        raise NotImplementedError

    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        import socket

        parsed = httpx.URL(url)
        lines = [f"POST {parsed.path} HTTP/1.1", "Host: local", "Connection: close", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        with socket.create_connection((parsed.host, parsed.port or 80), timeout=self.timeout) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + content)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        head, _, body = answer.partition(b"\r\n\r\n")
        return self.status(int(head.split()[1])), httpx.Headers(), body

    def status(self, status: int) -> int:
        return status


@breaks("answers:interim", "interim")
class TakesInterimForFinal(_Interim):
    pass


@breaks("answers:interim", "interim")
class TakesInterimForOk(_Interim):
    def status(self, _status: int) -> int:
        return 200


@breaks("answers:redirect-credentials", "redirect-307")
class KeyElsewhere(Careful):
    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        status, found, answer = super().send(url, headers, content)
        if 300 <= status <= 399:
            httpx.post(found["Location"], headers={"Authorization": headers["Authorization"]}, trust_env=False)
        return status, found, answer


@breaks("answers:redirect-credentials", "redirect-302")
class KeyInUrlElsewhere(Careful):
    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        status, found, answer = super().send(url, headers, content)
        if 300 <= status <= 399:
            httpx.get(f"{found['Location']}?key={self.api_key}", trust_env=False)
        return status, found, answer


@breaks("answers:redirect-body", "redirect-308")
class BodyElsewhere(Follows):
    pass


@breaks("answers:redirect-body", "redirect-301")
class BodyElsewhereAsPost(Careful):
    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        status, found, answer = super().send(url, headers, content)
        if 300 <= status <= 399:
            httpx.post(found["Location"], content=content, trust_env=False)
        return status, found, answer


@breaks("answers:redirect-success", "redirect-303")
class FollowsToSuccess(Follows):
    pass


@breaks("answers:redirect-success", "redirect-307")
class RedirectIsFine(Careful):
    def attempt(self, content: bytes, key: str | None, number: int) -> Any:
        status, headers, answer = self.send(self.url(), self.headers(content, key, number), content)
        if status >= 400:
            raise self.refused(status, headers, answer)
        return json.loads(answer) if answer else {}


class _Compressed(Careful):
    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        with self.http.stream("POST", url, headers=headers, content=content) as response:
            raw = b"".join(response.iter_raw())
            return response.status_code, response.headers, self.decoded(raw)

    def decoded(self, raw: bytes) -> bytes:
        return raw


@breaks("answers:compressed", "compressed")
class DoesNotDecompress(_Compressed):
    pass


@breaks("answers:compressed", "compressed")
class DecompressesHalf(_Compressed):
    def decoded(self, raw: bytes) -> bytes:
        return gzip.decompress(raw)[:100] if raw[:2] == b"\x1f\x8b" else raw


@breaks("answers:chunked", "chunked")
class ReadsByLength(Sends):
    def look(self, status: int, headers: httpx.Headers, answer: bytes) -> tuple[int, httpx.Headers, bytes]:
        return status, headers, answer[: int(headers.get("Content-Length", 0))]


@breaks("answers:chunked", "chunked")
class ReadsFirstChunk(Sends):
    def look(self, status: int, headers: httpx.Headers, answer: bytes) -> tuple[int, httpx.Headers, bytes]:
        return status, headers, (answer[:100] if "Transfer-Encoding" in headers else answer)


@breaks("answers:slow", "slow")
class Impatient(Careful):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.timeout /= 4


@breaks("answers:slow", "slow")
class HalfPatient(Careful):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.timeout /= 2


@breaks("answers:unknown-members", "unknown-members")
class ClosedModel(Strict):
    def accepts(self, record: dict[str, Any]) -> bool:
        return record.keys() <= {"id", "createdAt", "httpLink", "fields", "relationships"}


@breaks("answers:unknown-members", "unknown-members")
class TypedMembers(Strict):
    def accepts(self, record: dict[str, Any]) -> bool:
        return isinstance(record.get("externalId", ""), str)


@breaks("answers:unknown-values", "unknown-type")
class ClosedTypes(Strict):
    def accepts(self, record: dict[str, Any]) -> bool:
        return all(field["valueType"] != "HOLOGRAM" for field in record["fields"].values())


@breaks("answers:unknown-values", "unknown-relationship")
class ClosedCardinalities(Strict):
    def accepts(self, record: dict[str, Any]) -> bool:
        return all(link["cardinality"] in ("has_one", "has_many") for link in record["relationships"].values())


@breaks("answers:nulls", "null-link")
class WantsLink(Strict):
    def accepts(self, record: dict[str, Any]) -> bool:
        return isinstance(record["httpLink"], str)


@breaks("answers:nulls", "null-value")
class WantsValues(Strict):
    def accepts(self, record: dict[str, Any]) -> bool:
        return all(field["value"] is not None for key, field in record["fields"].items() if key == "newcomer")


@breaks("answers:long-numbers", "long-numbers")
class SmallIntegers(Sends):
    def look(self, status: int, headers: httpx.Headers, answer: bytes) -> tuple[int, httpx.Headers, bytes]:
        def small(text: str) -> int:
            if abs(int(text)) >= 2**63:
                raise OverflowError(text)
            return int(text)

        json.loads(answer, parse_int=small)
        return status, headers, answer


@breaks("answers:long-numbers", "long-numbers")
class FiniteFloats(Sends):
    def look(self, status: int, headers: httpx.Headers, answer: bytes) -> tuple[int, httpx.Headers, bytes]:
        json.loads(
            answer, parse_int=lambda text: decimal.Context(prec=9, Emax=300, traps=[decimal.Overflow]).create_decimal(text)
        )
        return status, headers, answer


@breaks("answers:dates", "date-whole")
class OneDateForm(Strict):
    def accepts(self, record: dict[str, Any]) -> bool:
        return bool(datetime.datetime.strptime(record["createdAt"], "%Y-%m-%dT%H:%M:%S.%f%z"))


@breaks("answers:dates", "date-offset")
class UtcOnly(Strict):
    def accepts(self, record: dict[str, Any]) -> bool:
        return str(record["createdAt"]).endswith("Z")


@breaks("answers:html", "html")
class TakesPage(Credulous):
    pass


@breaks("answers:html", "html")
class TakesPageForNothing(Credulous):
    def taken(self, answer: bytes) -> Any:
        return json.loads(answer) if answer[:1] == b"{" else None


@breaks("answers:empty", "no-content")
class TakesNoContent(Credulous):
    def taken(self, answer: bytes) -> Any:
        return json.loads(answer) if answer else None


@breaks("answers:empty", "empty")
class TakesEmpty(Credulous):
    def taken(self, answer: bytes) -> Any:
        return json.loads(answer or b"{}")


@breaks("answers:no-record", "empty-object")
class TakesEmptyObject(Credulous):
    pass


@breaks("answers:no-record", "no-id")
class TakesNoId(Credulous):
    pass


@breaks("answers:no-record", "json-list")
class TakesList(Credulous):
    pass


@breaks("answers:half", "half")
class TakesHalf(Credulous):
    pass


@breaks("answers:half", "half")
class MendsHalf(Credulous):
    def taken(self, answer: bytes) -> Any:
        return {"id": answer.split(b'"')[3].decode()}


class ErrorsWithout(Careful):
    """Leaves something out of its errors."""

    without = ""

    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        error = super().refused(status, headers, answer)
        setattr(error, self.without, None)
        return error


@breaks("errors:status", "error-wrapped")
class NoStatus(ErrorsWithout):
    without = "status"


@breaks("errors:status", "refused-404")
class ServerErrorForAll(Careful):
    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        error = super().refused(status, headers, answer)
        error.status = 500 if status == 404 else status
        return error


@breaks("errors:type", "error-wrapped")
class NoErrorType(ErrorsWithout):
    without = "type"


@breaks("errors:type", "error-wrapped")
class ClassNameForType(Careful):
    def members(self, told: dict[str, Any]) -> dict[str, Any]:
        return {**super().members(told), "type": "BadRequestError"}


@breaks("errors:code", "error-wrapped")
class NoErrorCode(ErrorsWithout):
    without = "code"


@breaks("errors:code", "error-wrapped")
class StatusForCode(Careful):
    def members(self, told: dict[str, Any]) -> dict[str, Any]:
        return {**super().members(told), "code": "400"}


@breaks("errors:param", "error-wrapped")
class NoErrorParam(ErrorsWithout):
    without = "param"


@breaks("errors:param", "error-wrapped")
class LastPartOfParam(Careful):
    def members(self, told: dict[str, Any]) -> dict[str, Any]:
        return {**super().members(told), "param": str(told.get("param")).rpartition(".")[2]}


@breaks("errors:message", "error-wrapped")
class OwnMessage(Careful):
    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        error = super().refused(status, headers, answer)
        error.args = ("Request failed.",)
        return error


@breaks("errors:message", "error-wrapped")
class CutsMessage(Careful):
    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        error = super().refused(status, headers, answer)
        error.args = (error.message[:10],)
        return error


class _WantsWrapper(Careful):
    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        try:
            wrapped = "error" in json.loads(answer)
        except ValueError:
            wrapped = False
        return super().refused(status, headers, answer if wrapped else b"{}")


@breaks("errors:bare", "error-bare")
class WantsWrapper(_WantsWrapper):
    pass


@breaks("errors:bare", "error-bare")
class CrashesOnBare(Careful):
    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        return super().refused(status, headers, json.dumps(json.loads(answer)["error"]).encode())


@breaks("errors:not-json", "error-page")
class CrashesOnPage(Careful):
    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        json.loads(answer)
        return super().refused(status, headers, answer)


@breaks("errors:not-json", "error-list")
class CrashesOnList(Careful):
    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        if answer[:1] in b"[{" and answer:
            json.loads(answer).get("error")
        return super().refused(status, headers, answer)


@breaks("errors:retryable", "refused-400")
class AllIsRetryable(Careful):
    def create(self, body: dict[str, Any], key: str | None = None) -> Any:
        try:
            return super().create(body, key)
        except ApiError as error:
            error.retryable = True
            raise


@breaks("errors:retryable", "over-limit")
class NothingIsRetryable(Careful):
    def create(self, body: dict[str, Any], key: str | None = None) -> Any:
        try:
            return super().create(body, key)
        except ApiError as error:
            error.retryable = False
            raise


@breaks("errors:unreachable", "unreachable")
class UnreachableIsServerError(Careful):
    def unanswered(self, _error: Exception) -> ApiError:
        return ApiError("no answer", 503, retryable=True)


@breaks("errors:unreachable", "unreachable")
class UnreachableIsNothing(Careful):
    def create(self, body: dict[str, Any], key: str | None = None) -> Any:
        try:
            return super().create(body, key)
        except ApiError as error:
            if error.status is None:
                return None
            raise


class Timeless(Careful):
    """Has a time-out of its own."""

    own = 6.0

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.timeout = self.own


@breaks("manners:timeout", "silence")
class SixSeconds(Timeless):
    pass


@breaks("manners:timeout", "silence")
class NoTimeout(Careful):
    def transport(self) -> httpx.Client:
        return httpx.Client(timeout=None, trust_env=False)  # noqa: S113 - that is what is wrong


@breaks("manners:drip", "drip")
class TimeoutPerRead(Careful):
    def check_time(self, deadline: float) -> None:
        pass


@breaks("manners:drip", "drip")
class FiveTimesTheTimeout(Careful):
    def check_time(self, deadline: float) -> None:
        super().check_time(deadline + 4 * self.timeout)


@breaks("manners:key-hidden", "refused-400")
class KeyInMessage(Careful):
    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        error = super().refused(status, headers, answer)
        error.args = (f"{error.message} (sent with {self.api_key})",)
        return error


@breaks("manners:key-hidden", "plain")
class KeyInLog(Careful):
    def headers(self, content: bytes, key: str | None, number: int) -> dict[str, str]:
        found = super().headers(content, key, number)
        self.log.append(f"sending {found}\n")
        return found


@breaks("manners:key-hidden", "lost-answer")
class KeyInLogEncoded(Careful):
    def unanswered(self, error: Exception) -> ApiError:
        self.log.append(f"failed: {self.api_key.replace('_', '%5F')}\n")
        return super().unanswered(error)


@breaks("manners:body-unchanged", "plain")
class AddsToCallersBody(Careful):
    def create(self, body: dict[str, Any], key: str | None = None) -> Any:
        try:
            return super().create(body, key)
        finally:
            body["sent"] = True


@breaks("manners:body-unchanged", "rich")
class EmptiesCallersBody(Careful):
    def create(self, body: dict[str, Any], key: str | None = None) -> Any:
        try:
            return super().create(body, key)
        finally:
            body["fields"].clear()


class _Shared(Careful):
    """Keeps what belongs to one operation where all share it."""

    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        import time

        time.sleep(0.05)
        return super().send(url, headers, content)


@breaks("manners:threads", "parallel")
class SharedBody(_Shared):
    def encode(self, body: dict[str, Any]) -> bytes:
        self.content = super().encode(body)
        return self.content

    def send(self, url: str, headers: dict[str, str], _content: bytes) -> tuple[int, httpx.Headers, bytes]:
        import time

        time.sleep(0.05)
        return super().send(url, headers, self.content)


@breaks("manners:threads", "parallel")
class SharedAnswer(_Shared):
    def model(self, record: dict[str, Any]) -> Any:
        import time

        self.last = record
        time.sleep(0.1)
        return self.last


@breaks("manners:threads", "parallel")
class SharedKey(_Shared):
    def fresh_key(self, body: dict[str, Any]) -> str | None:
        import time

        self.key = super().fresh_key(body)
        time.sleep(0.05)
        return self.key

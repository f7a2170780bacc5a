"""Faults of the endpoint that says what a key may do."""

from __future__ import annotations

from ...spec.profile import ACTIVE, SCOPES
from ..answers import JsonAnswer, Refusal
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("key:validate")
class ValidatingNeedsScope(Fault):
    """A key may ask what it may do only if it may read something."""

    def validate_key(self, call: Call) -> JsonAnswer:
        if call.key.scopes and not any(scope.endswith(":read") for scope in call.key.scopes):
            raise Refusal(403, "forbidden", "This key may read nothing.")
        return super().validate_key(call)


@breaks("key:validate")
class ScopesMissing(Fault):
    """The validate endpoint does not list the scopes."""

    def validate_key(self, call: Call) -> JsonAnswer:
        answer = super().validate_key(call)
        return JsonAnswer(answer.status, {name: value for name, value in answer.body.items() if name != SCOPES})


@breaks("key:validate")
class TokenTypeMissing(Fault):
    """The validate endpoint does not say what a key is."""

    def validate_key(self, call: Call) -> JsonAnswer:
        answer = super().validate_key(call)
        return JsonAnswer(answer.status, {name: value for name, value in answer.body.items() if name != "tokenType"})


@breaks("key:validate")
class ScopesAreText(Fault):
    """The validate endpoint lists the scopes as one string."""

    def validate_key(self, call: Call) -> JsonAnswer:
        return JsonAnswer(200, {**super().validate_key(call).body, SCOPES: " ".join(call.key.scopes)})


@breaks("key:validate")
class KeyIsInactive(Fault):
    """The validate endpoint says that a working key is not active."""

    def validate_key(self, call: Call) -> JsonAnswer:
        return JsonAnswer(200, {**super().validate_key(call).body, ACTIVE: False})

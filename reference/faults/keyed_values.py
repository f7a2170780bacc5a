"""Faults of values beside what a case is about: altered only where a key, a body or an organization is another one."""

from __future__ import annotations

import collections
from collections.abc import Hashable
from typing import Any

from ...spec import profile
from ..answers import JsonAnswer, Refusal
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


class _UsedBefore(Fault):
    """Cuts texts, or rounds numbers, of custom attributes of one type where something else is not for the first time."""

    value_type = ""

    def keep_fields(self, call: Call) -> dict[str, Any]:
        kept, fields = super().keep_fields(call), call.resource.fields
        for key, value in kept.items() if self.used(call) else ():
            if fields[key].value_type == self.value_type and not fields[key].system and value is not None:
                kept[key] = value[:3] if isinstance(value, str) else round(value)
        return kept

    def used(self, call: Call) -> bool:
        """Return whether it is so for the call's key, body or organization."""
        raise NotImplementedError

    def scopes(self, call: Call) -> list[tuple[Hashable, Hashable]]:
        """Return the organizations and operations under which the call's key is known; none for a call without a key."""
        claims = [claim for claim in (*self.store.key_states, call.claim) if isinstance(claim, tuple)]
        return [claim[:2] for claim in claims if call.claim is not None and claim[-1] == claims[-1][-1]]


@breaks("custom:TEXT")
class RefusedTwiceCutsTexts(_UsedBefore):
    """Custom texts are cut at three characters under a key with which two bodies were refused before."""

    value_type = "TEXT"

    def prepare(self) -> None:
        super().prepare()
        self.refused: collections.Counter[Hashable] = collections.Counter()

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        self.refused[call.claim] += call.claim is not None
        return super().refuse(call, refusal)

    def used(self, call: Call) -> bool:
        return self.refused[call.claim] > 1


@breaks("custom:NUMBER")
class OtherOrganizationsKeyRoundsNumbers(_UsedBefore):
    """Custom numbers are rounded under a key that another organization has used before."""

    value_type = "NUMBER"

    def used(self, call: Call) -> bool:
        return any(organization != call.organization.id for organization, _ in self.scopes(call))


@breaks("custom:CURRENCY")
class OtherOperationsKeyRoundsAmounts(_UsedBefore):
    """Custom amounts are rounded under a key that was used for another operation before."""

    value_type = "CURRENCY"

    def used(self, call: Call) -> bool:
        return any(operation != call.operation.id for _, operation in self.scopes(call))


@breaks("custom:TEXT")
class OtherOrganizationCutsTexts(_UsedBefore):
    """Custom texts of every organization but the first are cut at three characters."""

    value_type = "TEXT"

    def used(self, call: Call) -> bool:
        return call.organization.id != next(iter(self.store.organizations))


@breaks("custom:NUMBER")
class EqualBodyRoundsNumbers(_UsedBefore):
    """Custom numbers are rounded in the second record of equal bodies."""

    value_type = "NUMBER"

    def prepare(self) -> None:
        super().prepare()
        self.seen: set[bytes] = set()

    def used(self, call: Call) -> bool:
        known = call.body in self.seen
        self.seen.add(call.body)
        return known


class _Remembering(Fault):
    """Remembers which bodies came with a key."""

    def prepare(self) -> None:
        super().prepare()
        self.bodies: dict[Hashable, list[object]] = {}

    def recall(self, call: Call) -> JsonAnswer | None:
        bodies = self.bodies.setdefault(call.claim, [])
        if call.payload not in bodies:
            bodies.append(call.payload)
        return super().recall(call)


@breaks("idempotency:other-body")
class ReplayAfterOtherBodyCutsTexts(_Remembering):
    """A repeat that comes after another body with its key gets the original response with its custom texts cut."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        first, *others = self.bodies[call.claim]
        if not others or call.payload != first:
            return answer
        shown, fields = answer.body[profile.FIELDS], call.resource.fields
        texts = {key: each for key, each in shown.items() if isinstance(each[profile.VALUE], str) and not fields[key].system}
        cut = {key: {**each, profile.VALUE: each[profile.VALUE][:3]} for key, each in texts.items()}
        return JsonAnswer(answer.status, {**answer.body, profile.FIELDS: {**shown, **cut}})

"""What a fault is: a class that overrides a step of the pipeline, and the clause that it breaks.

Adding a fault is adding one class to the module of its subject: `@breaks` names the clause, the docstring is the
statement, the class's name is the id. A clause named as in `clauses.yaml`, with `{place}` or `{type}`, makes a fault
for each clause of that template.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar

from ...spec import Clause, Contract, Place, Role, UsageError, load
from ...spec.given import did_you_mean, quote
from ...spec.pointer import last_segment
from ..catalogue import declarations
from ..pipeline import Pipeline
from ..steps import Call

__all__ = [
    "Fault",
    "FaultInfo",
    "Feature",
    "breaks",
    "fault",
    "faults",
    "is_field",
    "is_group",
    "is_link",
    "is_select",
    "is_text",
]


@dataclasses.dataclass(frozen=True)
class FaultInfo:
    """One way in which a faulty reference server breaks the contract.

    Attributes:
        clause: the clause that it breaks.
        statement: what the server does wrong, in one sentence.
        also: further clauses that the same fault breaks, where the contract itself says so.
        source: where somebody reported such a mistake of another API, as `owner/repository#number` on GitHub; "" for none.
        deep: whether it needs three things to meet, which deep depth alone goes after.
        limited: whether it shows only to a run that goes over the rate limit.
    """

    id: str
    clause: str
    statement: str
    pipeline: type[Pipeline]
    also: tuple[str, ...] = ()
    source: str = ""
    deep: bool = False
    limited: bool = False

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause by which the fault may be detected, the one it names first."""
        return (self.clause, *self.also)


@dataclasses.dataclass(frozen=True)
class Feature:
    """Something about a request that has nothing to do with the rule that it breaks.

    Attributes:
        name: as it stands in a fault's id.
        words: as it stands in a fault's statement.
        present: whether a request has it, as far as the call has come on its way.
    """

    name: str
    words: str
    present: Callable[[Pipeline, Call], bool]


@dataclasses.dataclass(frozen=True)
class _Declaration:
    pipeline: type[Fault]
    clause: str
    also: tuple[str, ...]
    where: Callable[[Place], bool] | None
    first: bool
    source: str
    beside: tuple[Feature, ...]
    deep: bool
    limited: bool


class Fault(Pipeline):
    """A pipeline with a step that goes wrong.

    Attributes:
        declaration: what `@breaks` says about the class.
        subject: the place or the value type that the fault is about; empty where it is about no one of them.
        key: the last segment of that place.
        feature: what has to be present for the step to go wrong, where the fault is about two things that meet.
    """

    declaration: ClassVar[_Declaration | None] = None
    subject: ClassVar[str] = ""
    key: ClassVar[str] = ""
    feature: ClassVar[Feature | None] = None

    def prepare(self) -> None:
        """Set up what the fault has to remember."""
        super().prepare()
        self._times = itertools.count(1)

    def every(self, number: int) -> bool:
        """Return whether this is one of every so many times that it is asked: sporadic, and the same in every run."""
        return next(self._times) % number == 0


_Class = TypeVar("_Class", bound=type[Fault])


def breaks(
    clause: str,
    *,
    also: tuple[str, ...] = (),
    where: Callable[[Place], bool] | None = None,
    first: bool = False,
    source: str = "",
    beside: tuple[Feature, ...] = (),
    deep: bool = False,
    limited: bool = False,
) -> Callable[[_Class], _Class]:
    """Enter a class in the catalogue, under the clause that it breaks.

    Args:
        clause: an id, or a template such as `required:{place}`; a contract without such a clause has no such fault.
        also: ids or templates of further clauses by which the contract itself lets the fault be detected.
        where: of a template, the places that it is meant for.
        first: of a template, only the first clause.
        source: a public report of such a mistake, as `FaultInfo` has it.
        beside: features, each of which makes a fault; the clauses of a template take turns among them.
        deep: whether these are features without others.
        limited: whether the rate limit has to be gone over for it.
    """

    def declare(pipeline: _Class) -> _Class:
        pipeline.declaration = _Declaration(pipeline, clause, also, where, first, source, beside, deep, limited)
        return pipeline

    return declare


def faults(contract: Contract | None = None, *, deep: bool = False) -> tuple[FaultInfo, ...]:
    """Return the catalogue, for the opportunities or for another contract; faults of two things that meet come last.

    Args:
        deep: whether to return those that need three things to meet, in place of all others.
    """
    found = contract or load()
    declared = [each for each in declarations(__package__, _Declaration) if each.deep is deep]
    declared.sort(key=lambda each: bool(each.beside))
    return tuple(info for each in declared for info in (_met if each.beside else _made)(found, each))


def fault(fault_id: str, contract: Contract | None = None) -> FaultInfo:
    """Return the fault of that id.

    Raises:
        UsageError: there is none.
    """
    known = {info.id: info for info in (*faults(contract), *faults(contract, deep=True))}
    if fault_id in known:
        return known[fault_id]
    hint = did_you_mean(fault_id, known, 5, otherwise="`lightfield-contract faults` lists them")
    raise UsageError(f"there is no fault {quote(fault_id)}{hint}")


def is_group(place: Place) -> bool:
    """Return whether it is an object whose members are places."""
    return place.holds_places


def is_field(place: Place) -> bool:
    """Return whether it is a named field."""
    return place.holds_value


def is_link(place: Place) -> bool:
    """Return whether it is a named relationship."""
    return place.role is Role.LINK


def is_text(place: Place) -> bool:
    """Return whether it is a field for any text."""
    return place.role is Role.TEXT


def is_select(place: Place) -> bool:
    """Return whether it is a field whose value is an option."""
    return place.role is Role.OPTION


def _made(contract: Contract, declared: _Declaration) -> Iterator[FaultInfo]:
    pipeline = declared.pipeline
    known = {clause.id for clause in contract.clauses}
    base = re.sub(r"(?<!^)(?=[A-Z])", "-", pipeline.__name__).lower()
    for clause in _clauses(contract, declared):
        subject = clause.id.partition(":")[2] if "{" in declared.clause else ""
        yield FaultInfo(
            id=f"{base}:{subject}" if subject and not declared.first else base,
            clause=clause.id,
            statement=(pipeline.__doc__ or "").format(place=subject, type=subject),
            pipeline=_about(pipeline, subject) if subject else pipeline,
            also=tuple(name for also in declared.also if (name := also.format(place=subject, type=subject)) in known),
            source=declared.source,
            limited=declared.limited,
        )


def _met(contract: Contract, declared: _Declaration) -> Iterator[FaultInfo]:
    """One fault for each feature."""
    clauses = _clauses(contract, declared)
    check = re.sub(r"(?<!^)(?=[A-Z])", "-", declared.pipeline.__name__).lower()
    for feature, clause in zip(declared.beside, itertools.cycle(clauses), strict=False):
        subject = clause.id.partition(":")[2] if "{" in declared.clause else ""
        statement = f"{declared.pipeline.__doc__}".removesuffix(".").format(place=subject, type=subject)
        yield FaultInfo(
            id=f"interaction-{check}-beside-{feature.name}",
            clause=clause.id,
            statement=f"{statement}, when the request has {feature.words}.",
            pipeline=type(declared.pipeline.__name__, (_about(declared.pipeline, subject),), {"feature": feature}),
            deep=declared.deep,
        )


def _clauses(contract: Contract, declared: _Declaration) -> list[Clause]:
    if "{" not in declared.clause:
        return [clause for clause in contract.clauses if clause.id == declared.clause]
    kind = declared.clause.partition(":")[0]
    found = [clause for clause in contract.clauses if clause.kind == kind]
    if declared.where is not None:
        found = [clause for clause in found if clause.place and declared.where(contract.place(clause.place))]
    return found[:1] if declared.first else found


def _about(pipeline: type[Fault], subject: str) -> type[Fault]:
    key = last_segment(subject) if subject.startswith("/") else ""
    return type(pipeline.__name__, (pipeline,), {"subject": subject, "key": key})

"""What a fault is: a class that overrides a step of the pipeline, and the clause that it breaks.

Adding a fault is adding one class to the module of its section: `@breaks` names the clause, the docstring is the
statement, the class's name is the id. A clause named as in `clauses.yaml`, with `{place}` or `{type}`, makes a fault
for each clause of that template.
"""

from __future__ import annotations

import dataclasses
import difflib
import itertools
import re
from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar

from ...spec import Clause, Contract, Place, Role, UsageError, load
from ..clock import Clock
from ..pipeline import Pipeline
from ..settings import Settings

__all__ = ["Fault", "FaultInfo", "breaks", "fault", "faults", "is_field", "is_group", "is_link", "is_select", "is_text"]


@dataclasses.dataclass(frozen=True)
class FaultInfo:
    """One seeded departure of the reference server.

    Attributes:
        clause: the clause that it breaks.
        statement: what the server does wrong, in one sentence.
        also: further clauses that are broken by the same departure, where the contract itself says so.
    """

    id: str
    clause: str
    statement: str
    pipeline: type[Pipeline]
    also: tuple[str, ...] = ()

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause that is a right answer to this fault, the one it names first."""
        return (self.clause, *self.also)


class Fault(Pipeline):
    """A pipeline with a step that goes wrong.

    Attributes:
        subject: the place or the value type that the fault is about; empty where it is about no one of them.
        key: the last segment of that place.
    """

    subject: ClassVar[str] = ""
    key: ClassVar[str] = ""

    def __init__(self, contract: Contract, settings: Settings | None = None, clock: Clock | None = None) -> None:
        super().__init__(contract, settings, clock)
        self._times = itertools.count(1)

    def every(self, number: int) -> bool:
        """Whether this is one of every so many times that it is asked: sporadic, and the same in every run."""
        return next(self._times) % number == 0


_Class = TypeVar("_Class", bound=type[Fault])


@dataclasses.dataclass(frozen=True)
class _Declared:
    pipeline: type[Fault]
    clause: str
    also: tuple[str, ...]
    where: Callable[[Place], bool] | None
    first: bool


_DECLARED: list[_Declared] = []


def breaks(
    clause: str, *, also: tuple[str, ...] = (), where: Callable[[Place], bool] | None = None, first: bool = False
) -> Callable[[_Class], _Class]:
    """Enters a class in the catalogue, under the clause that it breaks.

    Args:
        clause: an id, or a template such as `required:{place}`; a contract without such a clause has no such fault.
        also: ids or templates of clauses that the contract itself makes a right answer as well.
        where: of a template, the places that it is meant for.
        first: of a template, only the first clause.
    """

    def declare(pipeline: _Class) -> _Class:
        _DECLARED.append(_Declared(pipeline, clause, also, where, first))
        return pipeline

    return declare


def faults(contract: Contract | None = None) -> tuple[FaultInfo, ...]:
    """The catalogue, for the opportunities or for another contract."""
    found = contract or load()
    return tuple(info for declared in _DECLARED for info in _made(found, declared))


def fault(fault_id: str, contract: Contract | None = None) -> FaultInfo:
    """The fault of that id.

    Raises:
        UsageError: there is none.
    """
    known = {info.id: info for info in faults(contract)}
    if fault_id in known:
        return known[fault_id]
    near = [name for name in known if fault_id and fault_id in name] or difflib.get_close_matches(fault_id, known, 5)
    told = f"did you mean {', '.join(near[:5])}?" if near else "`lightfield-contract faults` lists them"
    raise UsageError(f"there is no fault {fault_id!r}; {told}")


def is_group(place: Place) -> bool:
    """`fields` or `relationships` itself."""
    return place.holds_places


def is_field(place: Place) -> bool:
    """A named field."""
    return place.holds_value


def is_link(place: Place) -> bool:
    """A named relationship."""
    return place.role is Role.LINK


def is_text(place: Place) -> bool:
    """A field for any text."""
    return is_field(place) and place.value_type == "TEXT"


def is_select(place: Place) -> bool:
    """A field whose value is an option."""
    return is_field(place) and place.role is Role.OPTION


def _made(contract: Contract, declared: _Declared) -> Iterator[FaultInfo]:
    known = {clause.id for clause in contract.clauses}
    base = re.sub(r"(?<!^)(?=[A-Z])", "-", declared.pipeline.__name__).lower()
    for clause in _clauses(contract, declared):
        subject = clause.id.partition(":")[2] if "{" in declared.clause else ""
        yield FaultInfo(
            id=f"{base}:{subject}" if subject and not declared.first else base,
            clause=clause.id,
            statement=(declared.pipeline.__doc__ or "").format(place=subject, type=subject),
            pipeline=_about(declared.pipeline, subject) if subject else declared.pipeline,
            also=tuple(name for also in declared.also if (name := also.format(place=subject, type=subject)) in known),
        )


def _clauses(contract: Contract, declared: _Declared) -> list[Clause]:
    if "{" not in declared.clause:
        return [clause for clause in contract.clauses if clause.id == declared.clause]
    kind = declared.clause.partition(":")[0]
    found = [clause for clause in contract.clauses if clause.kind == kind]
    if declared.where is not None:
        found = [clause for clause in found if clause.place and declared.where(contract.place(clause.place))]
    return found[:1] if declared.first else found


def _about(pipeline: type[Fault], subject: str) -> type[Fault]:
    key = subject.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
    return type(pipeline.__name__, (pipeline,), {"subject": subject, "key": key, "__doc__": pipeline.__doc__})

"""What a seeded fault is: a server that breaks one promise beside something that it may do."""

from __future__ import annotations

import re
from typing import ClassVar

from .service import Service

__all__ = ["Faulty", "fault_id"]


class Faulty(Service):
    """A server with one fault; the docstring of the subclass says which.

    Attributes:
        kind: the organization beside whose ordinary behaviour the fault hides.
        clause: the clause that has to be violated; "" where the catalogue had none when this was written, and then the
            run may not say that the target conforms.
    """

    kind: ClassVar[str] = "plain"
    clause: ClassVar[str] = ""


def fault_id(fault: type[Faulty]) -> str:
    """Return the name of a fault in small letters, such as `list-fails`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", fault.__name__).lower()

"""Judge a server of Lightfield's create endpoints by their contract: the public names.

What `__all__` lists is public and stable. Every other module is private, whatever its name: it may change in any version.
Each name is imported when it is first asked for, because every pytest run of whoever installed the package imports this
module.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conformance.judging import judge
    from .reference import Reference
    from .reports import Result
    from .spec import ContractError, FragmentError, TargetError, UsageError, load
    from .strategies import Workspace, breaches, histories, valid_bodies

__all__ = [
    "ContractError",
    "FragmentError",
    "Reference",
    "Result",
    "TargetError",
    "UsageError",
    "Workspace",
    "__version__",
    "breaches",
    "histories",
    "judge",
    "load",
    "valid_bodies",
]

__version__ = "0.1.0"

_ROOMS = {
    "ContractError": "spec",
    "FragmentError": "spec",
    "Reference": "reference",
    "Result": "reports",
    "TargetError": "spec",
    "UsageError": "spec",
    "Workspace": "strategies",
    "breaches": "strategies",
    "histories": "strategies",
    "judge": "conformance.judging",
    "load": "spec",
    "valid_bodies": "strategies",
}

_folder = Path(__file__).parent
if not (_folder / "spec").is_dir():
    # In a checkout the rooms lie beside this folder. It comes first for `python -m`, which looks in the current folder, so
    # it has to lead to them by itself.
    __path__.append(str(_folder.parent))
del _folder


def __getattr__(name: str) -> object:
    """Import a public name from the room that has it."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f".{_ROOMS[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, also those that were not asked for yet."""
    return sorted(__all__)

"""The faults: classes of a few lines, each of which makes the reference server break one clause.

They prove the suite: a fault that no run detects is a gap. A module holds the faults of one part of the contract.
"""

from __future__ import annotations

from .fault import Fault, FaultInfo, fault, faults

__all__ = ["Fault", "FaultInfo", "fault", "faults"]

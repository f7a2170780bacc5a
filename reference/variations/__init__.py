"""What a server may do otherwise and still keep the contract, and servers that combine it, so that the suite blames none.

A module holds the variations of one subject.
"""

from __future__ import annotations

from .combinations import ConformingServer, conforming_server, conforming_servers
from .variation import Variation, VariationInfo, variations

__all__ = [
    "ConformingServer",
    "Variation",
    "VariationInfo",
    "conforming_server",
    "conforming_servers",
    "variations",
]

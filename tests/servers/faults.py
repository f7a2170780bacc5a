"""All seeded faults, in one place."""

from __future__ import annotations

from . import faults_of_fields, faults_of_links, faults_of_reads, faults_of_records, faults_of_values
from .fault import Faulty, fault_id

__all__ = ["FAULTS"]

_ROOMS = (faults_of_reads, faults_of_fields, faults_of_links, faults_of_values, faults_of_records)

FAULTS: dict[str, type[Faulty]] = {
    fault_id(fault): fault for room in _ROOMS for fault in map(vars(room).__getitem__, room.__all__)
}
"""Every fault by its ID."""

"""Rehearsals: realistic demand and realistic facilities under aliases, modelled on two public files."""

from registry.rehearsal.build import Rehearsal, build_rehearsal
from registry.rehearsal.reading import RowFault, Sheet, UnusableFileError
from registry.rehearsal.rows import read_facilities, read_trials

__all__ = ["Rehearsal", "RowFault", "Sheet", "UnusableFileError", "build_rehearsal", "read_facilities", "read_trials"]

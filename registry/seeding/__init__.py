"""Loads what comes with the software; seeding twice changes nothing."""

from registry.seeding.clearing import clear_rehearsal
from registry.seeding.directory import seed_directory
from registry.seeding.rehearsal import seed_rehearsal
from registry.seeding.vocabularies import seed_vocabularies

__all__ = ["clear_rehearsal", "seed_directory", "seed_rehearsal", "seed_vocabularies"]

"""Takes a rehearsal out again, so that another can take its place; directory and live records are not touched."""

from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.orm import Session

from registry.models import ApiToken, Base, Organisation, Person, Run, Signature
from registry.vocabulary.lifecycle import DataSet

STAYING = frozenset({Person.__tablename__, ApiToken.__tablename__, Signature.__tablename__})
"""Accounts with their keys and signatures outlive the rehearsal they act in; only their seats go."""


def clear_rehearsal(session: Session) -> None:
    """Delete every record, round and calculation of the rehearsal; accounts and the trail stay."""
    session.execute(delete(Run).where(Run.data_set == DataSet.REHEARSAL))  # placements point at batches: they go first
    for table in reversed(Base.metadata.sorted_tables):
        condition = belongs_to_rehearsal(table)
        if condition is not None:
            session.execute(delete(table).where(condition))
    session.flush()
    session.expire_all()


def belongs_to_rehearsal(table: Table) -> ColumnElement[bool] | None:
    """Return which rows of a table are the rehearsal's; None where none are, or where they go with their run."""
    columns = table.c
    if table.name in STAYING or "run_id" in columns:
        return None
    if "data_set" in columns:
        return columns.data_set == DataSet.REHEARSAL
    if "person_id" in columns:
        return columns.person_id.in_(select(Person.id).where(Person.data_set == DataSet.REHEARSAL))
    if "organisation_id" in columns:
        return columns.organisation_id.in_(select(Organisation.id).where(Organisation.data_set == DataSet.REHEARSAL))
    return None

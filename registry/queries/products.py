"""Products and processes as their own people and overseers read them."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import ProcessLoad, ProcessStep, ProcessVersion, Product
from registry.vocabulary.lifecycle import DataSet


def list_products(
    session: Session, subject: Subject, data_set: DataSet, *, after: tuple[str, UUID] | None, limit: int
) -> Sequence[Product]:
    """Return the products the subject may see, by name, those after the key (name, id) if one is given."""
    question = select(Product).where(visibility.products(subject), Product.data_set == data_set)
    if after is not None:
        question = question.where(tuple_(Product.working_name, Product.id) > tuple_(*after))
    return session.scalars(question.order_by(Product.working_name, Product.id).limit(limit)).all()


def one_product(session: Session, subject: Subject, product_id: UUID) -> Product | None:
    """Return a product the subject may see, None when there is none."""
    return session.scalars(select(Product).where(visibility.products(subject), Product.id == product_id)).one_or_none()


def processes_of(session: Session, subject: Subject, product_id: UUID) -> Sequence[ProcessVersion]:
    """Return the versions of a product's process, newest first."""
    question = select(ProcessVersion).where(
        visibility.of_sponsor(subject, ProcessVersion), ProcessVersion.product_id == product_id
    )
    return session.scalars(question.order_by(ProcessVersion.number.desc())).all()


def steps_of(
    session: Session, subject: Subject, processes: Collection[UUID]
) -> tuple[Mapping[UUID, list[ProcessStep]], Mapping[UUID, list[ProcessLoad]]]:
    """Return the steps and the loads of each version of a process, in the order they were entered."""
    steps: dict[UUID, list[ProcessStep]] = {key: [] for key in processes}
    loads: dict[UUID, list[ProcessLoad]] = {key: [] for key in processes}
    step, load = ProcessStep, ProcessLoad
    for row in session.scalars(
        select(step)
        .where(visibility.of_sponsor(subject, step), step.process_version_id.in_(processes))
        .order_by(step.position)
    ):
        steps[row.process_version_id].append(row)
    for taken in session.scalars(
        select(load)
        .where(visibility.of_sponsor(subject, load), load.process_version_id.in_(processes))
        .order_by(load.position)
    ):
        loads[taken.process_version_id].append(taken)
    return steps, loads

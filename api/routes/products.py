"""Products of a sponsor and the versions of their process."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.allowed import of_owner
from api.dependencies import SignedInDep, Work, allowed_to
from api.idempotency import OnceDep
from api.paging import PageDep, cut, in_pages, text_and_id
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, REMOVAL, answers
from api.schemas.page import Page
from api.schemas.products import NewProcess, NewProduct, Process, ProductBody, ProductFull, ShownLoad, ShownStep
from registry.access.permissions import Permission
from registry.errors import NotVisibleError
from registry.models import ProcessVersion, Product
from registry.queries.facilities import shown_data_set
from registry.queries.products import list_products, one_product, processes_of, steps_of
from registry.services.facilities import Seen
from registry.services.products import add_process, add_product, change_product
from registry.services.removing import remove_product

router = APIRouter(tags=["products"])
Editor = Depends(allowed_to(Permission.EDIT_PRODUCT), scope="function")


@router.get("/products", responses=answers("not-authenticated", "invalid-input"))
def list_visible_products(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[ProductFull]:
    """List the products the caller may see, by name."""
    after = None if page.after is None else text_and_id(page.after)
    data_set = shown_data_set(work.session)
    found = list_products(work.session, work.subject, data_set, after=after, limit=page.limit + 1)
    shown = cut(request, response, page, found, lambda last: (last.working_name, str(last.id)))
    return Page[ProductFull](items=[_full(work, product) for product in shown])


@router.post(
    "/products",
    status_code=201,
    response_model=ProductFull,
    responses=answers(*CREATING, "not-found"),
    dependencies=[Editor],
)
def create_product(body: NewProduct, once: OnceDep) -> Response:
    """Record a product of an organisation the caller may act for."""

    def make() -> ProductFull:
        made = add_product(once.work.session, once.work.subject, body.organisation_id, body.facts())
        return _full(once.work, made)

    return once.answer(body, make)


@router.get("/products/{product_id}", responses=answers(*READING))
def read_product(product_id: UUID, work: SignedInDep, response: Response) -> ProductFull:
    """Read a product; its ETag is needed to change it."""
    found = one_product(work.session, work.subject, product_id)
    if found is None:
        raise NotVisibleError("There is no such product.")
    tag(response, found.version)
    return _full(work, found)


@router.put("/products/{product_id}", responses=answers(*CHANGING))
def replace_product(
    product_id: UUID, body: ProductBody, work: SignedInDep, seen: VersionDep, response: Response
) -> ProductFull:
    """Replace what is said of a product."""
    changed = change_product(work.session, work.subject, product_id, seen, body.facts())
    tag(response, changed.version)
    return _full(work, changed)


@router.delete("/products/{product_id}", status_code=204, responses=answers(*REMOVAL, "wrong-state"))
def delete_product(product_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take a product back with its processes; refused (409) once requests, lots or pairs name it; the trail keeps it."""
    remove_product(work.session, work.subject, Seen(product_id, seen))


@router.get("/products/{product_id}/processes", responses=answers(*READING))
def list_processes(
    request: Request, response: Response, product_id: UUID, work: SignedInDep, page: PageDep
) -> Page[Process]:
    """List the versions of a product's process, newest first."""
    if one_product(work.session, work.subject, product_id) is None:
        raise NotVisibleError("There is no such product.")
    found = processes_of(work.session, work.subject, product_id)
    shown = in_pages(request, response, page, found, lambda version: (f"{10**9 - version.number:010}",))
    return Page[Process](items=_processes(work, shown))


@router.post(
    "/products/{product_id}/processes",
    status_code=201,
    response_model=Process,
    responses=answers(*CREATING, "not-found"),
)
def create_process(product_id: UUID, body: NewProcess, once: OnceDep) -> Response:
    """Add the next version of a process; what was there before stays as it is."""

    def make() -> Process:
        made = add_process(once.work.session, once.work.subject, product_id, body.facts())
        return _processes(once.work, [made])[0]

    return once.answer(body, make)


def _processes(work: Work, rows: Sequence[ProcessVersion]) -> list[Process]:
    steps, loads = steps_of(work.session, work.subject, [row.id for row in rows])
    return [
        Process.model_validate(row).model_copy(
            update={
                "steps": [ShownStep.model_validate(step) for step in steps[row.id]],
                "loads": [ShownLoad.model_validate(load) for load in loads[row.id]],
            }
        )
        for row in rows
    ]


def _full(work: Work, product: Product) -> ProductFull:
    actions = of_owner(
        work.subject, product.organisation_id, Permission.EDIT_PRODUCT, "change", "add_process", "remove"
    )
    return ProductFull.model_validate(product).model_copy(update={"actions": actions})

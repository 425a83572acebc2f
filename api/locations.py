"""Where what was made is read: the one table behind the header Location of every 201.

Each address is filled from what the operation answers (`id`) and from its own address; what cannot be read by itself
is read where it stands in a list, or with what it belongs to.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute

API = "/api/v1"
READ_AT: Mapping[str, str] = {
    "create_organisation": "/organisations/{id}",
    "name_a_deputy": "/organisations/{organisation_id}/members",
    "hand_a_role_over": "/organisations/{organisation_id}/members",
    "create_account": "/accounts/{id}",
    "invite_person": "/accounts/{person_id}",
    "give_a_role": "/accounts/{person_id}",
    "create_network": "/networks/{id}/delegates",
    "create_facility": "/facilities/{id}",
    "create_site": "/sites/{id}",
    "create_suite": "/suites/{id}",
    "create_equipment": "/equipment/{id}",
    "create_authorisation": "/authorisations/{id}",
    "create_certificate": "/certificates/{id}",
    "create_non_compliance": "/non-compliances/{id}",
    "create_permit": "/permits/{id}",
    "create_experience": "/experience/{id}",
    "create_qc_method": "/qc-methods/{id}",
    "create_closure": "/closures/{id}",
    "create_opening": "/openings/{id}",
    "confirm_still_true": "/facilities/{facility_id}/freshness",
    "attest_legal_record": "/facilities/{facility_id}/legal-record",
    "create_product": "/products/{id}",
    "create_process": "/products/{product_id}/processes",
    "create_lot": "/material-lots/{id}",
    "create_centre": "/collection-centres/{id}",
    "create_request": "/requests/{id}",
    "attach": "/requests/{request_id}/attachments",
    "invite": "/requests/{request_id}/collaborators",
    "create_policy": "/policies/{id}",
    "create_round": "/rounds/{id}",
    "create_run": "/runs/{id}",
    "make_token": "/tokens/{id}",
}


def location_of(request: Request, made: Any) -> str | None:
    """Return where what the operation made is read, None for an operation that makes nothing."""
    route = request.scope.get("route")
    template = READ_AT.get(route.name) if isinstance(route, APIRoute) else None
    if template is None:
        return None
    return f"{API}{template.format(**{**request.path_params, 'id': getattr(made, 'id', '')})}"

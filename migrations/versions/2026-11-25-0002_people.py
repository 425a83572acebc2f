"""Organisations, persons, what they may do, and the word lists and policies they share."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import shape

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


OPERATOR_ACCOUNT = """
    insert into person (id, code, name, data_set, can_log_in)
    values ('00000000-0000-4000-8000-000000000001', 'operator', 'Account of this machine', 'live', false)
"""
"""Written before row-level security is on, which binds the owner too."""


def upgrade() -> None:
    op.create_table(
        "network",
        shape.key(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *shape.stamps(),
        sa.PrimaryKeyConstraint("id", name="pk_network"),
        sa.UniqueConstraint("code", name="uq_network_code"),
    )
    op.create_table(
        "organisation",
        shape.key(),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("network_id", sa.Uuid()),
        sa.Column("oms_org_id", sa.Text()),
        sa.Column("ror_id", sa.Text()),
        sa.Column("mailbox", sa.Text()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        sa.CheckConstraint("oms_org_id ~ '^ORG-[0-9]{9}$'", name="oms_org_id_has_its_form"),
        sa.CheckConstraint("ror_id ~ '^0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$'", name="ror_id_has_its_form"),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_organisation_network_id"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("data_set", "code", name="uq_organisation_data_set_code"),
        sa.UniqueConstraint("id", "data_set", name="uq_organisation_id_data_set"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.CheckConstraint(
            "kind in ('hospital', 'university', 'public research', 'blood establishment', 'company', 'charity')",
            name="organisationkind",
        ),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_table(
        "person",
        shape.key(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("mail", sa.Text()),
        sa.Column("password_hash", sa.Text()),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("can_log_in", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        *shape.stamps(),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("code", name="uq_person_code"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
    )
    op.execute(OPERATOR_ACCOUNT)
    op.create_table(
        "membership",
        shape.key(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Uuid()),
        sa.Column("network_id", sa.Uuid()),
        sa.Column("deputy", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        *shape.stamps(),
        sa.CheckConstraint(
            "case when role in ('planner', 'qa', 'developer') then organisation_id is not null and network_id is null when role = 'delegate' then network_id is not null and organisation_id is null else organisation_id is null and network_id is null end",
            name="role_has_its_place",
        ),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_membership_network_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_membership_organisation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_membership_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.CheckConstraint(
            "role in ('planner', 'qa', 'developer', 'coordinator', 'delegate', 'auditor', 'administrator', 'operator')",
            name="role",
        ),
    )
    op.create_index("ix_membership_organisation_id", "membership", ["organisation_id"])
    op.create_index("ix_membership_person_id", "membership", ["person_id"])
    op.create_table(
        "api_token",
        shape.key(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        *shape.stamps(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_api_token_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("secret_sha256", name="uq_api_token_secret_sha256"),
    )
    op.create_index("ix_api_token_person_id", "api_token", ["person_id"])
    op.create_table(
        "signature",
        shape.key(),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("signer_role", sa.String(40), nullable=False),
        sa.Column("meaning", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("signed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid()),
        *shape.stamps(),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_signature_organisation_id"),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name="fk_signature_signer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signature"),
        sa.CheckConstraint(
            "signer_role in ('planner', 'qa', 'developer', 'coordinator', 'delegate', 'auditor', 'administrator', 'operator')",
            name="role",
        ),
        sa.CheckConstraint(
            "meaning in ('author', 'review', 'approval', 'acceptance', 'responsibility')",
            name="signaturemeaning",
        ),
    )
    op.create_index("ix_signature_record_id", "signature", ["record_id"])
    op.create_index("ix_signature_signer_id", "signature", ["signer_id"])
    op.create_table(
        "term",
        shape.key(),
        sa.Column("vocabulary", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *shape.stamps(),
        sa.PrimaryKeyConstraint("id", name="pk_term"),
        sa.UniqueConstraint("vocabulary", "code", name="uq_term_vocabulary_code"),
    )
    op.create_table(
        "policy",
        shape.key(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tiers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("text_generated", sa.Text(), nullable=False),
        sa.Column("first_approver_id", sa.Uuid()),
        sa.Column("second_approver_id", sa.Uuid()),
        sa.Column("in_force_from", sa.DateTime(timezone=True)),
        *shape.stamps(),
        sa.CheckConstraint(
            "in_force_from is null or (first_approver_id is not null and second_approver_id is not null and first_approver_id <> second_approver_id)",
            name="two_persons_approve",
        ),
        sa.ForeignKeyConstraint(["first_approver_id"], ["person.id"], name="fk_policy_first_approver_id"),
        sa.ForeignKeyConstraint(["second_approver_id"], ["person.id"], name="fk_policy_second_approver_id"),
        sa.PrimaryKeyConstraint("id", name="pk_policy"),
        sa.UniqueConstraint("code", "number", name="uq_policy_code_number"),
    )
    shape.guard("network", reads=shape.EVERYONE, writes=shape.ADMINISTRATORS)
    shape.trail("network")
    shape.guard(
        "organisation",
        reads=shape.EVERYONE,
        writes=f"id = any((select app_organisations())::uuid[]) or {shape.ADMINISTRATORS}",
    )
    shape.trail("organisation")
    shape.guard(
        "person",
        reads="id = (select app_person()) or (select app_is('operator', 'administrator', 'auditor', 'coordinator')) or id in (select person_id from membership where organisation_id = any((select app_organisations())::uuid[]))",
        writes=f"id = (select app_person()) or {shape.ADMINISTRATORS}",
    )
    shape.trail("person", "code", "name", "mail", "password_hash")
    shape.guard(
        "membership",
        reads=f"person_id = (select app_person()) or (select app_is('operator', 'administrator', 'auditor', 'coordinator')) or {shape.OWN}",
        writes=shape.ADMINISTRATORS,
    )
    shape.trail("membership")
    shape.guard(
        "api_token",
        reads=f"person_id = (select app_person()) or {shape.ADMINISTRATORS} or secret_sha256 = (select nullif(current_setting('app.token', true), ''))",
        writes=f"person_id = (select app_person()) or {shape.ADMINISTRATORS}",
    )
    shape.trail("api_token", "secret_sha256")
    shape.guard(
        "signature",
        reads=f"signer_id = (select app_person()) or {shape.OWN} or {shape.OVERSEERS}",
        writes=f"signer_id = (select app_person()) or {shape.OPERATOR}",
        rights=shape.APPEND,
    )
    shape.trail("signature")
    shape.guard("term", reads=shape.EVERYONE, writes=shape.ADMINISTRATORS)
    shape.trail("term")
    shape.guard("policy", reads=shape.EVERYONE, writes=shape.COORDINATORS)
    shape.trail("policy")


def downgrade() -> None:
    op.execute("drop table network, organisation, person, membership, api_token, signature, term, policy")

"""What the database's own catalogue says about row-level security (T-C6): no finding, and each sabotage is one."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, make_url, text

from registry.database import owner_engine

PUBLIC = ("organisation", "person", "network", "policy", "signature", "run", "round")
"""Tables anybody may refer to, or to which only overseers do: such a reference needs no tenant beside it."""

FINDINGS = {
    "row-level security is not on, or not forced": """
        select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and relname <> 'alembic_version' and not (relrowsecurity and relforcerowsecurity)
    """,
    "no rule for reading": """
        select relname from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and relname <> 'alembic_version'
        and not exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd = 'r')
    """,
    "a rule for more than the application's role": """
        select polrelid::regclass::text || '.' || polname from pg_policy where polroles <> array['gmphub_app'::regrole::oid]
    """,
    "a rule to write that lets anybody write": """
        select tablename || '.' || policyname from pg_policies where schemaname = 'public' and cmd <> 'SELECT'
        and coalesce(with_check, qual) = 'true' and tablename <> 'audit_event'
    """,
    "a view that looks with its owner's eyes": """
        select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
        and not coalesce(reloptions @> array['security_invoker=true'], false)
    """,
    "a function that runs with its owner's rights": """
        select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
    """,
    "a function that reads a setting without providing for an empty one": """
        select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace
        and proname in ('app_person', 'app_organisations', 'app_is')
        and coalesce(pg_get_function_sqlbody(oid), prosrc) !~* 'nullif\\(current_setting\\('
    """,
    "a reference that leaves the tenant out": f"""
        select conrelid::regclass::text || '.' || conname from pg_constraint
        where connamespace = 'public'::regnamespace and contype = 'f' and cardinality(conkey) = 1
        and confrelid::regclass::text not in ({", ".join(f"'{name}'" for name in PUBLIC)})
    """,
    "the trail can be changed by the application": """
        select table_name || ' ' || privilege_type from information_schema.role_table_grants
        where grantee = 'gmphub_app' and table_name in ('audit_event', 'audit_anchor')
        and privilege_type not in ('SELECT', 'INSERT')
    """,
    "the application owns something, or more than its rights": """
        select relname from pg_class where relowner = 'gmphub_app'::regrole
        union all select rolname from pg_roles where rolname = 'gmphub_app' and (rolsuper or rolbypassrls or rolcanlogin)
    """,
    "rights for everybody": """
        select table_name || ' ' || privilege_type from information_schema.role_table_grants
        where grantee = 'PUBLIC' and table_schema = 'public'
    """,
    "a record without a trail": """
        select relname from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'
        and relname not in ('alembic_version', 'audit_event', 'audit_anchor', 'run_progress', 'verdict', 'placement')
        and (select count(*) from pg_trigger t where t.tgrelid = c.oid and t.tgenabled = 'O'
             and t.tgname in ('trail_record', 'stamp_record')) <> 2
    """,
    "a trail that can be changed": """
        select name from unnest(array['audit_event', 'audit_anchor']) as name where not exists (
            select from pg_trigger t where t.tgrelid = name::regclass and t.tgname = 'refuse_change'
            and t.tgenabled = 'O' and t.tgtype & 56 = 56)
    """,
}

SABOTAGE = {
    "row-level security is not on, or not forced": "alter table booking no force row level security",
    "no rule for reading": "drop policy reads on suite",
    "a rule for more than the application's role": "create policy more on suite for select using (true)",
    "a rule to write that lets anybody write": "create policy more on suite for insert to gmphub_app with check (true)",
    "a view that looks with its owner's eyes": "create view all_suites as select * from suite",
    "a function that runs with its owner's rights": "alter function app_person() security definer",
    "a function that reads a setting without providing for an empty one": """
        create or replace function app_person() returns uuid language sql stable
        return current_setting('app.person', true)::uuid
    """,
    "a reference that leaves the tenant out": """
        alter table equipment add constraint fk_equipment_alone foreign key (suite_id) references suite (id)
    """,
    "the trail can be changed by the application": "grant update on audit_event to gmphub_app",
    "the application owns something, or more than its rights": "alter role gmphub_app bypassrls",
    "rights for everybody": "grant select on request to public",
    "a record without a trail": "drop trigger trail_record on request",
    "a trail that can be changed": "alter table audit_event disable trigger refuse_change",
}


@pytest.fixture
def owner(database_url: str) -> Iterator[Connection]:
    with owner_engine(make_url(database_url)).connect() as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize("finding", FINDINGS)
def test_there_is_no_finding(owner: Connection, finding: str) -> None:
    assert owner.scalars(text(FINDINGS[finding])).all() == []


@pytest.mark.parametrize("finding", FINDINGS)
def test_sabotage_is_a_finding(owner: Connection, finding: str) -> None:
    owner.execute(text(SABOTAGE[finding]))
    assert owner.scalars(text(FINDINGS[finding])).all() != []

"""What a database is made of, read from its own catalogue, so that two can be compared."""

from sqlalchemy import Connection, text

PARTS = {
    "columns": """
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    """,
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace and contype <> 'n' and contype <> 't'
    """,
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
}
GUARDS = {
    "policies": "select tablename, policyname, cmd, qual, with_check from pg_policies where schemaname = 'public'",
    "triggers": """
        select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    """,
    "functions": """
        select p.oid::regprocedure::text, p.prosrc, pg_get_function_sqlbody(p.oid), p.prosecdef
        from pg_proc p where p.pronamespace = 'public'::regnamespace and not exists (
            select from pg_depend d where d.objid = p.oid and d.deptype = 'i')
    """,
    "views": "select viewname, definition from pg_views where schemaname = 'public'",
    "rights": """
        select relname, relrowsecurity, relforcerowsecurity, relacl::text from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') and relname <> 'alembic_version'
    """,
}


def made_of(connection: Connection, parts: dict[str, str]) -> set[str]:
    """Return one line for every column, constraint and so on."""
    return {
        f"{part}: " + " | ".join("" if value is None else str(value) for value in row)
        for part, query in parts.items()
        for row in connection.execute(text(query))
        if "alembic_version" not in str(row[0])
    }

"""Who holds a key is one question, asked at every call: it runs with the rights of whoever asks, which are none."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

HOLDER = """
create function holder_of_key(digest text)
returns table (person uuid, scopes text[], role text, organisation uuid)
language plpgsql volatile as $$
declare
    held record;
begin
    perform set_config('app.token', digest, true);
    select t.person_id, t.scopes into held from api_token t
    where t.secret_sha256 = digest and t.revoked_at is null and (t.expires_at is null or t.expires_at > now());
    if not found then
        return;
    end if;
    perform set_config('app.person', held.person_id::text, true);
    return query
    select p.id, held.scopes::text[],
           case when m.network_id is null or o.id is not null then m.role::text end,
           coalesce(m.organisation_id, o.id)
    from person p
    left join membership m on m.person_id = p.id
        and (m.valid_from is null or m.valid_from <= current_date)
        and (m.valid_to is null or m.valid_to > current_date)
    left join organisation o on o.network_id = m.network_id
    where p.id = held.person_id and p.can_log_in and p.disabled_at is null;
end
$$
"""


def upgrade() -> None:
    op.execute(HOLDER)


def downgrade() -> None:
    op.execute("drop function holder_of_key(text)")

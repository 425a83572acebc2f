create table audit_event (
    sequence bigint not null,
    occurred_at timestamp with time zone not null,
    actor uuid,
    role text not null,
    action text not null,
    record_type text not null,
    record_id uuid,
    organisations uuid[] not null,
    old jsonb,
    new jsonb,
    reason text not null,
    correlation text not null,
    previous_hash text not null,
    hash text not null,
    constraint pk_audit_event primary key (sequence),
    constraint ck_audit_event_hash_is_sha256 check (hash ~ '^[0-9a-f]{64}$')
);
create index ix_audit_event_record on audit_event (record_type, record_id, sequence);
create index ix_audit_event_organisations on audit_event using gin (organisations);

create table audit_anchor (
    sequence bigint not null,
    hash text not null,
    anchored_at timestamp with time zone not null,
    signature text not null,
    public_key text not null,
    constraint pk_audit_anchor primary key (sequence)
);

-- RFC 8785: keys in order, no blanks, numbers as JavaScript writes them.
create function canonical(value jsonb) returns text language plpgsql immutable strict parallel safe as $$
declare
    number numeric;
begin
    case jsonb_typeof(value)
        when 'object' then
            return '{' || coalesce((select string_agg(to_json(key)::text || ':' || canonical(item), ','
                                    order by key collate "C") from jsonb_each(value) as each(key, item)), '') || '}';
        when 'array' then
            return '[' || coalesce((select string_agg(canonical(item), ',' order by place)
                                    from jsonb_array_elements(value) with ordinality as each(item, place)), '') || ']';
        when 'number' then
            number := value::numeric;
            if number = 0 or abs(number) between 0.000001 and 999999999999999999999 then
                return trim_scale(number)::text;
            end if;
            return regexp_replace(number::float8::text, 'e([+-])0+', 'e\1');
        else
            return value::text;
    end case;
end
$$;

create function event_text(event audit_event) returns text language sql stable
return canonical(jsonb_build_object(
    'sequence', event.sequence,
    'occurred_at', to_char(event.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'actor', event.actor,
    'role', event.role,
    'action', event.action,
    'record_type', event.record_type,
    'record_id', event.record_id,
    'organisations', to_jsonb(event.organisations),
    'old', event.old,
    'new', event.new,
    'reason', event.reason,
    'correlation', event.correlation
));

-- The head is needed by whoever writes, also by those who may not read the trail: for one look, the role is lifted.
create function trail_head(out sequence bigint, out occurred_at timestamp with time zone, out hash text)
language plpgsql volatile as $$
declare
    acting constant text := coalesce(current_setting('app.role', true), '');
begin
    perform set_config('app.role', 'auditor', true);
    select e.sequence, e.occurred_at, e.hash into sequence, occurred_at, hash
    from audit_event e order by e.sequence desc limit 1;
    perform set_config('app.role', acting, true);
end
$$;

-- One chain for everything: whoever appends holds the lock until the end of its transaction.
create function chain_event() returns trigger language plpgsql as $$
declare
    head record;
begin
    perform pg_advisory_xact_lock(7046042);
    select * into head from trail_head();
    new.sequence := coalesce(head.sequence, 0) + 1;
    new.occurred_at := greatest(clock_timestamp(), head.occurred_at);
    new.actor := app_person();
    new.role := coalesce(nullif(current_setting('app.role', true), ''), 'none');
    new.previous_hash := coalesce(head.hash, repeat('0', 64));
    new.hash := encode(sha256(convert_to(new.previous_hash || E'\n' || event_text(new), 'UTF8')), 'hex');
    return new;
end
$$;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is only ever added to, never changed', tg_table_name using errcode = 'insufficient_privilege';
end
$$;

-- Runs at commit, so that the chain is locked last and shortly. Its arguments are columns that stay out of the trail.
create function trail_record() returns trigger language plpgsql as $$
declare
    before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - coalesce(tg_argv, '{}') end;
    after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - coalesce(tg_argv, '{}') end;
    record jsonb := coalesce(after, before);
begin
    insert into audit_event (action, record_type, record_id, organisations, old, new, reason, correlation)
    values (
        coalesce(nullif(current_setting('app.action', true), ''),
                 case tg_op when 'INSERT' then 'create' when 'UPDATE' then 'change' else 'remove' end),
        tg_table_name,
        (record ->> 'id')::uuid,
        array(
            select distinct value::uuid
            from jsonb_each_text(record)
            where value is not null and (
                key in ('organisation_id', 'facility_organisation_id', 'sponsor_id')
                or (key = 'id' and tg_table_name = 'organisation'))
        ),
        before,
        after,
        coalesce(current_setting('app.reason', true), ''),
        coalesce(current_setting('app.correlation', true), '')
    );
    return null;
end
$$;

create trigger chain_event before insert on audit_event for each row execute function chain_event();
create trigger refuse_change before update or delete or truncate on audit_event
    for each statement execute function refuse_change();
create trigger refuse_change before update or delete or truncate on audit_anchor
    for each statement execute function refuse_change();

alter table audit_event enable row level security;
alter table audit_event force row level security;
create policy reads on audit_event for select to gmphub_app using (
    (select app_is('operator', 'auditor'))
    or organisations && (select app_organisations())::uuid[]
    or actor = (select app_person())
);
create policy writes on audit_event for insert to gmphub_app with check (true);
grant select, insert on audit_event to gmphub_app;

alter table audit_anchor enable row level security;
alter table audit_anchor force row level security;
create policy reads on audit_anchor for select to gmphub_app using (true);
create policy writes on audit_anchor for insert to gmphub_app with check ((select app_is('operator', 'auditor')));
grant select, insert on audit_anchor to gmphub_app;

-- The role the application works as. Roles belong to the whole server, so it may exist already, and it stays
-- when this database is taken down again.
do $$
begin
    if not exists (select from pg_roles where rolname = 'gmphub_app') then
        create role gmphub_app nologin;
    end if;
    if not pg_has_role(current_user, 'gmphub_app', 'member') or not exists (
        select from pg_auth_members where roleid = 'gmphub_app'::regrole and member = current_user::regrole
    ) then
        execute format('grant gmphub_app to %I', current_user);
    end if;
exception
    when duplicate_object or unique_violation then
        execute format('grant gmphub_app to %I', current_user);
    when insufficient_privilege then
        raise exception 'The owner of the database may not create the role gmphub_app.'
            using hint = format('Let an administrator run: create role gmphub_app nologin; grant gmphub_app to %I;',
                                current_user);
end
$$;

grant usage on schema public to gmphub_app;
grant select on alembic_version to gmphub_app;

create type uuidrange as range (subtype = uuid);

-- The role the application works as. Roles belong to the whole server, so it may exist already, and it stays
-- when this database is taken down again.
-- Who may make roles is given what it made to administer but, since version 16, not to become: hence the grant to
-- oneself. An owner that was granted the role by an administrator may not grant it, and need not.
do $$
begin
    begin
        create role gmphub_app nologin;
    exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then
            if not exists (select from pg_roles where rolname = 'gmphub_app') then
                raise exception 'The owner of the database may not create the role gmphub_app.'
                    using hint = format('Let an administrator run: create role gmphub_app nologin; grant gmphub_app to %I;',
                                        current_user);
            end if;
    end;
    begin
        execute format('grant gmphub_app to %I', current_user);
    exception
        when insufficient_privilege then
            if not pg_has_role(current_user, 'gmphub_app', 'member') then
                raise exception 'The owner of the database may not become gmphub_app.'
                    using hint = format('Let an administrator run: grant gmphub_app to %I;', current_user);
            end if;
    end;
end
$$;

grant usage on schema public to gmphub_app;
grant select on alembic_version to gmphub_app;

create type uuidrange as range (subtype = uuid);

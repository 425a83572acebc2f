create function app_person() returns uuid language sql stable parallel safe
return nullif(current_setting('app.person', true), '')::uuid;

create function app_organisations() returns uuid[] language sql stable parallel safe
return coalesce(string_to_array(nullif(current_setting('app.organisations', true), ''), ',')::uuid[], '{}');

create function app_is(variadic roles text[]) returns boolean language sql stable parallel safe
return coalesce(string_to_array(nullif(current_setting('app.role', true), ''), ',') && roles, false);

-- Version, creation and change are facts of the database, whatever a client sends.
create function stamp_record() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        new.version := 1;
        new.created_at := now();
        new.created_by := app_person();
    else
        if new.version not in (old.version, old.version + 1) then
            raise exception 'version % follows %, not %', old.version + 1, old.version, new.version
                using errcode = 'serialization_failure';
        end if;
        new.version := old.version + 1;
        new.created_at := old.created_at;
        new.created_by := old.created_by;
    end if;
    new.changed_at := now();
    new.changed_by := app_person();
    return new;
end
$$;

-- What happened is never changed: neither by the program nor by whoever holds the owner's role.

CREATE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The tests empty all tables after those that commit; they alone set this parameter.
    IF TG_OP = 'TRUNCATE' AND current_setting('o2c.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only; write a new row that corrects the old one', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_event
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON core_event
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_eventsubject
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON core_eventsubject
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();

-- Takes from a role what an append-only table does not need. Where one role does everything, it
-- owns the tables, and the triggers stand alone.
CREATE PROCEDURE core_deny_change(table_name text, role_name text) LANGUAGE plpgsql AS $$
BEGIN
    IF role_name <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %I', table_name, role_name);
    END IF;
END $$;

-- Digits after the point of an amount (ISO 4217).
CREATE FUNCTION core_minor_digits(currency text) RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE
        WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW',
                          'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
        WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
        WHEN currency IN ('CLF', 'UYW') THEN 4
        ELSE 2
    END;

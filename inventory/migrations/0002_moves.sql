-- Laws of stock, kept by the database whoever writes.

-- 1. What moved is never changed; a wrong movement is set right by another.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON inventory_move
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON inventory_move
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();

-- 2. Movements and reservations name a stock row that is there. Proved once for a whole statement,
--    which stands for a foreign key checked row by row. The planner's choice is fixed, since a plan
--    made for a bulk run would serve the next single row badly.
CREATE FUNCTION inventory_check_stock() RETURNS trigger LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT stock_id FROM new_rows) n
                LEFT JOIN inventory_stock s ON s.id = n.stock_id WHERE s.id IS NULL) THEN
        RAISE EXCEPTION 'a row of % names a stock row that is not there', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER has_stock AFTER INSERT ON inventory_move
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_check_stock();
CREATE TRIGGER has_stock AFTER INSERT ON inventory_reservation
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_check_stock();

-- 3. Quantities and values of a stock row change in place: room on each page for the new version.
ALTER TABLE inventory_stock SET (fillfactor = 70);

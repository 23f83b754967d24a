-- Laws of orders, kept by the database whoever writes.

-- 1. Lines name an order, a product and a tax code that are there, shipment lines a shipment and an
--    order line of its order. Proved once for a whole statement, which stands for foreign keys
--    checked row by row. The planner's choice is fixed, since a plan made for a bulk run would
--    serve the next single order badly.
CREATE FUNCTION orders_check_lines() RETURNS trigger LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT order_id FROM new_rows) n
                LEFT JOIN orders_order o ON o.id = n.order_id WHERE o.id IS NULL)
       OR EXISTS (SELECT FROM (SELECT DISTINCT product_id FROM new_rows) n
                   LEFT JOIN catalog_product p ON p.id = n.product_id WHERE p.id IS NULL)
       OR EXISTS (SELECT FROM (SELECT DISTINCT tax_code_id FROM new_rows
                                WHERE tax_code_id IS NOT NULL) n
                   LEFT JOIN ledger_taxcode t ON t.id = n.tax_code_id WHERE t.id IS NULL) THEN
        RAISE EXCEPTION 'an order line names an order, product or tax code that is not there'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER lines_have_parents AFTER INSERT ON orders_orderline
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION orders_check_lines();

CREATE FUNCTION orders_check_shipment_lines() RETURNS trigger LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n
                LEFT JOIN orders_shipment s ON s.id = n.shipment_id
                LEFT JOIN orders_orderline l
                       ON l.id = n.order_line_id AND l.order_id = s.order_id
               WHERE l.id IS NULL) THEN
        RAISE EXCEPTION 'a shipment line names a line of another order, or one that is not there'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER lines_have_parents AFTER INSERT ON orders_shipmentline
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION orders_check_shipment_lines();

-- 2. The remaining foreign keys are checked by each statement instead of at the commit: parents are
--    always written first here, and the deferred queue was the largest cost of a bulk run.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN SELECT conrelid::regclass AS on_table, conname FROM pg_constraint
                WHERE contype = 'f' AND condeferrable
                  AND conrelid IN ('orders_order'::regclass, 'orders_shipment'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE',
                       key.on_table, key.conname);
    END LOOP;
END $$;

-- 3. An order and its lines change several times on their way: room on each page for new versions.
ALTER TABLE orders_order SET (fillfactor = 70);
ALTER TABLE orders_orderline SET (fillfactor = 70);

-- The laws of issued documents, kept by the database whoever writes.

-- 1. What was issued is never changed (rules L6, N3): only its open amount, whether it is settled,
--    and the note that it was sent move on. Lines, VAT groups and instalments are written once.
CREATE FUNCTION invoicing_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% % is issued; correct it by a credit note', TG_TABLE_NAME, OLD.number
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER frozen BEFORE UPDATE OF id, company_id, number, created_at, created_by_id, kind,
        customer_id, corrects_id, gives_back, reason, customer_reference, issued_on,
        supplied_from, supplied_on, due_on, terms_text, payment_reference, currency, fx_rate,
        net, tax, gross, base_gross, base_tax, seller, buyer, entry_id
    ON invoicing_invoice FOR EACH ROW WHEN (OLD.state IN ('issued', 'settled'))
    EXECUTE FUNCTION invoicing_frozen();
CREATE TRIGGER stays_issued BEFORE UPDATE OF state
    ON invoicing_invoice FOR EACH ROW
    WHEN (OLD.state IN ('issued', 'settled') AND NEW.state NOT IN ('issued', 'settled'))
    EXECUTE FUNCTION invoicing_frozen();
CREATE TRIGGER kept BEFORE DELETE
    ON invoicing_invoice FOR EACH ROW WHEN (OLD.state IN ('issued', 'settled'))
    EXECUTE FUNCTION invoicing_frozen();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON invoicing_invoiceline
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON invoicing_taxgroup
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON invoicing_instalment
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();

-- 2. Amounts are never finer than their currency.
ALTER TABLE invoicing_invoice ADD CONSTRAINT invoice_rounded
    CHECK (net = round(net, core_minor_digits(currency))
           AND tax = round(tax, core_minor_digits(currency))
           AND open_amount = round(open_amount, core_minor_digits(currency)));

-- 3. Lines, VAT groups, instalments and billables name a document that exists, a line of a credit
--    note a line that exists. One check for a whole statement, where a foreign key makes one for
--    each row. The planner's choice is fixed: a plan made for a bulk run serves a single one badly.
CREATE FUNCTION invoicing_check_parent() RETURNS trigger LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    orphan bigint;
BEGIN
    SELECT n.invoice_id INTO orphan FROM (SELECT DISTINCT invoice_id FROM new_rows) AS n
     WHERE n.invoice_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM invoicing_invoice AS i WHERE i.id = n.invoice_id)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% names invoice %, which does not exist', TG_TABLE_NAME, orphan
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION invoicing_check_corrected() RETURNS trigger LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows AS n
                WHERE n.corrects_id IS NOT NULL
                  AND NOT EXISTS (SELECT FROM invoicing_invoiceline AS l
                                    JOIN invoicing_invoice AS i ON i.id = n.invoice_id
                                   WHERE l.id = n.corrects_id AND l.invoice_id = i.corrects_id))
    THEN
        RAISE EXCEPTION 'a line corrects one of another invoice'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER has_invoice AFTER INSERT ON invoicing_invoiceline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_check_parent();
CREATE TRIGGER has_corrected AFTER INSERT ON invoicing_invoiceline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_check_corrected();
CREATE TRIGGER has_invoice AFTER INSERT ON invoicing_taxgroup REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_check_parent();
CREATE TRIGGER has_invoice AFTER INSERT ON invoicing_instalment REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_check_parent();
CREATE TRIGGER has_invoice AFTER INSERT ON invoicing_billable REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_check_parent();
CREATE TRIGGER keeps_invoice AFTER UPDATE ON invoicing_billable REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_check_parent();

-- 4. The remaining foreign keys are checked by each statement instead of at the commit: parents are
--    always written first here, and the deferred queue was the largest cost of a bulk run.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN SELECT conrelid::regclass AS on_table, conname FROM pg_constraint
                WHERE contype = 'f' AND condeferrable
                  AND conrelid = 'invoicing_invoice'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE',
                       key.on_table, key.conname);
    END LOOP;
END $$;

-- 5. Room on each page, so that a part payment finds place for the new version of its row there
--    and no index has to change.
ALTER TABLE invoicing_invoice SET (fillfactor = 90);

-- The laws of the books, kept by the database whoever writes.

-- 1. Entries, lines and allocations are never changed (rule L2).
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entryline
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON ledger_entryline
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_allocation
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON ledger_allocation
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();

-- 2. An entry balances in the company's currency and in each currency it names; all its lines come
--    in one statement; each line has the day of its entry and an account of its company. Checked
--    once for a whole statement. The planner's choice is fixed, since a plan made for a bulk run would serve the
--    next single entry badly.
CREATE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    wrong bigint;
    entries bigint[] := ARRAY(SELECT DISTINCT entry_id FROM new_lines);
BEGIN
    SELECT entry_id INTO wrong FROM new_lines
     GROUP BY GROUPING SETS ((entry_id), (entry_id, currency))
    HAVING CASE WHEN grouping(currency) = 1 THEN sum(base_amount) ELSE sum(amount) END <> 0
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance', wrong USING ERRCODE = 'check_violation';
    END IF;

    IF (SELECT count(*) FROM ledger_entryline WHERE entry_id = ANY (entries))
       <> (SELECT count(*) FROM new_lines) THEN
        RAISE EXCEPTION 'the lines of an entry are written in one statement'
            USING ERRCODE = 'check_violation';
    END IF;

    SELECT n.entry_id INTO wrong
      FROM (SELECT DISTINCT entry_id, posting_date, account_id FROM new_lines) AS n
      LEFT JOIN ledger_entry AS e ON e.id = n.entry_id AND e.posting_date = n.posting_date
      LEFT JOIN ledger_account AS a ON a.id = n.account_id AND a.company_id = e.company_id
     WHERE a.id IS NULL
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry %: account of another company, other day, or no such entry', wrong
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER lines_balance AFTER INSERT ON ledger_entryline
    REFERENCING NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines();

-- 3. An entry without lines, or with a single one, does not get past the commit (rule L1). A session
--    keeps the plan of its first entries: made on a small table without the setting below, it reads
--    all lines for each entry, and the commit of a bulk run takes fifteen times as long.
CREATE FUNCTION ledger_check_entry() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off AS $$
BEGIN
    IF (SELECT count(*) FROM
           (SELECT 1 FROM ledger_entryline WHERE entry_id = NEW.id LIMIT 2) AS two) < 2 THEN
        RAISE EXCEPTION 'entry % has fewer than two lines', NEW.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER entry_has_lines AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_entry();

-- 4. Nothing is posted into a period that is closed, locked or missing.
CREATE FUNCTION ledger_check_period() RETURNS trigger LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    wrong date;
BEGIN
    SELECT n.posting_date INTO wrong
      FROM (SELECT DISTINCT company_id, journal, posting_date FROM new_entries) AS n
     WHERE NOT EXISTS (
           SELECT FROM ledger_period AS p
            WHERE p.company_id = n.company_id
              AND p.module = CASE n.journal WHEN 'sales' THEN 'AR' WHEN 'cash' THEN 'AR'
                                            WHEN 'stock' THEN 'INV' WHEN 'purchases' THEN 'AP'
                                            ELSE 'GL' END
              AND n.posting_date BETWEEN p.starts_on AND p.ends_on
              AND p.state IN ('open', 'soft_closed'))
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'no open period on %', wrong USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER period_is_open AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS new_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_period();

-- 5. An account with postings stays; this stands for the foreign key the lines do not have.
CREATE FUNCTION ledger_keep_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_entryline WHERE account_id = OLD.id) THEN
        RAISE EXCEPTION 'account % has postings', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER account_with_postings_stays BEFORE DELETE OR UPDATE OF id, company_id
    ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_keep_account();

-- 6. Amounts are never finer than their currency.
ALTER TABLE ledger_entryline ADD CONSTRAINT line_rounded
    CHECK (amount = round(amount, core_minor_digits(currency)));
ALTER TABLE ledger_openitem ADD CONSTRAINT item_rounded
    CHECK (amount = round(amount, core_minor_digits(currency))
           AND open_amount = round(open_amount, core_minor_digits(currency)));

-- 7. Foreign keys of the hot tables are checked by each statement instead of at the commit: parents
--    are always written first here, and the deferred queue was the largest cost of a bulk run.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN SELECT conrelid::regclass AS on_table, conname FROM pg_constraint
                WHERE contype = 'f' AND condeferrable
                  AND conrelid IN ('ledger_entry'::regclass, 'ledger_openitem'::regclass,
                                   'ledger_allocation'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE',
                       key.on_table, key.conname);
    END LOOP;
END $$;

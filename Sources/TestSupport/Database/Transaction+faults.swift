import Store

extension Transaction {
    /// How many faults are published, to whichever target.
    package func faultCount() throws(StoreError) -> Int {
        try one("SELECT count(*) FROM faults") { row throws(StoreError) in try row.next() }
    }
}

extension Database {
    /// Makes the database refuse every change of one run, as if what it holds fitted no rule.
    package func refuseChanges(ofExperiment id: String) async throws {
        try await transaction { transaction throws(StoreError) in
            try transaction.execute("CREATE TABLE poisoned (id text)")
            try transaction.execute("INSERT INTO poisoned VALUES (\(id))")
            try transaction.execute(
                """
                CREATE FUNCTION refuse_poisoned() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.revision > OLD.revision AND NEW.id IN (SELECT id FROM poisoned) THEN
                        RAISE EXCEPTION 'poisoned';
                    END IF;
                    RETURN NEW;
                END
                $$
                """
            )
            try transaction.execute(
                "CREATE TRIGGER refuse_poisoned BEFORE UPDATE ON experiments FOR EACH ROW EXECUTE FUNCTION refuse_poisoned()"
            )
        }
    }
}

import Store

/// What the database itself sees of runs on one target: at each hold and each fault how many others there are, and each ticket.
package struct TargetWitness: Sendable {
    package enum Kind: String, Sendable { case hold, fault, wait }

    package let kind: Kind
    package let target: String
    package let experiment: String
    /// Of a ticket its number.
    package let others: Int

    private init(_ row: inout Row) throws(StoreError) {
        let word = try row.next(String.self)
        guard let kind = Kind(rawValue: word) else { throw .unexpectedRow("a witness of \(word)") }
        self.kind = kind
        target = try row.next()
        experiment = try row.next()
        others = try row.next()
    }

    /// Has the database watch from now on, in triggers, which see what is committed when a target's lock, or its document's, is had.
    package static func watch(_ database: Database) async throws {
        try await database.transaction { transaction throws(StoreError) in
            for query in triggers { try transaction.execute(query) }
        }
    }

    /// All that was seen, in its order.
    package static func all(_ database: Database) async throws -> [TargetWitness] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.all("SELECT what, target, experiment, others FROM seen ORDER BY number") {
                row throws(StoreError) in try TargetWitness(&row)
            }
        }
    }

    private static let triggers: [Query] = [
        "CREATE TABLE seen (number bigserial PRIMARY KEY, what text, target text, experiment text, others bigint)",
        """
        CREATE VIEW on_targets AS
        SELECT 'hold' AS what, target, experiment FROM target_holds
        UNION SELECT 'fault', target, experiment FROM faults
        """,
        """
        CREATE FUNCTION seen_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO seen (what, target, experiment, others)
            SELECT TG_ARGV[0], added.target, added.experiment,
                   (SELECT count(*) FROM on_targets AS other
                    WHERE other.what = TG_ARGV[0] AND other.target = added.target
                      AND other.experiment <> added.experiment)
            FROM added;
            RETURN NULL;
        END $$
        """,
        """
        CREATE FUNCTION seen_wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO seen (what, target, experiment, others)
            SELECT 'wait', target, experiment, ticket FROM added;
            RETURN NULL;
        END $$
        """,
        // After the table's own, by their names.
        """
        CREATE TRIGGER zz_seen AFTER INSERT ON target_holds REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION seen_added('hold')
        """,
        """
        CREATE TRIGGER zz_seen AFTER INSERT ON faults REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION seen_added('fault')
        """,
        """
        CREATE TRIGGER zz_seen AFTER INSERT ON target_waits REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION seen_wait()
        """,
    ]
}

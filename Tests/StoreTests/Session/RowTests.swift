import Base
import Store
import TestSupport
import Testing

@Suite struct RowTests {
    @Test(
        arguments: [
            ("SELECT NULL::text AS a", "column a is null"),
            ("SELECT 'x' AS a", "column a holds no Int"),
            ("SELECT 9223372036854775808 AS a", "column a holds no Int"),
            ("SELECT 1 AS a, 2 AS b", "column b was not read"),
            ("SELECT", "the statement returns only 0 columns"),
            ("SELECT 1 WHERE false", "no row where one was expected"),
            ("SELECT generate_series(1, 3)", "3 rows where one was expected"),
        ] as [(Query, String)]
    )
    func `what does not fit is an error that says where`(query: Query, complaint: String) async throws {
        try await withTestDatabase { database in
            await #expect(throws: StoreError.unexpectedRow(complaint)) {
                try await database.value(query, as: Int.self)
            }
        }
    }

    @Test func `a null may be read where one is allowed`() async throws {
        try await withTestDatabase { database in
            let values = try await database.statement { transaction throws(StoreError) in
                try transaction.all("SELECT * FROM (VALUES (1), (NULL), (3)) AS v") {
                    row throws(StoreError) in try row.nextIfAny(Int.self)
                }
            }
            #expect(values == [1, nil, 3])
        }
    }
}

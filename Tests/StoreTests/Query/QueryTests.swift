import Base
import TestSupport
import Testing

@testable import Store

@Suite struct QueryTests {
    @Test func `values are numbered and never become text`() throws {
        let name = "x'; DROP TABLE accounts; --"
        let query: Query = "SELECT \(name), \(7), \(String?.none), \(true)"
        #expect(
            try query.rendered()
                == Query.Rendered(text: "SELECT $1, $2, $3, $4", values: [name, "7", nil, "t"])
        )
    }

    @Test func `a fragment's values are numbered with the whole`() throws {
        let filter: Query = "account = \(Given.first) AND id < \(9)"
        let query: Query = "SELECT \(1) WHERE \(filter) LIMIT \(2)"
        #expect(try query.rendered().text == "SELECT $1 WHERE account = $2 AND id < $3 LIMIT $4")
        #expect(try query.rendered().values == ["1", "000000000000", "9", "2"])
    }

    @Test func `a name is quoted, its quotes doubled`() throws {
        let query: Query = "LISTEN \(identifier: #"a"b"#)"
        #expect(try query.rendered().text == #"LISTEN "a""b""#)
    }

    @Test func `a text that C would cut short is refused`() {
        let query: Query = "SELECT \("a\0b")"
        #expect(throws: StoreError.refused(.textHasNUL)) { try query.rendered() }
        let name: Query = "LISTEN \(identifier: "a\0b")"
        #expect(throws: StoreError.refused(.textHasNUL)) { try name.rendered() }
    }

    @Test(arguments: [
        ("2026-09-21 14:13:20+00", 1_790_000_000_000_000_000),
        ("2026-09-21 14:13:20.123456+00", 1_790_000_000_123_456_000),
        ("2026-09-21 14:13:20.5+00", 1_790_000_000_500_000_000),
        ("1969-12-31 23:59:59.999999+00", -1_000),
    ])
    func `a timestamp reads as it was written`(text: String, nanoseconds: Int64) {
        #expect(Timestamp(column: text) == Timestamp(nanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "infinity", "-infinity", "2026-09-21", "2026-13-01 00:00:00+00", "2026-09-21 14:13:20+01",
        "2026-09-21 14:13:20", "0044-03-15 00:00:00+00 BC", "2026-09-21 14:13:20.+00",
        "2026-09-21 14:13:20.1234567890+00", "2026-09-21 14:13:20+00x", "12026-09-21 14:13:20+00",
        "9999-12-31 23:59:59+00", "2262-04-12 00:00:00+00", "0001-01-01 00:00:00+00",
    ])
    func `no other text is a timestamp`(text: String) {
        #expect(Timestamp(column: text) == nil)
    }

    @Test(arguments: [0, 1_790_000_000_123_456_000, -1_000, 1_790_000_000_000_001_000, 86_399_999_999_000])
    func `a timestamp survives PostgreSQL`(nanoseconds: Int64) async throws {
        let moment = Timestamp(nanoseconds: nanoseconds)
        try await withTestDatabase { database in
            let read = try await database.value("SELECT \(moment)::timestamptz", as: Timestamp.self)
            #expect(read == moment)
        }
    }

    @Test func `every kind of value survives PostgreSQL`() async throws {
        try await withTestDatabase { database in
            let text = "é \"' \\ $1"
            let bytes = [UInt8](0...255)
            let json: JSON = ["a": [1, "zwei", true]]
            try await database.run("SELECT 1")
            #expect(try await database.value("SELECT \(text)::text") == text)
            #expect(try await database.value("SELECT \(Int64.min)::bigint") == Int64.min)
            #expect(try await database.value("SELECT \(0.1)::double precision") == 0.1)
            #expect(try await database.value("SELECT \(false)::boolean") == false)
            #expect(try await database.value("SELECT \(bytes)::bytea") == bytes)
            #expect(try await database.value("SELECT \(json)::jsonb") == json)
        }
    }
}

import Base
import Store
import TestSupport
import Testing

/// Failing tests show what the log would be told, not what a caller would.
extension StoreError: CustomTestStringConvertible {
    /// The text for the log.
    public var testDescription: String { logged.text ?? description }
}

/// The values that most tests here begin with.
enum Given {
    static let now = Timestamp(nanoseconds: 1_790_000_000_123_456_000)
    static let first = account("000000000000")
    static let second = account("222222222222")

    static func account(_ digits: String) -> AccountID {
        guard let id = AccountID(digits) else { fatalError("\(digits) is no account") }
        return id
    }

    static func context(_ account: AccountID = first, request: String = "req-1") -> OperationContext {
        OperationContext(
            account: account,
            actor: .machineOperator,
            origin: .controlSocket,
            requestID: request,
            peer: "192.0.2.7"
        )
    }

    static func deployment(
        key: UInt8 = 7,
        id: String = "dep-1",
        lease: Duration = .seconds(15)
    ) -> Deployment {
        Deployment(
            id: id,
            masterKeyCheck: [UInt8](repeating: key, count: 32),
            firstAccount: first,
            region: "us-east-1",
            lease: lease,
            createdAt: now
        )
    }

    /// Lends a database that is set up and has a second account.
    @discardableResult
    static func populated<Result>(_ body: (Database) async throws -> Result) async throws -> Result {
        try await withTestDatabase { database in
            _ = try await database.transaction { transaction throws(StoreError) in
                _ = try transaction.deploymentInitialise(deployment(), firstAccountName: "first")
                try transaction.accountCreate(context(), id: second, name: "second", at: now)
            }
            return try await body(database)
        }
    }
}

extension Database {
    /// One value of one row.
    func value<Value: ColumnValue>(_ query: Query, as type: Value.Type = Value.self) async throws -> Value {
        try await statement { transaction throws(StoreError) in
            try transaction.one(query) { row throws(StoreError) in try row.next() }
        }
    }

    /// A statement for its effect.
    func run(_ query: Query) async throws {
        _ = try await statement { transaction throws(StoreError) in try transaction.execute(query) }
    }
}

/// Looks again every few milliseconds until `isTrue`, and gives up loudly after ten seconds.
func eventually(
    _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ isTrue: () async throws -> Bool
) async throws {
    let deadline = Instant.now + .seconds(10)
    while try await !isTrue() {
        guard Instant.now < deadline else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        _ = try Readiness.wait(for: [], until: .now + .milliseconds(5))
        await Task.yield()
    }
}

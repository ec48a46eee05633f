import Base
import Store
import TestSupport
import Testing

@Suite struct AccountsTests {
    private let third = Given.account("333333333333")

    @Test func `an account is created, listed, and in the audit trail of whoever created it`() async throws {
        try await Given.populated { database in
            let created = try await database.transaction { transaction throws(StoreError) in
                try transaction.accountCreate(Given.context(), id: third, name: "third", at: Given.now)
            }
            #expect(created == Account(id: third, name: "third", createdAt: Given.now))
            let (accounts, audit) = try await database.transaction { transaction throws(StoreError) in
                (
                    try transaction.accountListOfDeployment(),
                    try transaction.auditList(Given.context(), limit: 1)
                )
            }
            #expect(accounts.map(\.id) == [Given.first, Given.second, third])
            #expect(accounts.last == created)
            #expect(audit.first?.action == "account.created")
            #expect(audit.first?.subject == third.description)
        }
    }

    @Test func `an id or a name that is taken is refused, and nothing is written`() async throws {
        try await Given.populated { database in
            let before: Int = try await database.value("SELECT count(*) FROM audit_events")
            await #expect(throws: StoreError.refused(.accountExists(Given.second))) {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.accountCreate(Given.context(), id: Given.second, name: "x", at: Given.now)
                }
            }
            await #expect(throws: StoreError.refused(.accountNameTaken("second"))) {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.accountCreate(Given.context(), id: third, name: "second", at: Given.now)
                }
            }
            #expect(try await database.value("SELECT count(*) FROM audit_events") == before)
        }
    }

    @Test(arguments: ["", String(repeating: "n", count: 129), "a\0b"])
    func `a name that is none is refused`(name: String) async throws {
        try await Given.populated { database in
            await #expect(throws: StoreError.refused(.nameInvalid(name))) {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.accountCreate(Given.context(), id: third, name: name, at: Given.now)
                }
            }
        }
    }

    @Test(arguments: ["12345678901", "12345678901x", "1234567890123"])
    func `the table itself takes no other ids`(id: String) async throws {
        try await Given.populated { database in
            let error = await #expect(throws: StoreError.self) {
                try await database.run("INSERT INTO accounts VALUES (\(id), 'n', \(Given.now))")
            }
            #expect(error?.sqlState == .checkViolation)
        }
    }
}

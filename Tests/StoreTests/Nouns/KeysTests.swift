import Base
import Store
import TestSupport
import Testing

@Suite struct KeysTests {
    private let id = KeyID.random()
    private let later = Given.now + .seconds(60)

    private func create(
        _ database: Database,
        in account: AccountID = Given.first,
        role: Role = .admin,
        pattern: String? = nil
    ) async throws -> AccessKey {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.keyCreate(
                Given.context(account),
                id: id,
                role: role,
                targetPattern: pattern,
                name: "ci",
                at: Given.now
            )
        }
    }

    private func list(_ database: Database, _ account: AccountID = Given.first) async throws -> [AccessKey] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.keyList(Given.context(account))
        }
    }

    private func revoke(
        _ database: Database,
        as account: AccountID = Given.first,
        at time: Timestamp
    ) async throws -> AccessKey {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.keyRevoke(Given.context(account), id: id, at: time)
        }
    }

    @Test func `a key is created with all that its secret depends on`() async throws {
        try await Given.populated { database in
            let key = try await create(database, role: .agent, pattern: "arn:aws:lambda:*:checkout")
            #expect(key.id == id)
            #expect(key.account == Given.first)
            #expect(key.role == .agent)
            #expect(key.targetPattern == "arn:aws:lambda:*:checkout")
            #expect(key.createdAt == Given.now)
            #expect(key.createdBy == "operator")
            #expect(key.revokedAt == nil)
            #expect(try await list(database) == [key])
        }
    }

    @Test func `an account sees its own keys only, and can revoke no other`() async throws {
        try await Given.populated { database in
            let key = try await create(database)
            #expect(try await list(database, Given.second) == [])
            await #expect(throws: StoreError.refused(.keyUnknown(id))) {
                try await revoke(database, as: Given.second, at: later)
            }
            #expect(try await list(database) == [key])
        }
    }

    @Test func `revoking twice is revoking once`() async throws {
        try await Given.populated { database in
            _ = try await create(database)
            let first = try await revoke(database, at: later)
            #expect(first.revokedAt == later)
            #expect(try await revoke(database, at: later + .seconds(60)) == first)
            let audit: Int = try await database.value(
                "SELECT count(*) FROM audit_events WHERE action = 'key.revoked'"
            )
            #expect(audit == 1)
        }
    }

    @Test func `revoking a key there is not is refused`() async throws {
        try await Given.populated { database in
            await #expect(throws: StoreError.refused(.keyUnknown(id))) {
                try await revoke(database, at: later)
            }
        }
    }

    @Test func `a clock that ran back revokes no key before it was created`() async throws {
        try await Given.populated { database in
            _ = try await create(database)
            let early = Timestamp(nanoseconds: Given.now.nanoseconds - 1_000_000_000)
            #expect(try await revoke(database, at: early).revokedAt == Given.now)
        }
    }

    @Test(
        arguments: [
            (Role.agent, nil), (.admin, "*"), (.operator, "*"), (.editor, "*"), (.viewer, "*"),
        ] as [(Role, String?)]
    )
    func `an agent needs a pattern and nobody else may have one`(role: Role, pattern: String?) async throws {
        try await Given.populated { database in
            await #expect(throws: StoreError.refused(.keyPatternMismatch)) {
                try await create(database, role: role, pattern: pattern)
            }
        }
    }

    @Test func `a key of an account there is not is refused`() async throws {
        try await Given.populated { database in
            let nobody = Given.account("999999999999")
            await #expect(throws: StoreError.refused(.accountUnknown(nobody))) {
                try await create(database, in: nobody)
            }
        }
    }

    @Test func `the nodes' keys are every account's, revoked ones too, and name their change`()
        async throws
    {
        try await Given.populated { database in
            let key = try await create(database, in: Given.second)
            let ring = try await database.deploymentKeysRead()
            #expect(ring.keys == [key])
            #expect(ring.accounts.map(\.id) == [Given.first, Given.second])
            _ = try await database.transaction { transaction throws(StoreError) in
                try transaction.keyRevoke(Given.context(Given.second), id: id, at: later)
            }
            let after = try await database.deploymentKeysRead()
            #expect(after.keys.map(\.id) == [key.id])
            #expect(after.keys.map(\.revokedAt) == [later])
            #expect(after.change == ring.change + 1)
        }
    }

    @Test func `what is undone changes no number, and a change by hand does`() async throws {
        try await Given.populated { database in
            let before = try await database.deploymentKeysRead().change
            await #expect(throws: StoreError.self) {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.keyCreate(Given.context(), id: id, role: .admin, name: "x", at: Given.now)
                    throw .refused(.masterKeyMismatch)
                }
            }
            #expect(try await database.deploymentKeysRead().change == before)
            try await database.run("UPDATE accounts SET name = 'renamed' WHERE id = \(Given.second)")
            #expect(try await database.deploymentKeysRead().change == before + 1)
        }
    }
}

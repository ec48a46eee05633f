import Base
import Store
import TestSupport
import Testing

@Suite struct AccountConfigurationsTests {
    private static let one = "111111111111"
    private static let two = "222222222222"
    private static let otherRole = "arn:aws:iam::111111111111:role/other"

    private func read(
        _ database: Database,
        _ number: Int = 1,
        _ accountID: String = one,
        in account: AccountID = Given.first
    ) async throws -> AccountConfiguration {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationRead(
                Given.context(account),
                template: Given.template(number),
                accountID: accountID
            )
        }
    }

    private func list(
        _ database: Database,
        _ number: Int = 1,
        in account: AccountID = Given.first,
        after accountID: String? = nil,
        limit: Int = 100
    ) async throws -> [String] {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationList(
                Given.context(account),
                template: Given.template(number),
                after: accountID,
                limit: limit
            ).map(\.accountID)
        }
    }

    private func update(
        _ database: Database,
        _ accountID: String = one,
        role: String? = nil,
        description: String? = nil,
        in account: AccountID = Given.first
    ) async throws -> AccountConfiguration {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationUpdate(
                Given.context(account),
                template: Given.template(1),
                accountID: accountID,
                roleARN: role,
                description: description,
                at: Given.now
            )
        }
    }

    private func delete(
        _ database: Database,
        _ accountID: String = one,
        in account: AccountID = Given.first
    ) async throws -> AccountConfiguration {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.accountConfigurationDelete(
                Given.context(account),
                template: Given.template(1),
                accountID: accountID,
                at: Given.now
            )
        }
    }

    @Test func `a configuration is read, listed and counted`() async throws {
        try await Given.populated { database in
            _ = try await database.create(1)
            let two = try await database.configure(1, Self.two, description: "")
            let one = try await database.configure(1, Self.one)
            #expect(two.accountID == Self.two)
            #expect(two.roleARN == Given.role)
            #expect(two.description == "")
            #expect(one.description == nil)
            #expect(try await read(database) == one)
            #expect(try await list(database) == [Self.one, Self.two])
            #expect(try await list(database, limit: 1) == [Self.one])
            #expect(try await list(database, after: Self.one) == [Self.two])
            #expect(try await database.read(1).accountConfigurations == 2)
            let subject = "\(Given.template(1))/\(Self.one)"
            #expect(
                try await database.audit().first
                    == #"account-configuration.created \#(subject) {"roleArn":"\#(Given.role)"}"#
            )
        }
    }

    @Test func `an update changes what it names`() async throws {
        try await Given.populated { database in
            _ = try await database.create(1)
            _ = try await database.configure(1, Self.one, description: "first")
            let role = try await update(database, role: Self.otherRole)
            #expect((role.roleARN, role.description ?? "") == (Self.otherRole, "first"))
            let described = try await update(database, description: "")
            #expect((described.roleARN, described.description) == (Self.otherRole, ""))
            #expect(try await read(database) == described)
            #expect(
                try await database.audit().filter { $0.hasPrefix("account-configuration.updated") }.count == 2
            )
        }
    }

    @Test func `what is deleted is returned, and gone`() async throws {
        try await Given.populated { database in
            _ = try await database.create(1)
            let made = try await database.configure(1, Self.one)
            #expect(try await delete(database) == made)
            let missing = Refusal.accountConfigurationUnknown(
                template: Given.template(1),
                accountID: Self.one
            )
            await #expect(throws: StoreError.refused(missing)) { try await delete(database) }
            await #expect(throws: StoreError.refused(missing)) { try await update(database) }
            await #expect(throws: StoreError.refused(missing)) { try await read(database) }
            #expect(try await database.audit().first?.hasPrefix("account-configuration.deleted") == true)
        }
    }

    @Test func `an account has one configuration, and a token makes one`() async throws {
        try await Given.populated { database in
            _ = try await database.create(1)
            let made = try await database.configure(1, Self.one, token: "t")
            #expect(try await database.configure(1, Self.one, token: "t") == made)
            await #expect(throws: StoreError.refused(.clientTokenReused)) {
                try await database.configure(1, Self.two, token: "t", digest: 2)
            }
            let exists = Refusal.accountConfigurationExists(template: Given.template(1), accountID: Self.one)
            await #expect(throws: StoreError.refused(exists)) {
                try await database.configure(1, Self.one, token: "other")
            }
            await #expect(throws: StoreError.refused(exists)) { try await database.configure(1, Self.one) }
            _ = try await database.create(2)
            _ = try await database.configure(2, Self.one, token: "t", digest: 2)
        }
    }

    @Test func `the quota of a template holds, also for those who come at once`() async throws {
        try await Given.populated { database in
            let templates = 20
            for number in 1...templates { _ = try await database.create(number) }
            let outcome = await outcomes(templates * 8) { number throws(StoreError) in
                let (template, account) = (number / 8 + 1, 100_000_000_000 + number)
                return try await database.configure(template, "\(account)", quota: 1).accountID
            }
            #expect(outcome.made.count == templates)
            #expect(outcome.refused.count == templates * 7)
            #expect(outcome.refused.allSatisfy { $0 == .refused(.accountConfigurationQuota(1)) })
            for number in 1...templates {
                #expect(try await database.read(number).accountConfigurations == 1)
            }
        }
    }

    @Test func `another account's template has none to show or to change`() async throws {
        try await Given.populated { database in
            _ = try await database.create(1)
            let made = try await database.configure(1, Self.one)
            let unknown = StoreError.refused(.templateUnknown(Given.template(1)))
            let theirs = Given.second
            await #expect(throws: unknown) { try await database.configure(1, Self.two, in: theirs) }
            await #expect(throws: unknown) { try await read(database, in: theirs) }
            await #expect(throws: unknown) { try await list(database, in: theirs) }
            await #expect(throws: unknown) { try await update(database, description: "x", in: theirs) }
            await #expect(throws: unknown) { try await delete(database, in: theirs) }
            #expect(try await read(database) == made)
            await #expect(throws: StoreError.refused(.templateUnknown(Given.template(2)))) {
                try await list(database, 2)
            }
        }
    }
}

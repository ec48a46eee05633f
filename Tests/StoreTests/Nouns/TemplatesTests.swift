import Base
import Store
import TestSupport
import Testing

@Suite struct TemplatesTests {
    static let later = Given.now + .seconds(60)
    static let content: JSON = ["description": "drill", "actions": ["z": 1, "a": 2]]

    @Test func `a template is kept as it was given`() async throws {
        try await Given.populated { database in
            let template = try await database.create(1, content: Self.content)
            #expect(template.id == Given.template(1))
            #expect(template.content == Self.content)
            #expect(template.revision == 1)
            #expect(template.createdAt == Given.now)
            #expect(template.updatedAt == Given.now)
            #expect(template.accountConfigurations == 0)
            #expect(try await database.read(1) == template)
            #expect(try await database.audit() == ["template.created \(template.id) {}"])
        }
    }

    @Test func `the same token and request is the same template, as it is now`() async throws {
        try await Given.populated { database in
            _ = try await database.create(1, token: "t")
            let updated = try await database.update(1, content: ["b": 1], expecting: 1)
            let again = try await database.create(2, token: "t", at: Self.later)
            #expect(again == updated)
            #expect(try await database.list().map(\.id) == [Given.template(1)])
            #expect(try await database.audit().count == 2)
        }
    }

    @Test func `a token with another request is refused, and another account's token is another`()
        async throws
    {
        try await Given.populated { database in
            _ = try await database.create(1, token: "t")
            await #expect(throws: StoreError.refused(.clientTokenReused)) {
                try await database.create(2, token: "t", digest: 2)
            }
            _ = try await database.create(2, token: "t", digest: 2, in: Given.second)
            _ = try await database.delete(1)
            #expect(try await database.create(3, token: "t", digest: 2).id == Given.template(3))
        }
    }

    @Test func `the quota is each account's, and repeating what was made is free`() async throws {
        try await Given.populated { database in
            _ = try await database.create(1, token: "t", quota: 2)
            _ = try await database.create(2, quota: 2)
            await #expect(throws: StoreError.refused(.templateQuota(2))) {
                try await database.create(3, quota: 2)
            }
            #expect(try await database.create(4, token: "t", quota: 2).id == Given.template(1))
            _ = try await database.create(5, in: Given.second, quota: 2)
            _ = try await database.delete(1)
            _ = try await database.create(6, quota: 2)
        }
    }

    @Test func `forty who create at once make one of a token and no more than the quota`() async throws {
        try await Given.populated { database in
            let same = await outcomes(40) { number throws(StoreError) in
                try await database.create(number, token: "t").id
            }
            #expect(Set(same.made).count == 1 && same.refused == [])
            let many = await outcomes(40) { number throws(StoreError) in
                try await database.create(100 + number, quota: 10).id
            }
            #expect(Set(many.made).count == 9 && many.made.count == 9)
            #expect(many.refused.allSatisfy { $0 == .refused(.templateQuota(10)) })
            #expect(many.refused.count == 31)
        }
    }

    @Test func `pages follow one another, newest first, each template once`() async throws {
        try await Given.populated { database in
            for (number, seconds) in [(1, 3), (2, 1), (3, 2), (4, 2), (5, 2)] {
                _ = try await database.create(number, at: Given.now + .seconds(seconds))
            }
            _ = try await database.create(9, in: Given.second)
            let newest = [1, 5, 4, 3, 2].map { Given.template($0) }
            #expect(try await database.list().map(\.id) == newest)
            var seen: [String] = []
            var page = try await database.list(limit: 2)
            while let last = page.last {
                seen += page.map(\.id)
                page = try await database.list(after: last.place, limit: 2)
            }
            #expect(seen == newest)
        }
    }

    @Test func `an update names the revision it read`() async throws {
        try await Given.populated { database in
            _ = try await database.create(1)
            let updated = try #require(try await database.update(1, content: ["b": 1], expecting: 1))
            #expect(updated.content == ["b": 1])
            #expect(updated.revision == 2)
            #expect(updated.createdAt == Given.now)
            #expect(updated.updatedAt == Self.later)
            #expect(try await database.update(1, content: ["c": 1], expecting: 1) == nil)
            #expect(try await database.read(1) == updated)
            #expect(
                try await database.audit() == [
                    #"template.updated \#(Given.template(1)) {"revision":2}"#,
                    "template.created \(Given.template(1)) {}",
                ]
            )
        }
    }

    @Test func `a deleted template is returned with its count, and takes its configurations along`()
        async throws
    {
        try await Given.populated { database in
            let created = try await database.create(1)
            _ = try await database.configure(1, "123456789012")
            let deleted = try await database.delete(1)
            #expect(deleted.id == created.id)
            #expect(deleted.accountConfigurations == 1)
            await #expect(throws: StoreError.refused(.templateUnknown(Given.template(1)))) {
                try await database.delete(1)
            }
            let left: Int = try await database.value("SELECT count(*) FROM target_account_configurations")
            #expect(left == 0)
            #expect(try await database.audit().first == "template.deleted \(Given.template(1)) {}")
        }
    }

    @Test func `another account's template is as unknown as none`() async throws {
        try await Given.populated { database in
            let ours = try await database.create(1)
            let unknown = StoreError.refused(.templateUnknown(Given.template(1)))
            await #expect(throws: unknown) { try await database.read(1, in: Given.second) }
            await #expect(throws: unknown) {
                try await database.update(1, content: [:], expecting: 1, in: Given.second)
            }
            await #expect(throws: unknown) { try await database.delete(1, in: Given.second) }
            #expect(try await database.list(in: Given.second) == [])
            #expect(try await database.read(1) == ours)
        }
    }
}

/// What came of many attempts at once.
func outcomes<Made: Sendable>(
    _ count: Int,
    _ attempt: @escaping @Sendable (Int) async throws(StoreError) -> Made
) async -> (made: [Made], refused: [StoreError]) {
    await withTaskGroup(of: Result<Made, StoreError>.self) { group in
        for number in 0..<count {
            group.addTask {
                do throws(StoreError) {
                    return .success(try await attempt(number))
                } catch {
                    return .failure(error)
                }
            }
        }
        var made: [Made] = []
        var refused: [StoreError] = []
        for await outcome in group {
            switch outcome {
            case .success(let value): made.append(value)
            case .failure(let error): refused.append(error)
            }
        }
        return (made, refused)
    }
}

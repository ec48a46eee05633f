import Base
import Store
import TestSupport
import Testing

@Suite struct TargetsTests {
    static let later = Given.now + .seconds(60)
    static let lambda = "aws:lambda:function"

    private func put(
        _ database: Database,
        _ arn: String,
        type: String = lambda,
        tags: JSON = ["env": "prod"],
        attributes: JSON = [:],
        in account: AccountID = Given.first,
        at time: Timestamp = Given.now
    ) async throws -> RegisteredTarget {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.targetPut(
                Given.context(account),
                arn: arn,
                resourceType: type,
                tags: tags,
                attributes: attributes,
                at: time
            )
        }
    }

    private func list(
        _ database: Database,
        _ account: AccountID = Given.first,
        type: String? = nil,
        tags: [(key: String, value: String)] = [],
        after arn: String? = nil,
        limit: Int = 100
    ) async throws -> [String] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.targetList(
                Given.context(account),
                resourceType: type,
                tags: tags,
                after: arn,
                limit: limit
            ).map(\.arn)
        }
    }

    private func seen(
        _ database: Database,
        _ arn: String,
        in account: AccountID = Given.first,
        at time: Timestamp
    ) async throws {
        try await database.statement { transaction throws(StoreError) in
            try transaction.targetsSeen([TargetKey(account: account, target: arn)], at: time)
        }
    }

    private func audit(_ database: Database, _ account: AccountID = Given.first) async throws -> [String] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.auditList(Given.context(account), limit: 100)
        }
        .filter { $0.action.hasPrefix("target.") }
        .map { "\($0.action) \($0.subject) \(String(decoding: $0.details.encoded, as: UTF8.self))" }
    }

    @Test func `a target is read as it was registered`() async throws {
        try await Given.populated { database in
            let tags: JSON = ["b": "2", "a": "1"]
            let attributes: JSON = ["Runtime": "swift", "MemorySize": 128, "Layers": [["Arn": "x"]]]
            let target = try await put(database, Given.arn("checkout"), tags: tags, attributes: attributes)
            #expect(target.arn == Given.arn("checkout"))
            #expect(target.resourceType == Self.lambda)
            #expect(target.tags == tags)
            #expect(target.attributes == attributes)
            #expect(target.createdAt == Given.now)
            #expect(target.updatedAt == Given.now)
            #expect(target.seenAt == nil)
            let read = try await database.statement { transaction throws(StoreError) in
                try transaction.targetRead(Given.context(), arn: Given.arn("checkout"))
            }
            #expect(read == target)
            #expect(
                try await audit(database) == [
                    "target.registered \(target.arn) "
                        + #"{"tags":{"a":"1","b":"2"},"resourceType":"aws:lambda:function"}"#
                ]
            )
        }
    }

    @Test func `registering again replaces, and registering the same changes nothing`() async throws {
        try await Given.populated { database in
            let arn = Given.arn("checkout")
            let first = try await put(database, arn)
            #expect(try await put(database, arn, at: Self.later) == first)
            #expect(try await audit(database).count == 1)
            let changed = try await put(database, arn, tags: ["env": "test"], at: Self.later)
            #expect(changed.tags == ["env": "test"])
            #expect(changed.createdAt == Given.now)
            #expect(changed.updatedAt == Self.later)
            #expect(try await audit(database).count == 2)
            let back = try await put(database, arn, attributes: ["a": 1], at: Given.now)
            #expect(back.updatedAt == Self.later, "a clock that ran back turns no time back")
            #expect(try await list(database) == [arn])
        }
    }

    @Test func `another account's target is neither read, replaced nor deleted`() async throws {
        try await Given.populated { database in
            let arn = Given.arn("checkout")
            let ours = try await put(database, arn)
            let theirs = Given.context(Given.second)
            await #expect(throws: StoreError.refused(.targetUnknown(arn))) {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.targetRead(theirs, arn: arn)
                }
            }
            await #expect(throws: StoreError.refused(.targetUnknown(arn))) {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.targetDelete(theirs, arn: arn, at: Self.later)
                }
            }
            #expect(try await list(database, Given.second) == [])
            _ = try await put(database, arn, tags: [:], in: Given.second)
            let read = try await database.statement { transaction throws(StoreError) in
                try transaction.targetRead(Given.context(), arn: arn)
            }
            #expect(read == ours)
        }
    }

    @Test func `what is deleted is returned once, and gone`() async throws {
        try await Given.populated { database in
            let arn = Given.arn("checkout")
            let target = try await put(database, arn)
            let delete: @Sendable () async throws -> RegisteredTarget = {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.targetDelete(Given.context(), arn: arn, at: Self.later)
                }
            }
            #expect(try await delete() == target)
            await #expect(throws: StoreError.refused(.targetUnknown(arn))) { _ = try await delete() }
            #expect(try await list(database) == [])
            #expect(
                try await audit(database).first
                    == "target.deleted \(arn) "
                    + #"{"tags":{"env":"prod"},"resourceType":"aws:lambda:function"}"#
            )
        }
    }

    @Test func `pages follow one another by ARN, of one type or tag or of all`() async throws {
        try await Given.populated { database in
            for name in ["d", "b", "a", "c"] {
                let tags: JSON = name < "c" ? ["env": "prod", "team": "x"] : ["env": "test"]
                _ = try await put(database, Given.arn(name), tags: tags)
            }
            _ = try await put(database, "arn:aws:s3:::pictures", type: "aws:s3:bucket", tags: ["env": ""])
            let names = ["a", "b", "c", "d"].map { Given.arn($0) }
            #expect(try await list(database) == names + ["arn:aws:s3:::pictures"])
            #expect(try await list(database, limit: 2) == Array(names.prefix(2)))
            #expect(try await list(database, after: names[1], limit: 2) == Array(names.suffix(2)))
            #expect(try await list(database, type: "aws:s3:bucket") == ["arn:aws:s3:::pictures"])
            #expect(try await list(database, tags: [("env", "prod")]) == Array(names.prefix(2)))
            #expect(
                try await list(database, tags: [("env", "prod"), ("team", "x")]) == Array(names.prefix(2))
            )
            #expect(try await list(database, tags: [("env", "prod"), ("team", "y")]) == [])
            #expect(try await list(database, tags: [("env", "")]) == ["arn:aws:s3:::pictures"])
            #expect(try await list(database, tags: [("0", "prod")]) == [], "a key is no index")
            #expect(
                try await list(database, type: Self.lambda, tags: [("env", "test")]) == Array(names.suffix(2))
            )
        }
    }

    @Test func `a sighting is kept to within a minute and never goes back`() async throws {
        try await Given.populated { database in
            let arn = Given.arn("checkout")
            _ = try await put(database, arn)
            let times = [(0, 0), (59, 0), (60, 60), (30, 60), (119, 60), (120, 120)]
            for (seconds, expected) in times {
                try await seen(database, arn, at: Given.now + .seconds(seconds))
                let read = try await database.statement { transaction throws(StoreError) in
                    try transaction.targetRead(Given.context(), arn: arn)
                }
                #expect(read.seenAt == Given.now + .seconds(expected), "after \(seconds) s")
            }
            try await seen(database, arn, in: Given.second, at: Given.now + .seconds(500))
            let listed = try await database.statement { transaction throws(StoreError) in
                try transaction.targetList(Given.context(), limit: 1)
            }
            #expect(listed.map(\.seenAt) == [Given.now + .seconds(120)])
        }
    }

    @Test func `twenty who register one target at once register one`() async throws {
        try await Given.populated { database in
            let arn = Given.arn("checkout")
            let targets = try await withThrowingTaskGroup(of: RegisteredTarget.self) { group in
                for _ in 0..<20 { group.addTask { try await put(database, arn) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(targets.map(\.createdAt)).count == 1)
            #expect(try await audit(database).count == 1)
        }
    }
}

extension Given {
    /// A function's ARN.
    static func arn(_ name: String) -> String { "arn:aws:lambda:us-east-1:000000000000:function:\(name)" }
}

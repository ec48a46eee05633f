import Base
import Store
import TestSupport
import Testing

/// What an experiment may choose from.
@Suite struct TargetCandidatesTests {
    private static let functions = ARNForm(service: "lambda", resource: "function:")
    private static let day = Duration.seconds(24 * 3_600)

    /// `a` is registered, `b` is registered and polled for, `c` was only polled for; `old` was, two days ago.
    private func withTargets(_ body: (Database) async throws -> Void) async throws {
        try await Given.populated { database in
            try await database.transaction { transaction throws(StoreError) in
                for name in ["b", "a"] {
                    try transaction.targetPut(
                        Given.context(),
                        arn: Given.arn(name),
                        resourceType: "aws:lambda:function",
                        tags: ["name": .string(name)],
                        attributes: ["Runtime": "swift"],
                        at: Given.now
                    )
                }
                try transaction.targetPut(
                    Given.context(),
                    arn: "arn:aws:s3:::function:a",
                    resourceType: "aws:s3:bucket",
                    tags: [:],
                    attributes: [:],
                    at: Given.now
                )
                let seen = [Given.arn("b"), Given.arn("c"), "arn:aws:lambda:us-east-1:0:layer:z"].map {
                    TargetKey(account: Given.first, target: $0)
                }
                let theirs = TargetKey(account: Given.second, target: Given.arn("theirs"))
                try transaction.targetsSeen(Set(seen + [theirs]), at: Given.now)
                let longAgo = Timestamp(nanoseconds: Given.now.nanoseconds - Self.day.nanoseconds - 1_000)
                let old = TargetKey(account: Given.first, target: Given.arn("old"))
                try transaction.targetsSeen([old], at: longAgo)
            }
            try await body(database)
        }
    }

    private var since: Timestamp { Timestamp(nanoseconds: Given.now.nanoseconds - Self.day.nanoseconds) }

    private func candidates(
        _ database: Database,
        _ account: AccountID = Given.first,
        type: String = "aws:lambda:function",
        form: ARNForm? = functions,
        limit: Int = 100
    ) async throws -> PossibleTargets {
        try await database.statement { transaction throws(StoreError) in
            try transaction.targetCandidates(
                Given.context(account),
                resourceType: type,
                form: form,
                seenSince: since,
                limit: limit
            )
        }
    }

    @Test func `all of a type are registered or were polled for in the last day`() async throws {
        try await withTargets { database in
            let found = try await candidates(database)
            #expect(found.targets.map(\.arn) == ["a", "b", "c"].map { Given.arn($0) })
            #expect(found.targets.map(\.resourceType) == ["aws:lambda:function", "aws:lambda:function", nil])
            #expect(found.targets.map(\.tags) == [["name": "a"], ["name": "b"], [:]])
            #expect(found.targets.map(\.attributes) == [["Runtime": "swift"], ["Runtime": "swift"], [:]])
            #expect(!found.hasMore)
        }
    }

    @Test func `a type whose ARNs have no form has registered targets only`() async throws {
        try await withTargets { database in
            let found = try await candidates(database, form: nil)
            #expect(found.targets.map(\.arn) == ["a", "b"].map { Given.arn($0) })
            let none = try await candidates(database, type: "aws:eks:pod", form: nil)
            #expect(none.targets == [] && !none.hasMore)
        }
    }

    @Test func `another account's are its own`() async throws {
        try await withTargets { database in
            let found = try await candidates(database, Given.second)
            #expect(found.targets.map(\.arn) == [Given.arn("theirs")])
        }
    }

    @Test(arguments: [(1, true), (2, true), (3, false), (4, false)])
    func `what does not fit the limit is said to be left out`(limit: Int, hasMore: Bool) async throws {
        try await withTargets { database in
            let found = try await candidates(database, limit: limit)
            #expect(found.targets.map(\.arn) == ["a", "b", "c"].prefix(limit).map { Given.arn($0) })
            #expect(found.hasMore == hasMore)
        }
    }

    @Test func `an ARN exists if it is registered, as whatever, or was polled for`() async throws {
        try await withTargets { database in
            let asked = ["c", "a", "old", "none", "theirs", "a"].map { Given.arn($0) }
            let found = try await database.statement { transaction throws(StoreError) in
                try transaction.targetCandidates(
                    Given.context(),
                    arns: asked + ["arn:aws:s3:::function:a"],
                    seenSince: since
                )
            }
            #expect(found.map(\.arn) == [Given.arn("a"), Given.arn("c"), "arn:aws:s3:::function:a"])
            #expect(found.map(\.resourceType) == ["aws:lambda:function", nil, "aws:s3:bucket"])
            #expect(found.map(\.tags) == [["name": "a"], [:], [:]])
        }
    }
}

import Base
import Store
import TestSupport
import Testing

/// Names under which functions read their faults, and the number that tells nodes to read them again.
@Suite struct BindingsTests {
    private static func put(
        _ database: Database,
        _ context: OperationContext,
        _ name: String,
        target: String = "t",
        dialect: String = "chaos_lambda",
        qualifier: String? = nil,
        quota: Int = 100,
        at second: Int64 = 0
    ) async throws -> ParameterBinding {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.bindingPut(
                context,
                name: name,
                target: target,
                dialect: dialect,
                qualifier: qualifier,
                quota: quota,
                at: Given.now + .seconds(second)
            )
        }
    }

    private static func change(_ database: Database) async throws -> Int64 {
        try await database.deploymentBindingsRead().change
    }

    @Test func `a binding is made, changed and taken away, each with a trace, and no change leaves none`()
        async throws
    {
        try await Given.populated { database in
            let context = Given.context()
            let made = try await Self.put(database, context, "/a", at: 1)
            #expect(made.name == "/a" && made.target == "t" && made.dialect == "chaos_lambda")
            #expect(made.qualifier == nil && made.createdAt == Given.now + .seconds(1))
            let first = try await Self.change(database)
            #expect(try await Self.put(database, context, "/a", at: 2) == made)
            #expect(try await Self.change(database) == first, "nobody needs to read that again")
            let moved = try await Self.put(database, context, "/a", target: "u", qualifier: "live", at: 3)
            #expect(moved.target == "u" && moved.qualifier == "live")
            #expect(moved.createdAt == made.createdAt && moved.updatedAt == Given.now + .seconds(3))
            let second = try await Self.change(database)
            #expect(second > first)
            let gone = try await database.transaction { transaction throws(StoreError) in
                try transaction.bindingDelete(context, name: "/a", at: Given.now + .seconds(4))
            }
            #expect(gone == moved)
            #expect(try await Self.change(database) > second)
            await #expect(throws: StoreError.refused(.bindingUnknown("/a"))) {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.bindingRead(context, name: "/a")
                }
            }
            await #expect(throws: StoreError.refused(.bindingUnknown("/a"))) {
                try await database.transaction { transaction throws(StoreError) in
                    _ = try transaction.bindingDelete(context, name: "/a", at: Given.now + .seconds(5))
                }
            }
            let actions = try await database.statement { transaction throws(StoreError) in
                try transaction.auditList(context, limit: 10).map(\.action)
            }
            #expect(
                actions.filter { $0.hasPrefix("binding.") } == [
                    "binding.deleted", "binding.put", "binding.put",
                ]
            )
        }
    }

    @Test func `one name more than an account may have is refused, and those it has may change`() async throws
    {
        try await Given.populated { database in
            let context = Given.context()
            for name in ["/a", "/b"] { _ = try await Self.put(database, context, name, quota: 2) }
            await #expect(throws: StoreError.refused(.bindingQuota(2))) {
                _ = try await Self.put(database, context, "/c", quota: 2)
            }
            _ = try await Self.put(database, context, "/b", target: "u", quota: 2)
            let names = try await database.statement { transaction throws(StoreError) in
                try transaction.bindingList(context, limit: 10).map(\.name)
            }
            #expect(names == ["/a", "/b"])
        }
    }

    @Test func `what a target declares of its events is read with the bindings, and nothing else counts`()
        async throws
    {
        try await Given.populated { database in
            let context = Given.context()
            func register(_ arn: String, _ attributes: JSON) async throws {
                _ = try await database.transaction { transaction throws(StoreError) in
                    try transaction.targetPut(
                        context,
                        arn: arn,
                        resourceType: "aws:lambda:function",
                        tags: [:],
                        attributes: attributes,
                        at: Given.now + .seconds(0)
                    )
                }
            }
            let before = try await Self.change(database)
            try await register("plain", ["Runtime": "python", "Odd": "a\u{0}b"])
            #expect(try await Self.change(database) == before)
            try await register("shaped", ["eventShape": "http-api", "Odd": "a\u{0}b"])
            let read = try await database.deploymentBindingsRead()
            #expect(read.change > before)
            #expect(read.attributes.map(\.target.target) == ["shaped"])
            #expect(read.attributes.first?.attributes["eventShape"] == "http-api")
            try await register("shaped", ["Runtime": "python"])
            let after = try await database.deploymentBindingsRead()
            #expect(after.change > read.change && after.attributes.isEmpty)
        }
    }
}

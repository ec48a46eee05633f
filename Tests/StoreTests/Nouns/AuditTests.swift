import Base
import Store
import TestSupport
import Testing

@Suite struct AuditTests {
    @Test func `an event keeps who, whence and what`() async throws {
        try await Given.populated { database in
            let key = KeyID.random()
            let context = OperationContext(
                account: Given.second,
                actor: .key(key),
                origin: .api,
                requestID: "req-9",
                peer: nil
            )
            let events = try await database.transaction { transaction throws(StoreError) in
                try transaction.auditAppend(
                    context,
                    action: "lever.engaged",
                    subject: "default",
                    details: ["reason": "drill"],
                    at: Given.now
                )
                return try transaction.auditList(context, limit: 10)
            }
            let event = try #require(events.first)
            #expect(events.count == 1)
            #expect(event.at == Given.now)
            #expect(event.actor == key.description)
            #expect(event.origin == "api")
            #expect(event.address == nil)
            #expect(event.requestID == "req-9")
            #expect(event.action == "lever.engaged")
            #expect(event.subject == "default")
            #expect(event.details == ["reason": "drill"])
        }
    }

    @Test func `pages follow one another, newest first, and hold one account's events only`() async throws {
        try await Given.populated { database in
            let pages = try await database.transaction { transaction throws(StoreError) in
                for number in 1...5 {
                    let context = Given.context(Given.second, request: "req-\(number)")
                    try transaction.auditAppend(context, action: "a.b", subject: "s", at: Given.now)
                    try transaction.auditAppend(Given.context(), action: "c.d", subject: "s", at: Given.now)
                }
                let context = Given.context(Given.second)
                let first = try transaction.auditList(context, limit: 3)
                return (first, try transaction.auditList(context, before: first.last?.id, limit: 3))
            }
            #expect(pages.0.map(\.requestID) == ["req-5", "req-4", "req-3"])
            #expect(pages.1.map(\.requestID) == ["req-2", "req-1"])
        }
    }

    @Test(arguments: OperationContext.Origin.allCases)
    func `the table knows every origin`(origin: OperationContext.Origin) async throws {
        try await Given.populated { database in
            let context = OperationContext(
                account: Given.first,
                actor: .system,
                origin: origin,
                requestID: "r"
            )
            let events = try await database.transaction { transaction throws(StoreError) in
                try transaction.auditAppend(context, action: "a.b", subject: "s", at: Given.now)
                return try transaction.auditList(context, limit: 1)
            }
            #expect(events.first?.origin == origin.rawValue)
        }
    }
}

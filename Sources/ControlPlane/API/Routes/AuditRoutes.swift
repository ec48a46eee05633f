import Base
import HTTPServer
import Store

/// `/v1/audit`: who changed what.
struct AuditRoutes: Sendable {
    let database: DatabaseDoor

    var all: [Route] {
        [Route(.get, "/v1/audit", "ListAuditEvents", .holder(of: .audit), .task(auditList))]
    }

    private func auditList(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let page = try Page(call, of: "ListAuditEvents")
        let before = try page.after { Int64($0) }
        let events = try await database.transaction { transaction throws(StoreError) in
            try transaction.auditList(context, before: before, limit: page.fetched)
        }
        return page.reply("events", events, cursor: { String($0.id) }, Self.json)
    }

    private static func json(_ event: AuditEvent) -> JSON {
        [
            "id": .integer(event.id), "at": event.at.json, "actor": .string(event.actor),
            "origin": .string(event.origin), "address": event.address.map { .string($0) } ?? .null,
            "requestId": .string(event.requestID), "action": .string(event.action),
            "subject": .string(event.subject), "details": event.details,
        ]
    }
}

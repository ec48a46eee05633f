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
        let limit = try Self.number(call, "maxResults", in: 1...100) ?? 100
        let before = try Self.number(call, "nextToken", in: 1...Int64.max)
        let events = try await database.transaction { transaction throws(StoreError) in
            try transaction.auditList(context, before: before, limit: Int(limit))
        }
        var members: [JSON.Member] = [.init("events", .array(events.map(Self.json)))]
        if events.count == limit, let last = events.last {
            members.append(.init("nextToken", .string(String(last.id))))
        }
        return Reply(.object(members))
    }

    private static func number(
        _ call: Call,
        _ name: StaticString,
        in range: ClosedRange<Int64>
    ) throws(APIError) -> Int64? {
        guard let text = call.request.query(name) else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw .validation(
                "\(name) is \"\(text.prefix(100))\": a whole number from \(range.lowerBound) "
                    + "to \(range.upperBound) is accepted."
            )
        }
        return number
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

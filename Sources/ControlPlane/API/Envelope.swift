import Base
import HTTPServer

/// FIS's shape of an error, and the one place that makes it.
enum Envelope {
    static func body(_ error: APIError, _ id: RequestID) -> [UInt8] {
        var members: [JSON.Member] = [
            .init("__type", .string(error.code.rawValue)),
            .init("message", .string(error.shownMessage)),
            .init("requestId", .string(id.description)),
        ]
        if !error.problems.isEmpty {
            members.append(.init("problems", .array(error.problems.map { .string($0) })))
        }
        return JSON.object(members).encoded
    }

    static func headers(_ error: APIError) -> [(name: StaticString, value: String)] {
        var headers: [(name: StaticString, value: String)] = [
            ("Content-Type", "application/json"), ("x-amzn-ErrorType", error.code.rawValue),
        ]
        if let allowed = error.allowed {
            headers.append(("Allow", allowed.map(\.rawValue).joined(separator: ", ")))
        }
        if let seconds = error.retryAfter { headers.append(("Retry-After", String(seconds))) }
        return headers
    }

    static func write(_ error: APIError, _ id: RequestID, _ writer: inout ResponseWriter) {
        writer.start(error.status)
        for (name, value) in headers(error) { writer.header(name, text: value) }
        writer.finish(body: body(error, id))
    }

    static func response(_ error: APIError, _ id: RequestID) -> Response {
        Response(error.status, headers: headers(error), body: .whole(body(error, id)))
    }
}

extension JSON {
    /// An answer of one member, beside which warnings stand where there are any.
    static func withWarnings(_ warnings: [String], _ name: String, _ value: JSON) -> JSON {
        var members = [Member(name, value)]
        if !warnings.isEmpty { members.append(Member("warnings", .array(warnings.map { .string($0) }))) }
        return .object(members)
    }
}

import Base
import HTTPServer

/// One status of errors, described once for all routes.
struct ErrorAnswer {
    let status: Status

    static let all =
        [
            Status.badRequest, .paymentRequired, .forbidden, .notFound, .conflict, .contentTooLarge,
            .uriTooLong, .tooManyRequests, .headersTooLarge, .internalError, .unavailable,
        ]
        .map(ErrorAnswer.init)

    var name: String { "Error\(status.code)" }

    var reference: JSON { ["$ref": .string("#/components/responses/\(name)")] }

    var json: JSON {
        var headers = ["x-amzn-RequestId", "x-amzn-ErrorType"]
        if status == .tooManyRequests || status == .unavailable { headers.append("Retry-After") }
        return [
            "description": .string(codes.map(\.rawValue).joined(separator: ", ") + "."),
            "headers": ResponseHeader.references(headers),
            "content": ["application/json": ["schema": Schema.named("Error").json]],
        ]
    }

    private var codes: [ErrorCode] {
        // These two keep to a path that leads nowhere or is not taken, which no operation describes.
        let elsewhere: [ErrorCode] = [.unknownOperation, .methodNotAllowed]
        let codes = ErrorCode.allCases.filter { $0.status == status && !elsewhere.contains($0) }
        return codes.isEmpty ? [.malformedRequest] : codes
    }
}

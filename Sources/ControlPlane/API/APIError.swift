package import Base
package import HTTPServer

/// Why a request is not done: one text for the caller and one for the log, which cannot be mixed up.
package struct APIError: Error, Sendable {
    /// What only the log is told.
    package struct Detail: LogValue {
        package let logged: JSON
        package init(_ value: some LogValue) { logged = value.logged }
    }

    package let code: ErrorCode
    package let message: String
    package var detail: Detail?
    /// Seconds after which asking again may help.
    package var retryAfter: Int?
    /// The methods that the path has, where the one asked for is not among them.
    package var allowed: [Method]?
    /// All that is wrong with the request, where the message cannot hold it.
    package var problems: [String] = []
    /// Another status than the code's own, for what HTTP itself distinguishes.
    var exactStatus: Status?

    package init(_ code: ErrorCode, _ message: String, detail: Detail? = nil, retryAfter: Int? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
        self.retryAfter = retryAfter
    }

    package var status: Status { exactStatus ?? code.status }
}

extension APIError {
    package static func notFound(_ what: String) -> APIError { APIError(.notFound, what) }

    package static func validation(_ message: String) -> APIError { APIError(.validation, message) }

    /// The one answer to a path that leads nowhere; whoever is not known is not told even that.
    static func unknownPath(_ request: Request) -> APIError {
        APIError(.unknownOperation, "There is nothing at \(request.methodName) \(request.printablePath).")
    }

    static func methodNotAllowed(_ request: Request, _ allowed: [Method]) -> APIError {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        var error = APIError(
            .methodNotAllowed,
            "\(request.printablePath) does not take \(request.methodName), only \(names)."
        )
        error.allowed = allowed
        return error
    }

    static func malformed(_ failure: ParseFailure) -> APIError {
        var error = APIError(.malformedRequest, failure.message)
        error.exactStatus = failure.status
        return error
    }
}

extension Request {
    /// The path for a message: what is long is cut, and a token in it is left out.
    var printablePath: String {
        let path = rawPath
        if path.hasPrefix("/t/") { return "/t/..." }
        return path.utf8.count <= 200 ? path : String(path.prefix(200)) + "..."
    }
}

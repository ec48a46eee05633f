import Base
import HTTPServer
import TestSupport
import Testing

@testable import ControlPlane

/// Each error code, from a request that gets it.
@Suite(.timeLimit(.minutes(10))) struct ErrorCodeTests {
    /// Codes that no route gives yet; this list may only shrink.
    private static let unused: [ErrorCode] = []
    /// Codes of a node in trouble or a caller in a hurry, which `TroubleTests` and `PacingTests` ask for.
    private static let elsewhere: [ErrorCode] = [.unavailable, .throttling]

    @Test func `every error code is given by some request`() async throws {
        try await withPlane(extraRoutes: [Self.failing]) {
            $0.quotas.templates = 0
        } _: { plane in
            let admin = try plane.admin
            let viewer = try plane.key(.viewer)
            var twoHosts = Ask("GET", "/healthz")
            twoHosts.headers = ["Host: twice"]
            func reading(_ body: String) -> Ask {
                var ask = Ask("POST", "/", as: admin.bearer)
                ask.body = Array(body.utf8)
                ask.headers = ["X-Amz-Target: AmazonSSM.GetParameter"]
                return ask
            }
            let asks: [(ErrorCode, Ask)] = [
                (.validation, Ask("POST", "/v1/keys", as: admin.bearer, [:])),
                (.notFound, Ask("DELETE", "/v1/keys/none", as: admin.bearer)),
                (
                    .conflict,
                    Ask("POST", "/v1/accounts", as: admin.bearer, ["id": "000000000000", "name": "x"])
                ),
                (.quotaExceeded, Ask("POST", "/experimentTemplates", as: admin.bearer, Sample.template())),
                (.accessDenied, Ask("GET", "/v1/keys", as: viewer.bearer)),
                (.missingToken, Ask("GET", "/v1/keys")),
                (.incompleteSignature, Ask("GET", "/v1/keys", as: .header("Digest x"))),
                (.unrecognizedClient, Ask("GET", "/v1/keys", as: .bearer("FPAAAAAAAAAAAAAAAAAA.x"))),
                (.invalidSignature, Ask("GET", "/v1/keys", as: .signature(id: admin.id, secret: "wrong"))),
                (.unknownOperation, Ask("GET", "/none", as: admin.bearer)),
                (.methodNotAllowed, Ask("PUT", "/v1/keys", as: admin.bearer)),
                (.internalFailure, Ask("GET", "/test/failing", as: admin.bearer)),
                (.malformedRequest, twoHosts), (.parameterNotFound, reading(#"{"Name": "/none"}"#)),
                (.serialization, reading("[]")),
            ]
            for (code, ask) in asks {
                let answer = try plane.ask(ask)
                #expect(answer.code == code.rawValue, "\(answer.text)")
            }
            let known = Set(asks.map(\.0) + Self.unused + Self.elsewhere)
            #expect(known == Set(ErrorCode.allCases))
        }
    }

    @Test func `a method that a path does not take is told those it takes`() async throws {
        try await withPlane { plane in
            let answer = try plane.ask(Ask("PUT", "/v1/keys", as: plane.admin.signature))
            let told = "/v1/keys does not take PUT, only GET, POST, HEAD."
            #expect(answer.failure == .init(405, "MethodNotAllowedException", told))
            #expect(answer.headers["allow"] == "GET, POST, HEAD")
        }
    }

    @Test func `what only the log is told stays there`() async throws {
        try await withPlane(extraRoutes: [Self.failing]) { plane in
            let answer = try plane.ask(Ask("GET", "/test/failing", as: plane.admin.bearer))
            #expect(answer.failure == .init(500, "InternalFailure", "This always fails."))
            let lines = plane.log.all.filter { $0.contains(#""msg":"request refused""#) }
            #expect(lines.count == 1)
            #expect(lines.first?.contains(answer.requestID) == true)
            #expect(lines.first?.contains("for the log alone") == true)
        }
    }

    @Test func `a path token in a path that leads nowhere is not said back`() async throws {
        try await withPlane { plane in
            let agent = try plane.key(.agent)
            let path = "/t/\(agent.id).\(agent.secret)/nowhere"
            let answer = try plane.ask(Ask("GET", path, as: plane.admin.bearer))
            #expect(
                answer.failure == .init(404, "UnknownOperationException", "There is nothing at GET /t/....")
            )
        }
    }

    private static let failing = Route(
        .get,
        "/test/failing",
        "Failing",
        .anyCaller,
        .task { (_: Call) async throws(APIError) -> Reply in
            throw APIError(.internalFailure, "This always fails.", detail: .init("for the log alone"))
        }
    )
}

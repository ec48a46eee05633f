import Base
import HTTPServer
import TestSupport
import Testing

@testable import ControlPlane

/// How often one key may ask.
@Suite(.timeLimit(.minutes(10))) struct PacingTests {
    /// A node whose clock stands still, so that no allowance comes back while the test runs.
    private func withStillPlane(_ body: @Sendable (Plane) async throws -> Void) async throws {
        try await withDatabaseURL { _, url in
            let now = Instant.now
            let clock = Base.Clock(now: { now }, wall: { Timestamp.now })
            let plane = try Plane(url: url, clock: clock, extraRoutes: [Self.halt, Self.poll])
            try await plane.run {
                try await plane.boot()
                try await body(plane)
            }
        }
    }

    private static let halt = Route(
        .post,
        "/test/halt",
        "Halt",
        .anyCaller,
        pace: .unlimited,
        .task { (_: Call) async throws(APIError) -> Reply in Reply(["halted": true]) }
    )

    private static let poll = Route(
        .get,
        "/test/poll",
        "Poll",
        .anyCaller,
        pace: .instance,
        .immediate { _, _, writer in
            writer.start(.noContent)
            writer.finish()
            return .written
        }
    )

    @Test func `an instance that asks too often is slowed down, and its neighbours are not`() async throws {
        try await withStillPlane { plane in
            let (key, other) = (try plane.key(.viewer), try plane.key(.viewer))
            let ask = Ask("GET", "/test/poll?wait=20&instance=i-1", as: key.bearer)
            for _ in 0..<40 { #expect(try plane.ask(ask).status == 204) }
            let refused = try plane.ask(ask)
            #expect(
                refused.failure
                    == .init(
                        429,
                        "ThrottlingException",
                        "This instance asks more often than 20 times a second (40 at once are fine). "
                            + "Stopping and halting are never refused for this."
                    )
            )
            #expect(refused.headers["retry-after"] != nil)
            let neighbour = Ask("GET", "/test/poll?instance=i-2&wait=20", as: key.bearer)
            #expect(try plane.ask(neighbour).status == 204)
            #expect(try plane.ask(Ask("GET", "/test/poll?instance=i-1", as: other.bearer)).status == 204)
            #expect(try plane.ask(Ask("GET", "/v1/whoami", as: key.bearer)).status == 200)
            for _ in 0..<40 { _ = try plane.ask(Ask("GET", "/test/poll", as: key.bearer)) }
            #expect(
                try plane.ask(Ask("GET", "/test/poll", as: key.bearer)).status == 429,
                "unnamed ones share"
            )
        }
    }

    @Test func `who reports with a key in the path has an allowance too`() async throws {
        try await withStillPlane { plane in
            let key = try plane.key(.agent, targets: "*")
            func report(_ instance: String, by token: String) throws -> Answer {
                let path = "/t/\(token)/v1/telemetry?instance=\(instance)"
                let body: JSON = ["reports": [["target": "a", "instance": "i-1", "sequence": 1]]]
                return try plane.ask(Ask("POST", path, as: .nothing, body))
            }
            let token = "\(key.id).\(key.secret)"
            for _ in 0..<50 { #expect(try report("i-1", by: "\(key.id).guess").status == 403) }
            for _ in 0..<40 { #expect(try report("i-1", by: token).status == 200) }
            let refused = try report("i-1", by: token)
            #expect(refused.status == 429 && refused.headers["retry-after"] != nil, "\(refused.text)")
            #expect(try report("i-2", by: token).status == 200)
        }
    }

    @Test func `a key that asks too often is told when to come back, and no other pays for it`() async throws
    {
        try await withStillPlane { plane in
            let key = try plane.key(.viewer)
            let ask = Ask("GET", "/v1/whoami", as: key.bearer)
            for _ in 0..<400 { #expect(try plane.ask(ask).status == 200) }
            let refused = try plane.ask(ask)
            #expect(
                refused.failure
                    == .init(
                        429,
                        "ThrottlingException",
                        "This key asks more often than 200 times a second (400 at once are fine). "
                            + "Stopping and halting are never refused for this."
                    )
            )
            #expect(refused.headers["retry-after"].flatMap { Int($0) }.map { (1...10).contains($0) } == true)
            #expect(
                try plane.ask(Ask("GET", "/v1/keys", as: key.bearer)).status == 429,
                "before the role is looked at"
            )
            #expect(try plane.ask(Ask("POST", "/test/halt", as: key.bearer, [:])).status == 200)
            #expect(try plane.ask(Ask("GET", "/healthz", as: key.bearer)).status == 200)
            #expect(try plane.ask(Ask("GET", "/v1/whoami", as: plane.admin.bearer)).status == 200)
            #expect(try plane.askControl(Ask("GET", "/v1/whoami")).status == 200)
        }
    }

    @Test func `whoever only names a key uses up nothing of it`() async throws {
        try await withStillPlane { plane in
            let key = try plane.key(.viewer)
            for number in 0..<500 {
                let guess = Ask.Proof.bearer("\(key.id).guess\(number)")
                #expect(try plane.ask(Ask("GET", "/v1/whoami", as: guess)).status == 403)
            }
            #expect(try plane.ask(Ask("GET", "/v1/whoami", as: key.bearer)).status == 200)
        }
    }
}

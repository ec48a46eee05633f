import Base
import HTTPServer
import TestSupport
import Testing

@testable import ControlPlane

/// Every route against every kind of caller.
@Suite(.timeLimit(.minutes(10))) struct AuthorizationTests {
    @Test func `the table has every route that there is, and no other`() async throws {
        try await withPlane { plane in
            let routes = plane.node.routes.map { "\($0.method.rawValue) \($0.path) \($0.name)" }
            let table = AuthorizationRow.all.map { row in
                let path = row.path.replacing("{key}", with: "{keyId}")
                return "\(row.method) \(path) \(row.name)"
            }
            #expect(table.sorted() == routes.sorted())
        }
    }

    @Test func `each role gets exactly what the table says, by token and by signature`() async throws {
        try await withPlane { plane in
            let callers = try Callers(plane)
            for row in AuthorizationRow.all {
                for caller in KnownCaller.allCases {
                    guard let key = callers.keys[caller] else { continue }
                    for proof in [key.bearer, key.signature] {
                        var ask = try row.filledIn(callers, of: caller).ask
                        ask.proof = proof
                        let answer = try plane.ask(ask)
                        #expect(answer.failure == row.refusal(of: caller), "\(row.name) as \(caller)")
                        if answer.failure == nil { #expect(answer.status == 200, "\(row.name) as \(caller)") }
                    }
                }
            }
        }
    }

    @Test func `whoever is not known gets the same 403 for every route and for what is none`() async throws {
        try await withPlane { plane in
            let callers = try Callers(plane)
            let nowhere = [
                Ask("GET", "/"), Ask("GET", "/v1/nothing"), Ask("PATCH", "/v1/keys"),
                Ask("GET", "/v1/keys/x/y"),
                Ask("POST", "/healthz"), Ask("BREW", "/v1/whoami"), Ask("GET", "/v1/whoami?a=1"),
            ]
            let protected = AuthorizationRow.all.filter { $0.may != nil }.map(\.ask) + nowhere
            for caller in UnknownCaller.all(
                admin: try plane.admin,
                revoked: callers.revoked,
                stranger: callers.stranger
            ) {
                for ask in protected {
                    var ask = ask
                    ask.proof = caller.proof
                    let answer = try plane.ask(ask)
                    let told = answer.failure
                    #expect(
                        told?.status == 403 && told?.code == caller.code,
                        "\(caller.name): \(answer.text)"
                    )
                    #expect(told?.message.hasPrefix(caller.message) == true, "\(caller.name): \(answer.text)")
                    let rest = told?.message.dropFirst(caller.message.count) ?? ""
                    let own = "\(ask.method), a path of \(ask.path.prefix { $0 != "?" }.utf8.count) bytes, "
                    #expect(rest.isEmpty || rest.hasPrefix(own), "\(caller.name): \(rest)")
                }
            }
        }
    }

    @Test func `what is for anybody answers anybody, whatever the credential`() async throws {
        try await withPlane { plane in
            let callers = try Callers(plane)
            let unknown = UnknownCaller.all(
                admin: try plane.admin,
                revoked: callers.revoked,
                stranger: callers.stranger
            )
            for path in ["/healthz", "/readyz", "/openapi.json"] {
                for proof in unknown.map(\.proof) + callers.keys.values.map(\.bearer) {
                    #expect(try plane.ask(Ask("GET", path, as: proof)).status == 200)
                }
            }
        }
    }

    @Test func `the control socket needs no key and may do everything`() async throws {
        try await withPlane { plane in
            let callers = try Callers(plane)
            for row in AuthorizationRow.all {
                let answer = try plane.askControl(try row.filledIn(callers, of: .admin).ask)
                #expect(answer.failure == (row.isByToken ? nil : row.told), "\(row.name): \(answer.text)")
            }
            let garbage = try plane.askControl(Ask("GET", "/v1/whoami", as: .bearer("nonsense")))
            #expect(garbage.text == #"{"account":"000000000000","role":"admin","keyId":null}"#)
        }
    }

    @Test func `without authentication everybody is the first account's admin`() async throws {
        try await withPlane {
            $0.isOpen = true
        } _: { plane in
            let callers = try Callers(plane)
            for row in AuthorizationRow.all {
                let answer = try plane.ask(try row.filledIn(callers, of: .admin).ask)
                #expect(answer.failure == (row.isByToken ? nil : row.told), "\(row.name): \(answer.text)")
            }
            #expect(try plane.ask(Ask("GET", "/v1/none")).failure?.code == "UnknownOperationException")
        }
    }
}

extension ControlPlane.Node {
    /// The API's own routes, as a node puts them together.
    var routes: [Route] {
        RouteTable(
            identities: identities,
            experiments: experiments,
            authenticator: Authenticator(
                keys: identities.keys,
                firstAccount: options.account,
                isOpen: options.isOpen,
                clock: clock
            ),
            state: state,
            metrics: MetricsSource(state: state, database: identities.database),
            quotas: options.quotas,
            maxWait: options.maxWait
        ).all
    }
}

/// A key of each kind on one plane.
struct Callers {
    let plane: Plane
    let keys: [KnownCaller: Plane.Key]
    let revoked: Plane.Key
    let stranger = Plane.Key(id: "FPAAAAAAAAAAAAAAAAAA", secret: String(repeating: "a", count: 40))

    init(_ plane: Plane) throws {
        self.plane = plane
        let other = try plane.account("222222222222")
        var keys: [KnownCaller: Plane.Key] = [:]
        for caller in KnownCaller.allCases {
            keys[caller] = try plane.key(caller.role, account: caller.isOfFirstAccount ? nil : other)
        }
        self.keys = keys
        revoked = try plane.key(.admin)
        #expect(try plane.askControl(Ask("DELETE", "/v1/keys/\(revoked.id)")).status == 200)
    }
}

extension AuthorizationRow {
    /// With resources that are the caller's own account's, and an account that does not exist yet.
    func filledIn(_ callers: Callers, of caller: KnownCaller) throws -> AuthorizationRow {
        var path = try filledPath(callers, of: caller)
        if path.contains("{key}") {
            let account = caller.isOfFirstAccount ? nil : AccountID("222222222222")
            path = path.replacing("{key}", with: try callers.plane.key(.viewer, account: account).id)
        }
        let fresh = String((0..<12).map { _ in "0123456789".randomElement() ?? "0" })
        let needsTemplate = body?["experimentTemplateId"] != nil
        let template =
            needsTemplate
            ? try callers.plane.template(as: callers.editor(for: caller)) : "none"
        let body = body.map { body in
            String(decoding: body.encoded, as: UTF8.self).replacing("{account}", with: fresh)
                .replacing("{fresh}", with: Sample.fresh())
                .replacing("{template}", with: template)
        }
        return AuthorizationRow(
            name: name,
            method: method,
            path: path,
            body: try body.map { try JSON(parsing: Array($0.utf8)) },
            permission: permission,
            may: may,
            told: told
        )
    }

    /// What the caller is told; nil where it is let in.
    func refusal(of caller: KnownCaller) -> Answer.Failure? {
        if let told { return told }
        guard let may, !may.contains(caller) else { return nil }
        let denied = "AccessDeniedException"
        if caller.role == .admin {
            let text = "Only an admin of the deployment's first account may do this"
            return .init(403, denied, "\(text) (\(permission ?? "")).")
        }
        return .init(403, denied, "The key's role, \(caller.role), does not allow \(permission ?? "").")
    }
}

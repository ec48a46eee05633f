package import Base
import HTTPServer

/// Finds out who asks, in two steps: by the head alone, then, for signed requests, by the body.
package final class Authenticator: Sendable {
    private let keys: KeyRing
    private let machineOperator: Caller
    private let firstAccount: AccountID
    /// Everybody is the first account's admin; allowed on loopback only.
    private let isOpen: Bool
    private let clock: Clock

    package init(keys: KeyRing, firstAccount: AccountID, isOpen: Bool, clock: Clock) {
        self.keys = keys
        self.firstAccount = firstAccount
        self.isOpen = isOpen
        self.clock = clock
        machineOperator = Caller(.machineOperator(for: firstAccount), paceKey: nil)
    }

    /// Refuses, by the head, whoever is not known or cannot have signed this.
    func admit(_ request: Request, _ exchange: inout Exchange) throws(APIError) {
        if isOpen || exchange.peer == .control {
            exchange.principal = machineOperator
            exchange.isAuthenticated = true
            return
        }
        guard keys.isLoaded else { throw Self.keysUnknown }
        do throws(AuthenticationFailure) {
            try identify(request, &exchange)
        } catch {
            throw APIError(error)
        }
    }

    private func identify(_ request: Request, _ exchange: inout Exchange) throws(AuthenticationFailure) {
        guard let header = request.authorization else {
            // Without the header, or with several, the signature's own check says what is wrong.
            _ = try SigV4Verifier.check(request.signedHead, in: keys.current, now: clock.wall())
            throw .missing
        }
        switch AuthorizationScheme(header.span) {
        case .bearer:
            exchange.principal = try BearerToken.verify(header: header.span, in: keys.current).caller
            exchange.isAuthenticated = true
        case .signature:
            let claim = try SigV4Verifier.check(request.signedHead, in: keys.current, now: clock.wall())
            exchange.principal = UnprovenSignature(claim)
        case .other: throw .unknownScheme
        }
    }

    /// Says for certain who asks, once the body is there.
    func prove(_ request: Request, _ exchange: inout Exchange) throws(APIError) -> Caller {
        if let caller = exchange.caller { return caller }
        guard let unproven = exchange.principal as? UnprovenSignature else {
            throw APIError(AuthenticationFailure.missing)
        }
        do throws(AuthenticationFailure) {
            let credential = try unproven.claim.verify(body: request.body)
            exchange.principal = credential.caller
            exchange.isAuthenticated = true
            return credential.caller
        } catch {
            throw APIError(error)
        }
    }

    /// Who asks on a route where nobody is refused for it: by the token in the path, where there is one, and else as everywhere.
    func known(_ request: Request, _ exchange: inout Exchange) throws(APIError) -> Caller {
        guard let token = request.captureBytes(0), !isOpen, exchange.peer != .control else {
            try admit(request, &exchange)
            return try prove(request, &exchange)
        }
        guard keys.isLoaded else { throw Self.keysUnknown }
        do throws(AuthenticationFailure) {
            let caller = try BearerToken.verify(pathToken: token.span, in: keys.current).caller
            exchange.principal = caller
            exchange.isAuthenticated = true
            return caller
        } catch {
            throw APIError(error)
        }
    }

    func require(_ permission: Permission, of principal: Principal) throws(APIError) {
        do throws(AuthenticationFailure) {
            try principal.require(permission, firstAccount: firstAccount)
        } catch {
            throw APIError(error)
        }
    }

    /// Not a refusal of the caller: nobody can be known before the keys were read once.
    private static var keysUnknown: APIError {
        APIError(
            .unavailable,
            "The keys have not been read yet, because the database has not answered since the server started. "
                + "The control socket on the machine itself needs no key.",
            retryAfter: 2
        )
    }
}

extension Request {
    /// What a signature is made over, byte by byte.
    var signedHead: SignedRequestHead {
        SignedRequestHead(method: methodName, path: pathBytes, query: queryBytes, headers: allHeaders)
    }
}

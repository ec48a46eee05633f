import Base
import Experiments
import HTTPServer
import SafetyLever
import Store

/// `/safetyLevers` as FIS has it, and `/emergency-stop`, which is the same in one call.
struct LeverRoutes: Sendable {
    let lever: EmergencyStop
    let authenticator: Authenticator
    let region: String
    let firstAccount: AccountID

    private static let id = "default"

    var all: [Route] {
        [
            Route(.get, "/safetyLevers/{leverId}", "GetSafetyLever", .holder(of: .read), .task(leverRead)),
            Route(
                .patch,
                "/safetyLevers/{leverId}/state",
                "UpdateSafetyLeverState",
                .holder(of: .engage),
                pace: .unlimited,
                .task(leverUpdate)
            ),
            Route(
                .get,
                "/emergency-stop",
                "GetEmergencyStop",
                .holder(of: .read),
                pace: .unlimited,
                .task(emergencyRead)
            ),
            Route(
                .post,
                "/emergency-stop",
                "EmergencyStop",
                .holder(of: .engage),
                pace: .unlimited,
                .task(emergencyStop)
            ),
        ]
    }

    private func leverRead(_ call: Call) async throws(APIError) -> Reply {
        try Self.requireDefault(call)
        return reply()
    }

    private func leverUpdate(_ call: Call) async throws(APIError) -> Reply {
        try Self.requireDefault(call)
        let (isEngaging, reason) = try Self.state(call)
        let context = try call.context()
        if isEngaging {
            if lever.status == .engaging { throw APIError(.refused(.leverEngaging)) }
            try await lever.engage(context, reason: reason)
        } else {
            try authenticator.require(.disengage, of: try call.caller())
            try await lever.leverDisengage(context, reason: reason)
        }
        return reply()
    }

    private static func requireDefault(_ call: Call) throws(APIError) {
        let id = call.request.capture(0) ?? ""
        if id != Self.id {
            throw .notFound("There is no safety lever \(EchoedText(id)): the only one is \(Self.id).")
        }
    }

    private static func state(_ call: Call) throws(APIError) -> (isEngaging: Bool, reason: String) {
        var body = try BodyReader(call)
        var (status, reason): (String?, String) = (nil, "")
        body.object("state", isRequired: true) { state in
            status = state.required("status", accepted: "engaged or disengaged is accepted") { text in
                ["engaged", "disengaged"].contains(text) ? text : nil
            }
            reason = state.reason()
        }
        try body.finish()
        return (status == "engaged", reason)
    }

    private func reply() -> Reply {
        let arn = ARN(fis: "safety-lever/\(Self.id)", region: region, account: firstAccount)
        return Reply([
            "safetyLever": [
                "id": .string(Self.id), "arn": .string(arn.description),
                "state": ["status": .string(lever.status.rawValue), "reason": .string(lever.reason)],
            ]
        ])
    }
}

extension LeverRoutes {
    private func emergencyStop(_ call: Call) async throws(APIError) -> Reply {
        var body = try BodyReader(call)
        let reason = body.reason()
        let scope = body.optional("scope", accepted: "deployment or account is accepted") { text in
            ["deployment", "account"].contains(text) ? text : nil
        }
        let wait = body.wait()
        try body.finish()
        let context = try call.context()
        if scope == "account" {
            let stopped = try await lever.accountStop(context).filter { $0.account == context.account }
            return Reply([
                "scope": "account",
                "experimentsStopped": HaltJSON.names(stopped.map(\.id), of: context.account, region),
            ])
        }
        let deadline = Instant.now + wait
        try await lever.engage(context, reason: reason, patience: max(wait, EmergencyStop.patience))
        return Reply(await proof(for: context, until: deadline))
    }

    private func emergencyRead(_ call: Call) async throws(APIError) -> Reply {
        Reply(await proof(for: try call.context()))
    }

    private func proof(for context: OperationContext, until deadline: Instant = .now) async -> JSON {
        let proof = await lever.proof(waitingUntil: deadline)
        return HaltJSON(proof: proof, account: context.account, region: region, now: lever.time.now).json
    }
}

extension BodyReader {
    /// Why somebody pulls the lever: everybody will read it.
    fileprivate mutating func reason() -> String {
        required("reason", accepted: "a text of 1 to 512 characters is accepted") { text in
            (1...512).contains(text.unicodeScalars.count) && !text.hasNUL ? text : nil
        } ?? ""
    }

    /// How long the answer may wait until everything has stopped.
    fileprivate mutating func wait() -> Duration {
        guard let given = member("wait") else { return .zero }
        if let seconds = given.double, (0...50).contains(seconds) { return .seconds(seconds) }
        let found = given.double.map { "\($0)" } ?? given.kind
        refuse("wait is \(found): a number of seconds from 0 to 50 is accepted")
        return .zero
    }
}

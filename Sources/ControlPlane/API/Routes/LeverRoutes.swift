import Base
import Experiments
import HTTPServer
import Store

/// `/safetyLevers` as FIS has it, and `/emergency-stop`, which is the same in one call.
struct LeverRoutes: Sendable {
    let lever: SafetyLever
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
        return reply(try await lever.leverRead())
    }

    private func leverUpdate(_ call: Call) async throws(APIError) -> Reply {
        try Self.requireDefault(call)
        let (isEngaging, reason) = try Self.state(call)
        let context = try call.context()
        if isEngaging {
            if try await lever.leverRead().state.status == "engaging" {
                throw APIError(.refused(.leverEngaging))
            }
            return reply(try await lever.leverEngage(context, reason: reason).lever)
        }
        try authenticator.require(.disengage, of: try call.caller())
        return reply(try await lever.leverDisengage(context, reason: reason))
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

    private func reply(_ lever: Lever) -> Reply {
        let arn = ARN(fis: "safety-lever/\(Self.id)", region: region, account: firstAccount)
        return Reply([
            "safetyLever": [
                "id": .string(Self.id), "arn": .string(arn.description),
                "state": ["status": .string(lever.state.status), "reason": .string(lever.reason)],
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
            let stopped = try await lever.accountStop(context)
            return Reply(["scope": "account", "experimentsStopped": try names(stopped)])
        }
        let engagement = try await lever.leverEngage(context, reason: reason)
        let left = try await lever.leverAwait(engagement.lever, atMost: wait)
        return Reply(try proof(left, engagement.stopped, for: context))
    }

    private func emergencyRead(_ call: Call) async throws(APIError) -> Reply {
        Reply(try proof(try await lever.leverRead(), [], for: try call.context()))
    }

    /// What is known of the halt; other accounts' runs are counted and not named.
    private func proof(
        _ lever: Lever,
        _ stopped: [Experiment],
        for context: OperationContext
    ) throws(APIError) -> JSON {
        let own = stopped.filter { $0.account == context.account }
        return [
            "status": .string(lever.state.status), "epoch": .integer(lever.state.epoch),
            "engagementId": lever.engagementID.map { .string($0) } ?? .null, "reason": .string(lever.reason),
            "engagedAt": lever.engagementID == nil ? .null : lever.changedAt?.json ?? .null,
            "durable": ["latch": false, "database": .bool(lever.engagementID != nil)],
            "experimentsStopped": try names(own),
            "experimentsStoppedOfOtherAccounts": .integer(Int64(stopped.count - own.count)),
        ]
    }

    private func names(_ rows: [Experiment]) throws(APIError) -> JSON {
        .array(
            rows.map {
                .string(ARN(fis: "experiment/\($0.id)", region: region, account: $0.account).description)
            }
        )
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

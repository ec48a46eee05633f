import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Who may ask for runs, their events and faults, and the lever.
extension AuthorizationRow {
    private static let starters: Set<KnownCaller> = [.operator, .admin, .otherAdmin]
    private static let engaged: JSON = ["status": "engaged", "reason": "the matrix"]

    private static let telemetry: JSON = [
        "reports": [["target": "checkout-1", "instance": "i-1", "sequence": 1, "invocations": 1]]
    ]

    /// The lever's rows come last: what is started afterwards is cancelled.
    static let experiments: [AuthorizationRow] = [
        .init(
            name: "StartExperiment",
            method: "POST",
            path: "/experiments",
            body: ["clientToken": "{fresh}", "experimentTemplateId": "{template}"],
            permission: "start",
            may: starters
        ),
        reading("ListExperiments", "/experiments"),
        reading("GetExperiment", "/experiments/{experimentId}"),
        .init(
            name: "StopExperiment",
            method: "DELETE",
            path: "/experiments/{experimentId}",
            permission: "stop",
            may: starters
        ),
        reading("ListExperimentResolvedTargets", "/experiments/{experimentId}/resolvedTargets"),
        reading(
            "ListExperimentTargetAccountConfigurations",
            "/experiments/{experimentId}/targetAccountConfigurations"
        ),
        reading(
            "GetExperimentTargetAccountConfiguration",
            "/experiments/{experimentId}/targetAccountConfigurations/{accountId}"
        ),
        reading("ListExperimentEvents", "/experiments/{experimentId}/events"),
        reading("GetExperimentLog", "/experiments/{experimentId}/log"),
        reading("ListExperimentGuards", "/experiments/{experimentId}/guards"),
        reading("GetExperimentCoverage", "/experiments/{experimentId}/coverage"),
        .init(
            name: "AcknowledgeFaults",
            method: "POST",
            path: "/v1/faults/{target}/acks",
            body: ["instance": "i-1", "version": 1, "status": "rejected", "reason": "too much"],
            permission: "poll",
            may: [.agent, .admin, .otherAdmin]
        ),
        .init(
            name: "PollFaults",
            method: "GET",
            path: "/v1/faults/{target}",
            permission: "poll",
            may: [.agent, .admin, .otherAdmin]
        ),
        .init(
            name: "ReportTelemetry",
            method: "POST",
            path: "/v1/telemetry",
            body: telemetry,
            permission: "report",
            may: [.agent, .admin, .otherAdmin]
        ),
        .init(
            name: "ReportTelemetryByToken",
            method: "POST",
            path: "/t/{token}/v1/telemetry",
            body: telemetry,
            may: nil,
            told: .init(
                403,
                "UnrecognizedClientException",
                "The key FPAAAAAAAAAAAAAAAAAA is not known, was revoked, or does not have this secret."
            ),
            isByToken: true
        ),
        reading("GetTelemetry", "/v1/telemetry"),
        reading("GetSafetyLever", "/safetyLevers/{leverId}"),
        reading("GetEmergencyStop", "/emergency-stop"),
        .init(
            name: "EmergencyStop",
            method: "POST",
            path: "/emergency-stop",
            body: ["reason": "the matrix"],
            permission: "engage",
            may: starters
        ),
        .init(
            name: "UpdateSafetyLeverState",
            method: "PATCH",
            path: "/safetyLevers/{leverId}/state",
            body: ["state": engaged],
            permission: "engage",
            may: starters
        ),
    ]

    /// The path with something of the caller's own account in the place of each parameter of a run or the lever.
    func filledRunPath(_ path: String, _ callers: Callers, of caller: KnownCaller) throws -> String {
        let plane = callers.plane
        var filled = path.replacing("{target}/", with: "checkout-1/")
            .replacing("{target}", with: "checkout-1?instance=i-1")
        if name == "GetTelemetry" { filled += "?target=checkout" }
        if filled.contains("{leverId}") {
            filled = filled.replacing("{leverId}", with: "default")
            try settleLever(plane)
        }
        guard filled.contains("{experimentId}") else { return filled }
        let editor = callers.editor(for: caller)
        let template = try plane.template(
            Sample.template(token: Sample.fresh(), [Sample.forSeveralAccounts]),
            as: editor
        )
        let configuration = "/experimentTemplates/\(template)/targetAccountConfigurations/111111111111"
        _ = try plane.ask(Ask("POST", configuration, as: editor, ["roleArn": .string(Sample.role)]))
        let start: JSON = ["clientToken": .string(Sample.fresh()), "experimentTemplateId": .string(template)]
        let started = try plane.ask(Ask("POST", "/experiments", as: editor, start))
        let id = try #require(started.json?["experiment"]?["id"]?.text, "\(started.text)")
        return filled.replacing("{experimentId}", with: id).replacing("{accountId}", with: "111111111111")
    }

    /// While the lever is engaging, it takes nothing.
    private func settleLever(_ plane: Plane) throws {
        let deadline = Instant.now + .seconds(20)
        let status = {
            try plane.askControl(Ask("GET", "/safetyLevers/default")).json?["safetyLever"]?["state"]?[
                "status"
            ]?.text
        }
        while try status() == "engaging" { try #require(Instant.now < deadline, "the lever stays engaging") }
    }
}

extension Callers {
    /// Somebody who may make things in the caller's account.
    func editor(for caller: KnownCaller) -> Ask.Proof {
        keys[caller.isOfFirstAccount ? .admin : .otherAdmin]?.bearer ?? .nothing
    }
}

import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Who may ask for templates, their configurations, tags, the catalogue and targets.
extension AuthorizationRow {
    private static let readers: Set<KnownCaller> = [
        .viewer, .editor, .operator, .admin, .otherAdmin, .otherViewer,
    ]
    private static let editors: Set<KnownCaller> = [.editor, .admin, .otherAdmin]

    static let registry: [AuthorizationRow] = [
        reading("ListActions", "/actions"),
        reading("GetAction", "/actions/{actionId}"),
        reading("ListTargetResourceTypes", "/targetResourceTypes"),
        reading("GetTargetResourceType", "/targetResourceTypes/{resourceType}"),
        editing(
            "CreateExperimentTemplate",
            "POST",
            "/experimentTemplates",
            Sample.template(token: "{fresh}")
        ),
        reading("ListExperimentTemplates", "/experimentTemplates"),
        reading("GetExperimentTemplate", "/experimentTemplates/{templateId}"),
        editing(
            "UpdateExperimentTemplate",
            "PATCH",
            "/experimentTemplates/{templateId}",
            ["description": "another"]
        ),
        editing("DeleteExperimentTemplate", "DELETE", "/experimentTemplates/{templateId}"),
        reading("GetHypothesis", hypothesisPath),
        editing("PutHypothesis", "PUT", hypothesisPath, hypothesis),
        editing("DeleteHypothesis", "DELETE", hypothesisPath),
        editing("CreateTargetAccountConfiguration", "POST", configuration, ["roleArn": .string(Sample.role)]),
        reading("GetTargetAccountConfiguration", configuration),
        editing("UpdateTargetAccountConfiguration", "PATCH", configuration, ["description": "another"]),
        editing("DeleteTargetAccountConfiguration", "DELETE", configuration),
        reading(
            "ListTargetAccountConfigurations",
            "/experimentTemplates/{templateId}/targetAccountConfigurations"
        ),
        editing("TagResource", "POST", "/tags/{resourceArn}", ["tags": ["a": "b"]]),
        editing("UntagResource", "DELETE", "/tags/{resourceArn}"),
        reading("ListTagsForResource", "/tags/{resourceArn}"),
        reading("ListTargets", "/v1/targets"),
        reading("GetTarget", "/v1/targets/{arn}"),
        editing("PutTarget", "PUT", "/v1/targets/{arn}", target),
        editing("DeleteTarget", "DELETE", "/v1/targets/{arn}"),
        reading("ListBindings", "/v1/bindings"),
        reading("GetBinding", "/v1/bindings/{name}"),
        editing("PutBinding", "PUT", "/v1/bindings/{name}", binding),
        editing("DeleteBinding", "DELETE", "/v1/bindings/{name}"),
        reading("ListAlarms", "/v1/alarms"),
        reading("GetAlarm", "/v1/alarms/{alarmName}"),
        editing("PutAlarm", "PUT", "/v1/alarms/{alarmName}", alarm),
        editing("DeleteAlarm", "DELETE", "/v1/alarms/{alarmName}"),
        editing(
            "CheckStopConditions",
            "POST",
            "/v1/stop-conditions/check",
            ["stopConditions": [["source": "none"]]]
        ),
        editing("ReceiveAlerts", "POST", "/v1/alertmanager", ["version": "4", "alerts": []]),
    ]

    private static let configuration =
        "/experimentTemplates/{templateId}/targetAccountConfigurations/{accountId}"
    private static let hypothesisPath = "/v1/templates/{templateId}/hypothesis"
    private static let hypothesis: JSON = [
        "probes": [["name": "up", "source": "prometheus", "value": "up == 0"]]
    ]
    private static let binding: JSON = ["target": "checkout", "dialect": "chaos_lambda"]
    private static let alarm: JSON = ["state": "OK"]
    private static let target: JSON = ["resourceType": "aws:lambda:function"]

    static func reading(_ name: String, _ path: String) -> AuthorizationRow {
        .init(name: name, method: "GET", path: path, permission: "read", may: readers)
    }

    private static func editing(
        _ name: String,
        _ method: String,
        _ path: String,
        _ body: JSON? = nil
    ) -> AuthorizationRow {
        .init(name: name, method: method, path: path, body: body, permission: "edit", may: editors)
    }

    /// The path with something of the caller's own account in the place of each parameter.
    func filledPath(_ callers: Callers, of caller: KnownCaller) throws -> String {
        let plane = callers.plane
        let editor = callers.editor(for: caller)
        let account = caller.isOfFirstAccount ? "000000000000" : "222222222222"
        var filled = try filledRunPath(path, callers, of: caller)
            .replacing("{actionId}", with: Sample.encoded("aws:fis:wait"))
            .replacing("{resourceType}", with: Sample.encoded("aws:lambda:function"))
        if filled.contains("{arn}") {
            filled = filled.replacing("{arn}", with: Sample.fresh())
            _ = try plane.ask(Ask("PUT", filled, as: editor, Self.target))
        }
        filled = filled.replacing("{token}", with: "FPAAAAAAAAAAAAAAAAAA.x")
        if filled.contains("{name}") {
            filled = filled.replacing("{name}", with: Sample.fresh())
            _ = try plane.ask(Ask("PUT", filled, as: editor, Self.binding))
        }
        if filled.contains("{alarmName}") {
            filled = filled.replacing("{alarmName}", with: Sample.fresh())
            _ = try plane.ask(Ask("PUT", filled, as: editor, Self.alarm))
        }
        guard filled.contains("{templateId}") || filled.contains("{resourceArn}") else { return filled }
        let body = Sample.template(token: Sample.fresh(), [Sample.forSeveralAccounts])
        let template = try plane.template(body, as: editor)
        let arn = "arn:aws:fis:us-east-1:\(account):experiment-template/\(template)"
        filled = filled.replacing("{templateId}", with: template)
            .replacing("{resourceArn}", with: Sample.encoded(arn))
        if path == Self.hypothesisPath { _ = try plane.ask(Ask("PUT", filled, as: editor, Self.hypothesis)) }
        if filled.contains("{accountId}") {
            filled = filled.replacing("{accountId}", with: "111111111111")
            if name != "CreateTargetAccountConfiguration" {
                _ = try plane.ask(Ask("POST", filled, as: editor, ["roleArn": .string(Sample.role)]))
            }
        }
        return filled
    }
}

import Base
import Experiments
import Testing

/// A template's JSON with some of its members changed, for tables of what is accepted and what is refused.
struct Draft: Sendable {
    var json: JSON

    static let function = "arn:aws:lambda:us-east-1:000000000000:function:checkout"
    static let role = "arn:aws:iam::000000000000:role/chaos"
    static let alarm = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors"

    /// One target, and two actions of which one follows the other.
    static let small = Draft(
        json: [
            "description": "Slow the checkout",
            "targets": [
                "Checkout": [
                    "resourceType": "aws:lambda:function", "resourceArns": [.string(function)],
                    "selectionMode": "ALL",
                ]
            ],
            "actions": [
                "Wait": ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"]],
                "Delay": [
                    "actionId": "aws:lambda:invocation-add-delay",
                    "parameters": ["duration": "PT5M", "startupDelayMilliseconds": "2000"],
                    "targets": ["Functions": "Checkout"],
                    "startAfter": ["Wait"],
                ],
            ],
            "stopConditions": [["source": "none"]],
            "roleArn": .string(role),
        ]
    )

    /// Every member that there is.
    static let full = small.with([
        .set(
            "targets.Tasks",
            [
                "resourceType": "aws:ecs:task",
                "resourceTags": ["team": "shop", "aws:ecs:serviceName": ""],
                "filters": [["path": "LastStatus", "values": ["RUNNING", "PENDING"]]],
                "selectionMode": "PERCENT(50)",
                "parameters": ["cluster": "shop"],
            ]
        ),
        .set("targets.Checkout.selectionMode", "COUNT(3)"),
        .set("targets.Checkout.parameters", ["functionQualifier": "$LATEST"]),
        .set(
            "actions.Stop",
            [
                "actionId": "aws:ecs:stop-task", "description": "Stops half of the tasks",
                "targets": ["Tasks": "Tasks"],
                "startAfter": ["Wait", "Delay"],
            ]
        ),
        .set(
            "stopConditions",
            [
                ["source": "aws:cloudwatch:alarm", "value": .string(alarm)],
                ["source": "alarm", "value": "alarm:checkout      ", "for": "PT30S"],
                [
                    "source": "prometheus", "value": "checkout_errors > 5 ",
                    "requires": "up{job=\"checkout\"}",
                    "breaches": 2, "of": 3,
                ],
            ]
        ),
        .set("tags", ["team": "shop", "empty": ""]),
        .set(
            "logConfiguration",
            [
                "cloudWatchLogsConfiguration": [
                    "logGroupArn": "arn:aws:logs:us-east-1:000000000000:log-group:chaos:*"
                ],
                "s3Configuration": ["bucketName": "chaos-logs", "prefix": "runs"],
                "logSchemaVersion": 2,
            ]
        ),
        .set(
            "experimentOptions",
            [
                "accountTargeting": "multi-account", "emptyTargetResolutionMode": "skip",
                "overlapPolicy": "queue", "queueTimeout": "PT1H",
            ]
        ),
        .set(
            "experimentReportConfiguration",
            [
                "outputs": ["s3Configuration": ["bucketName": "chaos-reports", "prefix": "runs"]],
                "dataSources": [
                    "cloudWatchDashboards": [
                        ["dashboardIdentifier": "arn:aws:cloudwatch::000000000000:dashboard/shop"]
                    ]
                ],
                "preExperimentDuration": "PT20M",
                "postExperimentDuration": "PT0.5S",
            ]
        ),
        .set(
            "steadyStateHypothesis",
            [
                "title": "The checkout answers",
                "probes": [
                    [
                        "name": "queue length", "source": "http", "value": "http://shop.example/queue",
                        "tolerance": ["min": 0, "max": .number(12.5)], "pointer": "/queue/length",
                    ],
                    [
                        "name": "errors", "source": "telemetry",
                        "value": .string("telemetry: errorRate of \(function)"),
                        "tolerance": ["max": 1], "breaches": 2, "of": 3,
                    ],
                    [
                        "name": "is up", "source": "prometheus", "value": "up == 0", "requires": "up",
                        "for": "10s",
                    ],
                ],
                "recoveryTimeout": "PT2M",
            ]
        ),
    ])

    /// One change: a path of names and places, divided by dots.
    enum Change: Sendable {
        case set(String, JSON)
        case remove(String)
    }

    func with(_ changes: [Change]) -> Draft {
        var draft = self
        for change in changes {
            switch change {
            case .set(let path, let value):
                draft.json = changed(draft.json, path.split(separator: ".")[...], value) ?? .null
            case .remove(let path):
                draft.json = changed(draft.json, path.split(separator: ".")[...], nil) ?? .null
            }
        }
        return draft
    }

    private func changed(_ json: JSON, _ path: ArraySlice<Substring>, _ value: JSON?) -> JSON? {
        guard let step = path.first else { return value }
        if case .array(var elements) = json, let place = Int(step), elements.indices.contains(place) {
            let new = changed(elements[place], path.dropFirst(), value)
            if let new { elements[place] = new } else { elements.remove(at: place) }
            return .array(elements)
        }
        var members = json.members ?? []
        let place = members.firstIndex { $0.name == step }
        let new = changed(place.map { members[$0].value } ?? .object([]), path.dropFirst(), value)
        switch (place, new) {
        case (let place?, let new?): members[place].value = new
        case (let place?, nil): members.remove(at: place)
        case (nil, let new?): members.append(JSON.Member(String(step), new))
        case (nil, nil): break
        }
        return .object(members)
    }

    /// What is wrong with it; nothing where it is a template.
    func problems(limits: TemplateLimits = TemplateLimits(), alsoKnown: Set<String> = []) -> [String] {
        do throws(TemplateProblems) {
            _ = try ExperimentTemplate.read(json, limits: limits, alsoKnown: alsoKnown)
            return []
        } catch {
            return error.problems.map(\.message)
        }
    }

    func template() throws -> ExperimentTemplate { try ExperimentTemplate.read(json) }
}

/// A text as long as that.
func long(_ count: Int, _ letter: Character = "a") -> String { String(repeating: letter, count: count) }

import Base
import Experiments
import HTTPServer

/// `/v1/stop-conditions/check`: how conditions stand, before a run depends on them.
struct ConditionRoutes: Sendable {
    let check: ConditionCheck
    let limits: TemplateLimits
    let region: String

    /// As many conditions as a template may have fit in here.
    private static let bodyLimit = 256 << 10
    private static let mostTargets = 100

    var all: [Route] {
        [
            Route(
                .post,
                "/v1/stop-conditions/check",
                "CheckStopConditions",
                .holder(of: .edit),
                bodyLimit: Self.bodyLimit,
                .task(conditionsCheck)
            )
        ]
    }

    private func conditionsCheck(_ call: Call) async throws(APIError) -> Reply {
        let account = try call.caller().account
        let body = try BodyReader(call).json
        var (problems, targets): ([TemplateProblem], [String]?) = ([], nil)
        var conditions: [Condition] = []
        do throws(TemplateProblems) {
            targets = try self.targets(body["targets"], of: account)
        } catch {
            problems += error.problems
        }
        do throws(TemplateProblems) {
            conditions = try Condition.read(body, limits: limits, alsoKnown: ["targets"])
        } catch {
            problems += error.problems
        }
        if !problems.isEmpty { throw APIError(TemplateProblems(problems)) }
        let asked = conditions.map { ConditionInquiry($0, account, targets: targets) }
        guard let readings = await check.readings(asked, within: ConditionCheck.limit) else {
            throw APIError(
                .throttling,
                "Too many conditions are being tried at once on this node; try again.",
                retryAfter: 3
            )
        }
        return Reply([
            "conditions": .array(zip(conditions, readings).map(Self.json))
        ])
    }

    /// The targets that conditions mean that name none; nil where it is not given.
    private func targets(_ json: JSON?, of account: AccountID) throws(TemplateProblems) -> [String]? {
        guard let json, json != .null else { return nil }
        let accepted = "a list of at most \(Self.mostTargets) ARNs or names of functions is accepted"
        func problem(_ place: String, _ given: String) -> TemplateProblems {
            TemplateProblems([TemplateProblem(path: place, message: "\(place) is \(given): \(accepted)")])
        }
        guard let elements = json.elements else { throw problem("targets", json.kind) }
        if elements.count > Self.mostTargets { throw problem("targets", "\(elements.count) long") }
        var targets: [String] = []
        for (index, element) in elements.enumerated() {
            let arn = element.text.flatMap { ARN(target: $0, region: region, account: account) }
            guard let arn else {
                let given = element.text.map { "\"\(EchoedText($0))\"" } ?? element.kind
                throw problem("targets[\(index)]", given)
            }
            targets.append(arn.description)
        }
        return targets
    }

    private static func json(_ condition: Condition, _ reading: Reading) -> JSON {
        [
            "source": .string(condition.source.rawValue), "value": .string(condition.value),
            "verdict": .string(reading.finding.rawValue), "reading": .string(reading.value),
            "threshold": .string(reading.threshold),
            "latencySeconds": .number(Double(reading.latency.nanoseconds / 1_000) / 1e6),
        ]
    }
}

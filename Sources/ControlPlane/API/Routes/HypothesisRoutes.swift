import Base
import Experiments
import HTTPServer

/// `/v1/templates/{templateId}/hypothesis`: what a team says should hold while a template's faults are on.
struct HypothesisRoutes: Sendable {
    let templates: Templates

    private static let path: StaticString = "/v1/templates/{templateId}/hypothesis"
    /// As many probes as may be, with long expressions, fit in here.
    private static let bodyLimit = 256 << 10

    var all: [Route] {
        [
            Route(.get, Self.path, "GetHypothesis", .holder(of: .read), .task(hypothesisRead)),
            Route(
                .put,
                Self.path,
                "PutHypothesis",
                .holder(of: .edit),
                bodyLimit: Self.bodyLimit,
                .task(hypothesisPut)
            ),
            Route(.delete, Self.path, "DeleteHypothesis", .holder(of: .edit), .task(hypothesisDelete)),
        ]
    }

    private func hypothesisRead(_ call: Call) async throws(APIError) -> Reply {
        Self.reply(try await templates.hypothesisRead(try call.context(), try call.templateID()))
    }

    private func hypothesisPut(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let id = try call.templateID()
        return Self.reply(try await templates.hypothesisPut(context, id, try BodyReader(call).json))
    }

    private func hypothesisDelete(_ call: Call) async throws(APIError) -> Reply {
        Self.reply(try await templates.hypothesisDelete(try call.context(), try call.templateID()))
    }

    private static func reply(_ hypothesis: Hypothesis) -> Reply {
        Reply(["steadyStateHypothesis": hypothesis.json])
    }
}

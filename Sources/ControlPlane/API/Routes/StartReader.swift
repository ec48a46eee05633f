import Base
import Experiments

/// Reads what StartExperiment is given.
enum StartReader {
    static func read(_ call: Call) throws(APIError) -> ExperimentRuns.StartRequest {
        var body = try BodyReader(call)
        let token = body.clientToken(isRequired: true)
        let template = body.required(
            "experimentTemplateId",
            accepted: "the id of an experiment template is accepted"
        ) { text in (1...64).contains(text.utf8.count) ? text : nil }
        let mode = mode(&body)
        let tags = tags(&body)
        try body.finish()
        guard let token, let template else {
            throw .validation("clientToken and experimentTemplateId are needed.")
        }
        return ExperimentRuns.StartRequest(template: template, clientToken: token, tags: tags, mode: mode)
    }

    private static func mode(_ body: inout BodyReader) -> Run.ActionsMode {
        var mode: Run.ActionsMode?
        let accepted = Run.ActionsMode.allCases.map(\.rawValue).joined(separator: " or ") + " is accepted"
        body.object("experimentOptions") { options in
            mode = options.optional("actionsMode", accepted: accepted) { Run.ActionsMode(rawValue: $0) }
        }
        return mode ?? .runAll
    }

    private static func tags(_ body: inout BodyReader) -> [Tag] {
        guard let given = body.member("tags") else { return [] }
        do throws(TemplateProblems) {
            return try [Tag].read(given)
        } catch {
            for problem in error.problems { body.refuse(problem.message) }
            return []
        }
    }
}

import Base
import Experiments
import HTTPServer

/// `/tags/{resourceArn}`: the tags of templates and experiments.
struct TagRoutes: Sendable {
    let tags: Tags
    let region: String

    var all: [Route] {
        [
            Route(.post, "/tags/{resourceArn}", "TagResource", .holder(of: .edit), .task(tagPut)),
            Route(.delete, "/tags/{resourceArn}", "UntagResource", .holder(of: .edit), .task(tagDelete)),
            Route(.get, "/tags/{resourceArn}", "ListTagsForResource", .holder(of: .read), .task(tagList)),
        ]
    }

    private func tagPut(_ call: Call) async throws(APIError) -> Reply {
        let (context, subject) = (try call.context(), try subject(call))
        var body = try BodyReader(call)
        var given: [Tag] = []
        do {
            given = try [Tag].read(body.member("tags") ?? .null)
        } catch {
            for problem in error.problems { body.refuse(problem.message) }
        }
        try body.finish()
        let added = given
        try await tags.tagUpdate(context, of: subject) { tags throws(APIError) in
            do throws(TemplateProblems) {
                return try tags.merged(with: added)
            } catch {
                throw APIError(error)
            }
        }
        return Reply([:])
    }

    private func tagDelete(_ call: Call) async throws(APIError) -> Reply {
        let (context, subject) = (try call.context(), try subject(call))
        let keys = call.request.queryPairs.filter { $0.name == "tagKeys" }.map { $0.value ?? "" }
        guard keys.allSatisfy({ (1...128).contains($0.unicodeScalars.count) }) else {
            throw .validation("tagKeys has a key that is none: texts of 1 to 128 characters are accepted.")
        }
        try await tags.tagUpdate(context, of: subject) { $0.removing(keys) }
        return Reply([:])
    }

    private func tagList(_ call: Call) async throws(APIError) -> Reply {
        let (context, subject) = (try call.context(), try subject(call))
        return Reply(["tags": try await tags.tagList(context, of: subject).json])
    }

    /// What the path's ARN names, if it is a name that this deployment gives in the caller's account.
    private func subject(_ call: Call) throws(APIError) -> Tags.Subject {
        let text = call.request.capture(0) ?? ""
        let account = try call.caller().account
        guard let arn = ARN(text) else {
            throw .validation(
                "resourceArn is \"\(EchoedText(text))\": the ARN of an experiment template or experiment is accepted."
            )
        }
        let parts = arn.resource.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if arn == ARN(fis: arn.resource, region: region, account: account), let last = parts.last {
            switch parts.first {
            case "experiment-template":
                if let id = TemplateID(String(last)) { return .template(id) }
            case "experiment":
                if let id = ExperimentID(String(last)) { return .experiment(id) }
            default: break
            }
        }
        throw .notFound("There is no resource \(EchoedText(text)) with tags in this account.")
    }
}

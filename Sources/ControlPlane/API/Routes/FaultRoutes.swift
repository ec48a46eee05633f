import Base
import Experiments
import HTTPServer
import Store

/// `/v1/faults`: what an injector is told of its target, read from the database at each request.
struct FaultRoutes: Sendable {
    let database: DatabaseDoor
    let time: DeploymentTime
    let region: String

    var all: [Route] {
        [Route(.get, "/v1/faults/{target}", "PollFaults", .holder(of: .poll), pace: .instance, .task(poll))]
    }

    private func poll(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let target = try target(call)
        guard let instance = call.request.query("instance"), (1...256).contains(instance.utf8.count) else {
            throw .validation(
                "instance is missing: the name of the asking instance, 1 to 256 bytes, is accepted as instance=ID."
            )
        }
        let (now, qualifier) = (time.now, call.request.query("qualifier"))
        let document = try await database.transaction { transaction throws(StoreError) in
            try transaction.targetSeen(context, arn: target, at: now)
            return try transaction.faultDocumentRead(context, target: target)
        }
        guard let version = FaultVersion(epoch: document.lever.epoch, change: document.change) else {
            throw APIError(.internalFailure, "The target's version is out of range.")
        }
        let etag = "\"\(version.number)\""
        if call.request.header("if-none-match") == etag { return .notModified(etag: etag) }
        var reply = Reply(
            [
                "target": .string(target), "version": .integer(version.number),
                "epoch": .integer(version.epoch),
                "faults": .array(Self.served(document, qualifier)),
            ]
        )
        reply.headers += [("ETag", etag), ("Cache-Control", "no-store")]
        return reply
    }

    /// A bare function name means one of the account's own; an agent may ask only for what its key names.
    private func target(_ call: Call) throws(APIError) -> String {
        guard let arn = call.targetARN(region: region) else {
            let text = EchoedText(call.request.capture(0) ?? "")
            throw .validation("target is \"\(text)\": an ARN or the name of a function is accepted.")
        }
        let caller = try call.caller()
        do throws(AuthenticationFailure) {
            try caller.requireTarget(Array(arn.description.utf8).span)
        } catch {
            throw APIError(error)
        }
        return arn.description
    }

    /// Nothing while the lever is engaged, and nothing from before it was.
    static func served(_ document: PublishedDocument, _ qualifier: String?) -> [JSON] {
        guard document.lever.status == "disengaged", document.epoch == document.lever.epoch else { return [] }
        return (document.faults.elements ?? []).compactMap { pair in
            let wanted = pair[0]?.text
            return wanted == nil || wanted == qualifier ? pair[1] : nil
        }
    }
}

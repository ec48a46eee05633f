import Base
import Experiments
import HTTPServer
import Store

/// `/v1/faults/{target}/acks`: what an instance says of a version beside naming it, which is that it cannot do it.
struct AckRoutes: Sendable {
    let delivery: Delivery
    let region: String

    var all: [Route] {
        [
            Route(
                .post,
                "/v1/faults/{target}/acks",
                "AcknowledgeFaults",
                .holder(of: .poll),
                .task(acknowledge)
            )
        ]
    }

    private func acknowledge(_ call: Call) async throws(APIError) -> Reply {
        let key = try call.polledTarget(region: region)
        var body = try BodyReader(call)
        let instance = body.required("instance", accepted: PolledName.instance.accepted) { text in
            PolledName.instance.takes(text) ? text : nil
        }
        let version = body.version()
        let status = body.required("status", accepted: "holding or rejected is accepted") { text in
            ["holding", "rejected"].contains(text) ? text : nil
        }
        let reason = body.optional("reason", accepted: "a text of up to 512 characters is accepted") { text in
            text.unicodeScalars.count <= 512 && !text.hasNUL ? text : nil
        }
        let faults = body.faults()
        try body.finish()
        guard let instance, let version, let status else { throw .validation("The request is incomplete.") }
        let room = try delivery.book.roomPolled(key)
        if status == "rejected" {
            let rejection = InstanceRecord.Rejection(version: version, reason: reason ?? "", faults: faults)
            room.reject(instance, rejection, at: delivery.clock.now(), in: delivery.book.census)
        } else {
            delivery.book.note(instance, holds: version, in: room, at: delivery.clock.now())
        }
        return Reply([:])
    }
}

extension BodyReader {
    /// Which of the version's faults are meant; nil means all.
    fileprivate mutating func faults() -> Set<String>? {
        guard let given = member("faults") else { return nil }
        let names = given.elements?.compactMap(\.text) ?? []
        if let elements = given.elements, elements.count == names.count, names.count <= 100 {
            return Set(names)
        }
        refuse("faults is \(given.kind): a list of up to 100 ids of faults is accepted")
        return nil
    }

    fileprivate mutating func version() -> Int64? {
        guard let given = member("version") else {
            refuse("version is missing: the version of a document is accepted")
            return nil
        }
        if let version = given.whole, version >= 0 { return version }
        let found = given.whole.map { "\($0)" } ?? given.kind
        refuse("version is \(found): the version of a document, a whole number, is accepted")
        return nil
    }
}

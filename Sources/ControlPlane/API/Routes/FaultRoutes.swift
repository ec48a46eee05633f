import Base
import Experiments
import HTTPServer
import Store

/// `/v1/faults`: what an injector is told of its target, from memory and on the loop.
struct FaultRoutes: ParkingHandler {
    let delivery: Delivery
    let time: DeploymentTime
    let region: String
    let maxWait: Duration

    var all: [Route] {
        [
            Route(
                .get,
                "/v1/faults/{target}",
                "PollFaults",
                .holder(of: .poll),
                pace: .instance,
                .parking(self)
            )
        ]
    }

    func respond(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) throws(APIError) -> Outcome {
        let call = Call(request, exchange.caller?.principal, exchange)
        let caller = try call.caller()
        let key = TargetKey(account: caller.account, target: try target(call, caller))
        guard let instance = request.query("instance"), (1...256).contains(instance.utf8.count) else {
            throw .validation(
                "instance is missing: the name of the asking instance, 1 to 256 bytes, is accepted as instance=ID."
            )
        }
        let wait = try wait(request)
        delivery.sightings.note(key, at: time.now)
        let arrived = exchange.startedAt
        let room = delivery.book.room(key)
        let poll = Poll(
            room: room,
            instance: instance,
            qualifier: request.query("qualifier"),
            named: Self.named(request),
            wait: wait,
            arrivedAt: arrived,
            chance: .random(in: 0...1)
        )
        let decision = delivery.book.decide(poll, at: arrived)
        if let until = pacing.parked(poll, decision), until > arrived {
            exchange.note = poll
            return .parked(key: room.wakeKey, until: until)
        }
        if case .behind = decision { return .task { await caughtUp(poll) } }
        answer(decision, poll, at: arrived).write(to: &writer)
        return .written
    }

    func resume(
        _ exchange: inout Exchange,
        _ reason: ResumeReason,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        let now = delivery.clock.now()
        guard let poll = exchange.note as? Poll else {
            Envelope.write(
                APIError(.internalFailure, "This poll was forgotten; ask again."),
                exchange.id,
                &writer
            )
            return .written
        }
        let decision = delivery.book.decide(poll, at: now)
        if reason == .woken, let until = pacing.parked(poll, decision), until > now {
            return .parked(key: poll.room.wakeKey, until: until)
        }
        answer(decision, poll, at: now).write(to: &writer)
        return .written
    }

    /// The injector has seen more than this node: the database has the last word.
    private func caughtUp(_ poll: Poll) async -> Response {
        let key = poll.room.key
        do throws(StoreError) {
            try await delivery.reader.catchUp(key)
        } catch {
            delivery.log.warning("target not read", .field("target", key.target), .field("error", error))
        }
        let now = delivery.clock.now()
        return answer(delivery.book.decide(poll, at: now), poll, at: now).response
    }

    private var pacing: PollPacing { PollPacing(lease: delivery.book.lease, longest: maxWait) }

    /// A bare function name means one of the account's own; an agent may ask only for what its key names.
    private func target(_ call: Call, _ caller: Principal) throws(APIError) -> String {
        guard let arn = call.targetARN(region: region) else {
            let text = EchoedText(call.request.capture(0) ?? "")
            throw .validation("target is \"\(text)\": an ARN or the name of a function is accepted.")
        }
        do throws(AuthenticationFailure) {
            try caller.requireTarget(Array(arn.description.utf8).span)
        } catch {
            throw APIError(error)
        }
        return arn.description
    }

    private func wait(_ request: Request) throws(APIError) -> Duration {
        guard let text = request.query("wait") else { return .zero }
        guard let seconds = Double(text), (0...3_600).contains(seconds) else {
            throw .validation(
                "wait is \"\(EchoedText(text))\": a number of seconds from 0 to 3600 is accepted."
            )
        }
        return .seconds(seconds)
    }

    /// The version that the injector says it holds; what is no version of ours names none.
    private static func named(_ request: Request) -> Int64? {
        guard let tag = request.header("if-none-match"), tag.hasPrefix("\""), tag.hasSuffix("\""),
            tag.utf8.count > 2
        else { return nil }
        return Int64(tag.dropFirst().dropLast())
    }
}

/// What goes over the wire to a poll.
private struct PollAnswer {
    let status: Status
    var headers: [(name: StaticString, value: String)]
    let body: [UInt8]

    func write(to writer: inout ResponseWriter) {
        writer.start(status)
        for header in headers { writer.header(header.name, text: header.value) }
        writer.finish(body: body)
    }

    var response: Response { Response(status, headers: headers, body: .whole(body)) }
}

extension FaultRoutes {
    private func answer(_ decision: PollDecision, _ poll: Poll, at now: Instant) -> PollAnswer {
        let (held, chance) = (max(now - poll.arrivedAt, .zero), Double.random(in: 0...1))
        delivery.book.answered(poll, decision, at: now)
        switch decision {
        case .document(let version, let faults, let lease):
            let next = pacing.next(waits: poll.waits, hasFaults: !faults.isEmpty, chance: chance)
            return PollAnswer(
                status: .ok,
                headers: [Self.json] + terms(version, lease, held, next),
                body: Self.body(poll.room.key.target, version.number, version.epoch, faults)
            )
        case .unchanged(let version, let hasFaults, let lease):
            let next = pacing.next(waits: poll.waits, hasFaults: hasFaults, chance: chance)
            return PollAnswer(status: .notModified, headers: terms(version, lease, held, next), body: [])
        case .degraded(let epoch, let reason):
            return degraded(poll, epoch, reason, chance)
        case .behind(let epoch, let named):
            return degraded(poll, epoch, "this deployment has no version \(named) of the target yet", chance)
        }
    }

    private func degraded(_ poll: Poll, _ epoch: Int64, _ reason: String, _ chance: Double) -> PollAnswer {
        PollAnswer(
            status: .ok,
            headers: [
                Self.json, Self.unstored,
                ("Faultplane-Next-Poll", Self.seconds(pacing.afterDegraded(chance: chance))),
            ],
            body: Self.body(poll.room.key.target, nil, epoch, [], [.init("degraded", .string(reason))])
        )
    }

    private static let json: (name: StaticString, value: String) = ("Content-Type", "application/json")
    private static let unstored: (name: StaticString, value: String) = ("Cache-Control", "no-store")

    private func terms(
        _ version: FaultVersion,
        _ lease: Duration,
        _ held: Duration,
        _ next: Duration
    ) -> [(name: StaticString, value: String)] {
        [
            ("ETag", "\"\(version.number)\""), Self.unstored, ("Faultplane-Lease", Self.seconds(lease)),
            ("Faultplane-Held", Self.seconds(held)), ("Faultplane-Next-Poll", Self.seconds(next)),
            ("Faultplane-Time", Self.seconds(.nanoseconds(time.now.nanoseconds))),
        ]
    }

    private static func body(
        _ target: String,
        _ version: Int64?,
        _ epoch: Int64,
        _ faults: [JSON],
        _ more: [JSON.Member] = []
    ) -> [UInt8] {
        let members: [JSON.Member] = [
            .init("target", .string(target)), .init("version", version.map { .integer($0) } ?? .null),
            .init("epoch", .integer(epoch)), .init("faults", .array(faults)),
        ]
        return JSON.object(members + more).encoded
    }

    /// To the nanosecond, so that nothing is rounded: up it would be trusted for too long, and down begin too early.
    private static func seconds(_ duration: Duration) -> String {
        let (whole, part) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(part)
        return "\(whole).\(String(repeating: "0", count: 9 - digits.utf8.count))\(digits)"
    }
}

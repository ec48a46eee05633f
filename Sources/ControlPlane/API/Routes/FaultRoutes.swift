import Base
import Experiments
import HTTPServer
import Store

/// `/v1/faults`: what an injector is told of its target, from memory and on the loop.
final class FaultRoutes: ParkingHandler {
    private let delivery: Delivery
    private let time: DeploymentTime
    private let region: String
    private let pacing: PollPacing

    init(delivery: Delivery, time: DeploymentTime, region: String, maxWait: Duration) {
        self.delivery = delivery
        self.time = time
        self.region = region
        pacing = PollPacing(lease: delivery.book.lease, longest: maxWait)
    }

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
        guard let caller = exchange.caller else { throw APIError(AuthenticationFailure.missing) }
        let name = request.captureBytes(0) ?? []
        let place = try place(name, request, exchange, caller)
        guard let instance = request.query("instance"), PolledName.instance.takes(instance) else {
            throw .validation(
                "instance is missing: the name of the asking instance, 1 to 256 bytes without control characters, "
                    + "is accepted as instance=ID."
            )
        }
        let qualifier = request.query("qualifier")
        if let qualifier, !qualifier.isEmpty, !PolledName.qualifier.takes(qualifier) {
            throw .validation(
                "qualifier is \"\(EchoedText(qualifier))\": \(PolledName.qualifier.accepted)."
            )
        }
        let wait = try wait(request)
        let room = try enter(place, name, caller)
        let told = time.now
        delivery.sightings.note(room, at: told)
        let arrived = exchange.startedAt
        let poll = Poll(
            room: room,
            instance: instance,
            qualifier: qualifier,
            named: request.namedVersion,
            wait: wait,
            arrivedAt: arrived,
            chance: delivery.chances.fraction()
        )
        let turn = delivery.book.turn(poll, at: arrived) { decision in
            pacing.parked(poll, decision).flatMap { $0 > arrived ? $0 : nil }
        }
        if let until = turn.parkedUntil {
            exchange.note = ParkedPoll(poll)
            return .parked(key: room.wakeKey, until: until)
        }
        if case .behind = turn.decision { return .task { await self.caughtUp(poll) } }
        answer(turn, to: poll, at: arrived, told).write(to: &writer)
        return .written
    }

    func resume(
        _ exchange: inout Exchange,
        _ reason: ResumeReason,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        let now = delivery.clock.now()
        guard let poll = (exchange.note as? ParkedPoll)?.poll else {
            Envelope.write(
                APIError(.internalFailure, "This poll was forgotten; ask again."),
                exchange.id,
                &writer
            )
            return .written
        }
        let turn = delivery.book.turn(poll, at: now) { decision in
            guard reason == .woken, let until = pacing.parked(poll, decision), until > now else { return nil }
            return until
        }
        if let until = turn.parkedUntil { return .parked(key: poll.room.wakeKey, until: until) }
        answer(turn, to: poll, at: now, time.now).write(to: &writer)
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
        let turn = delivery.book.turn(poll, at: now) { _ in nil }
        return answer(turn, to: poll, at: now, time.now).response
    }

    private func answer(_ turn: PollTurn, to poll: Poll, at now: Instant, _ told: Timestamp) -> PollAnswer {
        delivery.metrics.count(turn.decision)
        return PollAnswer(turn, to: poll, at: now, told, pacing: pacing)
    }

    /// Where a poll wants to be told what is on.
    private enum Place {
        /// This caller was let in there before, under this name.
        case known(TargetRoom)
        case new(TargetKey)
    }

    private func place(
        _ name: ArraySlice<UInt8>,
        _ request: Request,
        _ exchange: Exchange,
        _ caller: Caller
    ) throws(APIError) -> Place {
        if let room = delivery.known.place(name.span, for: caller) { return .known(room) }
        return .new(try Call(request, caller.principal, exchange).polledTarget(region: region))
    }

    /// Once nothing is wrong with the poll: a target that nobody polled for has a room from here on.
    private func enter(
        _ place: Place,
        _ name: ArraySlice<UInt8>,
        _ caller: Caller
    ) throws(APIError) -> TargetRoom {
        switch place {
        case .known(let room): return room
        case .new(let key):
            let room = try delivery.book.roomPolled(key)
            delivery.known.remember(room, Array(name), for: caller)
            return room
        }
    }

    private func wait(_ request: Request) throws(APIError) -> Duration {
        guard let text = request.query("wait") else { return .zero }
        if let seconds = text.utf8.span.number, (0...3_600).contains(seconds) { return .seconds(seconds) }
        guard let seconds = Double(text), (0...3_600).contains(seconds) else {
            throw .validation(
                "wait is \"\(EchoedText(text))\": a number of seconds from 0 to 3600 is accepted."
            )
        }
        return .seconds(seconds)
    }
}

extension Request {
    /// The version that the injector says it holds; what is no version of ours names none.
    fileprivate var namedVersion: Int64? {
        guard let tag = headerBytes("if-none-match") else { return nil }
        return tag.span.quotedNumber
    }
}

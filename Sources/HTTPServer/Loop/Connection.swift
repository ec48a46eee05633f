import Base

/// One peer's connection, as its loop knows it.
final class Connection {
    /// What the connection is doing.
    ///
    /// From each phase it may also go to `closed`.
    enum Phase {
        /// Between requests or inside one. To `parked` or `waiting` with a request that is not answered at once, to
        /// `lingering` after a refusal.
        case reading
        /// A request waits for its key. To `reading` once it is answered.
        case parked
        /// A task makes the answer. To `reading`, or to `streaming` where the answer comes in pieces.
        case waiting
        /// An answer's pieces are being sent. To `reading` after the last.
        case streaming
        /// The answer was the last; what still arrives is read and dropped, until the peer closes or time is up.
        case lingering
        /// It has ended; whatever was about to be done for it is not.
        case closed
    }

    /// What the running deadline is for.
    enum Deadline { case idle, head, body, write, park, linger, none }

    /// How the answer now due must look, kept from its request's head.
    struct AnswerShape {
        var omitsBody = false
        var closes = false
        var takesChunks = true
    }

    /// A request whose body has not all arrived.
    struct Partial {
        let request: Request
        var decoder: BodyDecoder
    }

    let descriptor: FileDescriptor
    let generation: UInt32
    let peer: Peer

    var phase = Phase.reading
    var exchange: Exchange
    var shape = AnswerShape()
    var partial: Partial?
    /// Arrived and not yet understood.
    var input: [UInt8] = []
    /// Written and not yet taken by the kernel.
    var unsent = UnsentBytes()
    var task: Task<Void, Never>?
    var drained: CheckedContinuation<Bool, Never>?

    var deadline = Instant(nanoseconds: .max)
    var deadlineKind = Deadline.none
    var scheduledTick: Int64 = -1
    /// When a parked request is answered at the latest; kept apart while the deadline is for something else.
    var parkDeadline = Instant(nanoseconds: .max)

    /// The kernel may hold input that was not read because a request was being answered.
    var mayHaveInput = false
    var peerHasLeft = false
    /// It had its share of this turn and is looked at again in the next.
    var isPostponed = false
    /// Requests stopped being answered because the peer does not read the answers.
    var isBacklogged = false
    var closesAfterFlush = false
    /// Accepted over the cap; stays only if its first request is somebody's.
    var isReserve = false
    var links = ParkingLinks()

    init(_ arrival: consuming Listener.Arrival, generation: UInt32, exchange: Exchange) {
        peer = arrival.peer
        descriptor = arrival.descriptor
        self.generation = generation
        self.exchange = exchange
    }

    var hasUnsent: Bool { !unsent.isEmpty }
}

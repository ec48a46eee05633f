import Base

extension EventLoop {
    /// Before each answer: makes sure that the output holds nothing of another connection.
    ///
    /// It would reach the wrong peer if a path through the loop forgot to send or drop it.
    func prepareAnswer(_ connection: Connection) {
        ownOutput(connection)
        writer.prepare(connection.exchange.id, connection.shape)
    }

    func ownOutput(_ connection: Connection) {
        if outputOwner == connection.generation { return }
        writer.output.removeAll()
        outputOwner = connection.generation
    }

    /// A whole request is here.
    func respond(_ connection: Connection, _ request: Request) {
        prepareAnswer(connection)
        follow(connection, responder.respond(request, &connection.exchange, &writer))
    }

    /// Does what the responder decided.
    func follow(_ connection: Connection, _ outcome: Outcome) {
        if connection.isReserve { settleReserve(connection) }
        switch outcome {
        case .written: completed(connection)
        case .parked(let key, let deadline): park(connection, key: key, until: deadline)
        case .task(let work): start(connection, work)
        }
    }

    /// The answer is written.
    ///
    /// Whoever comes next on this connection starts afresh.
    func completed(_ connection: Connection) {
        if writer.status == nil { answerForNobody(connection) }
        connection.phase = .reading
        responder.finished(connection.exchange, writer.status ?? .internalError, now: clock.now())
        connection.exchange.principal = nil
        if writer.closes { connection.closesAfterFlush = true }
        setDeadline(connection, .idle, at: Instant(nanoseconds: now.nanoseconds &+ idleNanoseconds))
    }

    /// The responder says it has answered and has not: the peer must not wait for ever because of our mistake.
    private func answerForNobody(_ connection: Connection) {
        prepareAnswer(connection)
        writer.start(.internalError)
        writer.finish()
    }

    /// Bytes that are no acceptable request end the connection: nobody knows where the next one would start.
    func refuse(_ connection: Connection, _ failure: ParseFailure) {
        connection.partial = nil
        connection.exchange = newExchange(peer: connection.peer, method: .other)
        connection.shape = Connection.AnswerShape(closes: true)
        prepareAnswer(connection)
        responder.refuse(failure, &connection.exchange, &writer)
        completed(connection)
        beginClosing(connection)
    }

    /// From here on what arrives is dropped, and the connection ends once the answer is out.
    func beginClosing(_ connection: Connection) {
        connection.closesAfterFlush = true
        connection.input = []
    }

    private func start(_ connection: Connection, _ work: @escaping @Sendable () async -> Response) {
        connection.phase = .waiting
        clearDeadline(connection)
        let raw = connection.descriptor.raw
        let generation = connection.generation
        tasks += 1
        connection.task = Task(executorPreference: self) {
            let response = await work()
            self.perform { loop in
                loop.tasks -= 1
                loop.answer(raw, generation, response)
            }
        }
    }

    /// A task's answer is there; its peer may not be.
    private func answer(_ raw: CInt, _ generation: UInt32, _ response: Response) {
        guard let connection = connections.find(raw, generation: generation) else { return }
        prepareAnswer(connection)
        writer.start(response.status)
        for (name, value) in response.headers { writer.header(name, text: value) }
        switch response.body {
        case .whole(let bytes):
            writer.finish(body: bytes)
            connection.task = nil
            completed(connection)
            goOn(connection)
        case .stream(let produce):
            stream(connection, produce)
        }
    }

    /// After an answer that was waited for: sends it, and takes up what arrived in the meantime.
    func goOn(_ connection: Connection) {
        flush(connection)
        guard isOpen(connection), connection.phase == .reading, !connection.closesAfterFlush else { return }
        if !connection.input.isEmpty { takeLeftover(connection) }
        pump(connection)
    }
}

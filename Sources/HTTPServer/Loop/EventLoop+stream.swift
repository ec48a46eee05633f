import Base

extension EventLoop {
    /// Sends the head, then lets the producer send its pieces.
    func stream(_ connection: Connection, _ produce: @escaping @Sendable (ByteSink) async throws -> Void) {
        if !connection.shape.takesChunks { writer.closeAfter() }
        let isChunked = connection.shape.takesChunks
        writer.finishHead(chunked: isChunked)
        connection.shape.closes = writer.closes
        connection.phase = .streaming
        responder.finished(connection.exchange, writer.status ?? .internalError, now: clock.now())
        let omitsBody = connection.shape.omitsBody
        let sink = ByteSink(
            loop: self,
            raw: connection.descriptor.raw,
            generation: connection.generation,
            isChunked: isChunked
        )
        flush(connection)
        tasks += 1
        connection.task = Task(executorPreference: self) {
            var isWhole = true
            do {
                if !omitsBody { try await produce(sink) }
            } catch {
                isWhole = false
            }
            let ended = isWhole
            self.perform { loop in
                loop.tasks -= 1
                loop.endStream(sink, isWhole: ended && !omitsBody, keeps: ended)
            }
        }
    }

    /// Takes one piece; true when the next may follow, false when the peer is gone.
    func sendPiece(_ sink: ByteSink, _ bytes: [UInt8], _ continuation: CheckedContinuation<Bool, Never>) {
        guard let connection = connections.find(sink.raw, generation: sink.generation),
            connection.phase == .streaming, connection.drained == nil
        else { return continuation.resume(returning: false) }
        ownOutput(connection)
        writer.piece(bytes, chunked: sink.isChunked)
        connection.drained = continuation
        flush(connection)
    }

    private func endStream(_ sink: ByteSink, isWhole: Bool, keeps: Bool) {
        guard let connection = connections.find(sink.raw, generation: sink.generation) else { return }
        connection.task = nil
        // A stream cut short must not look complete: the connection ends without the last chunk.
        guard keeps else { return close(connection) }
        ownOutput(connection)
        if isWhole, sink.isChunked { writer.lastPiece() }
        connection.phase = .reading
        connection.exchange.principal = nil
        if connection.shape.closes { connection.closesAfterFlush = true }
        setDeadline(connection, .idle, after: limits.idleTime)
        goOn(connection)
    }
}

/// Where a streaming answer writes its pieces.
package struct ByteSink: Sendable {
    let loop: EventLoop
    let raw: CInt
    let generation: UInt32
    let isChunked: Bool

    /// Sends a piece, and returns when the peer has taken most of what was sent before.
    package func write(_ bytes: [UInt8]) async throws(PeerHasLeft) {
        if bytes.isEmpty { return }
        let isThere = await withCheckedContinuation { continuation in
            loop.perform { loop in loop.sendPiece(self, bytes, continuation) }
        }
        if !isThere { throw PeerHasLeft() }
    }
}

/// A streaming answer's reader closed the connection.
package struct PeerHasLeft: Error, Equatable {}

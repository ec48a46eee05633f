import Base
import SafetyLever
import Store

extension Node {
    /// What this node needs to halt: made before anything else, since a halt may come before the database does.
    static func makeHalt(
        _ options: ServeOptions,
        _ directory: DataDirectory,
        _ masterKey: MasterKey,
        _ seen: DatabaseMemory,
        _ diskThread: WorkerThread,
        _ time: DeploymentTime,
        clock: Clock,
        log: Logger,
        wake: @escaping @Sendable (DocumentBook.News) -> Void
    ) throws(Failure) -> Halt {
        let disk = try Failure.using(directory.latch) { () throws(SystemError) in
            try LatchFile(directory.latch, on: diskThread)
        }
        var latches = disk.found
        if disk.isDamaged {
            log.error("latch unreadable", .field("latch.path", directory.latch))
            latches.append(.damaged(at: clock.wall()))
        }
        let lever = LeverMemory(latches: latches, epoch: seen.now.epoch)
        return Halt(
            book: DocumentBook(lease: options.lease, lever: lever),
            disk: disk,
            peers: Peers(
                node: directory.nodeID,
                seal: PeerSeal(masterKey),
                clock: clock,
                log: log,
                carry: { (advertise, sealed, limit) throws(Peers.PeerFailure) in
                    try await PeerCarrier.carry(advertise, sealed, within: limit)
                }
            ),
            isAlone: options.databaseURL == nil,
            hasLivedBefore: seen.now.beat > 0,
            time: time,
            clock: clock,
            log: log,
            wake: wake
        )
    }

    /// Brings disk, database and peers up to every halt until the node stops: at once when there is one, and every second.
    func startHalt() {
        let (recording, stop) = (delivery.halt.recording, emergencyStop)
        keepRunning { await recording.run(every: .seconds(1)) }
        keepRunning { [self] in
            var isFailing = false
            for await _ in recording.ticks {
                do throws(APIError) {
                    try await stop.catchUp()
                    if isFailing { log.info("halts are recorded again") }
                    isFailing = false
                } catch {
                    if Task.isCancelled { return }
                    if !isFailing { log.error("halt not recorded", .field("error", error.message)) }
                    isFailing = true
                }
            }
        }
        // Instances that ran nothing are kept in mind for longer than the slowest of them takes to come back.
        let (forgetting, halt) = (Ticker(), delivery.halt)
        keepRunning { await forgetting.run(every: .seconds(10)) }
        keepRunning {
            for await _ in forgetting.ticks {
                halt.book.forget(unseenFor: .seconds(150), at: halt.clock.now())
            }
        }
    }

    var emergencyStop: EmergencyStop {
        EmergencyStop(runs: experiments, halt: delivery.halt, time: experiments.time)
    }
}

extension Latch {
    /// Something was latched, and what it was is lost.
    fileprivate static func damaged(at now: Timestamp) -> Latch {
        Latch(
            id: Halt.freshID,
            epoch: 1,
            reason:
                "The latch file is damaged; what it held back stays so until somebody disengages the lever.",
            by: Halt.ownName,
            engagedAt: now.nanoseconds
        )
    }
}

extension Node.Failure {
    /// Runs a step of the start that needs a file in the data directory.
    static func using<Value>(
        _ path: String,
        _ step: () throws(SystemError) -> Value
    ) throws(Node.Failure) -> Value {
        do throws(SystemError) {
            return try step()
        } catch {
            throw Node.Failure("The file \(path) cannot be used (\(error)).")
        }
    }
}

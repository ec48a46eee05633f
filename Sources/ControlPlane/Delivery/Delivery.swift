import Base
import Store

/// How what is published reaches injectors: the book they are told from, and what keeps it current.
struct Delivery: Sendable {
    /// The channel on which nodes tell each other that there is something to read.
    static let channel = "faultplane_documents"

    let halt: Halt
    let reader: DocumentReader
    let sightings = Sightings()
    let metrics = DeliveryMetrics()
    let known = KnownNames<TargetRoom>()
    /// Spreads what would otherwise happen to all instances at once.
    let chances = SharedRandom()
    /// Has the book read at once.
    let reading = Ticker()
    /// Has the other nodes told.
    let hints = Ticker()

    init(halt: Halt, seen: DatabaseMemory, database: DatabaseDoor) {
        self.halt = halt
        reader = DocumentReader(halt: halt, seen: seen, from: database)
    }

    var book: DocumentBook { halt.book }
    var clock: Clock { halt.clock }
    var log: Logger { halt.log }

    /// Something was just committed: when this returns, this node serves it.
    ///
    /// Where it cannot be read now it is within a second, or nothing is trusted any more that was read before.
    func published() async {
        do throws(StoreError) {
            try await reader.turn()
        } catch {
            log.warning("documents not read", .field("error", error))
        }
        hints.nudge()
    }
}

import Base
import Store

/// How what is published reaches injectors: the book they are told from, and what keeps it current.
struct Delivery: Sendable {
    /// The channel on which nodes tell each other that there is something to read.
    static let channel = "faultplane_documents"

    let book: DocumentBook
    let reader: DocumentReader
    let sightings = Sightings()
    /// Has the book read at once.
    let reading = Ticker()
    /// Has the other nodes told.
    let hints = Ticker()
    let clock: Clock
    let log: Logger

    init(
        lease: Duration,
        database: DatabaseDoor,
        clock: Clock,
        log: Logger,
        wake: @escaping @Sendable (DocumentBook.News) -> Void
    ) {
        self.clock = clock
        self.log = log
        book = DocumentBook(lease: lease)
        reader = DocumentReader(into: book, from: database, clock: clock, wake: wake)
    }

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

import Base
import Store

extension Node {
    var delivery: Delivery { experiments.delivery }

    /// Keeps the book current until the node stops, notes who polled, and tells the other nodes of what is published here.
    func startDelivery(_ database: Database) {
        let (delivery, time) = (delivery, experiments.time)
        keepRunning { await delivery.reading.run(every: .seconds(1)) }
        keepRunning { [self] in
            let again: StaticString = "documents are read again"
            await repeated(delivery.reading, failing: "documents not read", again: again) {
                () throws(StoreError) in
                try await delivery.reader.turn()
            }
        }
        let noting = Ticker()
        keepRunning { await noting.run(every: .seconds(5)) }
        keepRunning { [self] in
            let again: StaticString = "polled targets are noted again"
            await repeated(noting, failing: "polled targets not noted", again: again) {
                () throws(StoreError) in
                try await database.statement { transaction throws(StoreError) in
                    try delivery.sightings.flush(in: transaction, at: time.now)
                }
            }
        }
        keepRunning { [self] in
            for await _ in delivery.hints.ticks { await identities.database.hint(Delivery.channel, log: log) }
        }
    }
}

import Store

extension Transaction {
    /// How many faults are published, to whichever target.
    package func faultCount() throws(StoreError) -> Int {
        try one("SELECT count(*) FROM faults") { row throws(StoreError) in try row.next() }
    }
}

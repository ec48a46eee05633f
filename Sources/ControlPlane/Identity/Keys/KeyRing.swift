package import Base
import Synchronization

/// The keys in force on this node, replaced as a whole whenever the database's change.
package final class KeyRing: Sendable {
    private let table: Locked<KeyTable>
    private let masterKey: MasterKey
    private let loaded = Atomic<Bool>(false)

    /// Starts without a key: until the first `replace`, everybody is refused.
    package init(masterKey: MasterKey) {
        self.masterKey = masterKey
        table = Locked(KeyTable([], accounts: [], masterKey: masterKey))
    }

    /// False until the keys were read for the first time.
    package var isLoaded: Bool { loaded.load(ordering: .acquiring) }

    /// The keys of this moment, to be asked as often as one request needs.
    package var current: KeyTable { table.withLock { $0 } }

    /// Puts in force what was just read from the database.
    ///
    /// Call it from one place only: of two readings put in at once, the older could stay.
    package func replace(with records: some Collection<KeyRecord>, accounts: Set<AccountID>) {
        let next = KeyTable(records, accounts: accounts, masterKey: masterKey, previous: current)
        table.withLock { $0 = next }
        loaded.store(true, ordering: .releasing)
    }
}

import Base
import Experiments
import Store

/// The parameters that readers may ask for, in memory, and on the disk for a start without the database.
final class Parameters: Sendable {
    private let current: Locked<ParameterTable>
    private let file: (path: String, disk: WorkerThread)?
    private let log: Logger
    private let watcher = Locked<(@Sendable ([ParameterTable.Binding]) -> Void)?>(nil)

    /// Remembers for as long as this process lives.
    init() {
        (file, log) = (nil, Logger(sink: NoLog()))
        current = Locked(ParameterTable([]))
    }

    /// `disk` is the thread that may wait for the file at `path`.
    ///
    /// A file that cannot be read is no reason not to start: the database has all that is in it.
    init(_ path: String, on disk: WorkerThread, log: Logger) {
        file = (path, disk)
        self.log = log
        do {
            let known = try Files.read(path, limit: 64 << 20).map { try JSON(parsing: $0) }
            current = Locked(ParameterTable(stored: known ?? []))
        } catch {
            log.error("bindings on the disk unreadable", .field("path", path), .field("error", "\(error)"))
            current = Locked(ParameterTable([]))
        }
    }

    var table: ParameterTable { current.withLock { $0 } }

    /// Whether names can be said not to exist: not before the database was asked.
    var isKnown: Bool { table.change >= 0 }

    /// Somebody has changed something here: when this returns, this node goes by it.
    func changed(_ database: DatabaseDoor) async throws(APIError) {
        let database = try database.opened()
        do throws(StoreError) {
            try await read(database)
        } catch {
            throw APIError(error)
        }
    }

    /// Something has changed, or the database is another: of two readings at once the later state stays.
    func read(_ database: Database) async throws(StoreError) {
        let before = table
        let read = try await database.deploymentBindingsRead()
        let next = ParameterTable(read) { row in
            log.error("binding unreadable", .field("binding", row.name), .field("dialect", row.dialect))
        }
        let last = current.withLock { current -> ParameterTable? in
            guard next.change > current.change || current === before && next.change != current.change else {
                return nil
            }
            defer { current = next }
            return current
        }
        guard let last else { return }
        keep()
        let moved = last.bindings(missingIn: next)
        if !moved.isEmpty { watcher.withLock { $0 }?(moved) }
    }

    /// Is told of names that no longer lead where they led.
    func watch(_ told: @escaping @Sendable ([ParameterTable.Binding]) -> Void) {
        watcher.withLock { $0 = told }
    }

    private func keep() {
        guard let file else { return }
        Task(executorPreference: file.disk) { [self] in
            do throws(SystemError) {
                // As it is when the disk's turn comes.
                try Files.replace(file.path, with: table.json.encoded)
            } catch {
                log.error("bindings not kept on the disk", .field("error", error))
            }
        }
    }
}

extension Parameters {
    /// Where a name leads.
    struct Place: Equatable {
        let target: TargetKey
        let dialect: Dialect
        let qualifier: String?
    }
}

extension ParameterTable {
    /// Where a name of that account leads; nil where it leads nowhere.
    func place(_ name: String, of account: AccountID, region: String) -> Parameters.Place? {
        if let own = ParameterName(name) {
            let arn = ARN(function: own.function, region: region, account: account)
            let target = TargetKey(account: account, target: arn.description)
            return Parameters.Place(target: target, dialect: own.dialect, qualifier: nil)
        }
        return binding(name, of: account).map {
            Parameters.Place(target: $0.target, dialect: $0.dialect, qualifier: $0.qualifier)
        }
    }
}

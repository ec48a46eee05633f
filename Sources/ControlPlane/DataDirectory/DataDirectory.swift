package import Base

/// The folder a node keeps what must survive it in, held by one process at a time.
package final class DataDirectory: Sendable {
    /// Why the folder cannot be used, for the person at the terminal.
    package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        case unusable(String, SystemError)
        case inUse(String, process: Int?)

        package var description: String {
            switch self {
            case .unusable(let path, let error): "The data directory \(path) cannot be used (\(error))."
            case .inUse(let path, let process):
                "Another server\(process.map { " (process \($0))" } ?? "") uses the data directory \(path). "
                    + "Stop it, or give this one another with --data-dir."
            }
        }
    }

    package let path: String
    /// This node's name, made up once and kept, so that its heartbeats are numbered through its lives.
    package let nodeID: String
    private let lock: FileLock

    package init(_ path: String) throws(Failure) {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        do throws(SystemError) {
            try Files.makeFolder(path)
        } catch {
            throw .unusable(path, error)
        }
        do throws(FileLock.Failure) {
            lock = try FileLock("\(path)/lock")
        } catch {
            switch error {
            case .held(let process): throw .inUse(path, process: process)
            case .system(let error): throw .unusable(path, error)
            }
        }
        self.path = path
        do throws(SystemError) {
            nodeID = try Self.nodeID("\(path)/node")
        } catch {
            throw .unusable(path, error)
        }
    }

    package var credentials: String { Self.credentials(in: path) }
    /// The same key, as a configuration of curl.
    package var curlConfiguration: String { "\(path)/curl" }
    package var masterKey: String { "\(path)/master.key" }
    /// What holds everything back after a restart.
    package var latch: String { "\(path)/latch" }
    /// What was seen of the database.
    package var databaseMemory: String { "\(path)/database" }
    /// Which parameters there are, for a start without the database.
    package var bindings: String { "\(path)/bindings" }
    package var controlSocket: String { Self.controlSocket(in: path) }

    package static func credentials(in path: String) -> String { "\(path)/credentials" }
    package static func controlSocket(in path: String) -> String { "\(path)/control.sock" }

    private static func nodeID(_ path: String) throws(SystemError) -> String {
        if let bytes = try Files.read(path, limit: 256) {
            let id = String(decoding: bytes.prefix { $0 > 32 }, as: UTF8.self)
            if !id.isEmpty { return id }
        }
        let fresh = "node-\(Random.token(12, alphabet: Alphabets.lower))"
        try Files.replace(path, with: Array("\(fresh)\n".utf8))
        return fresh
    }
}

import Base

/// What a running PostgreSQL writes about itself into `postmaster.pid`.
struct PostmasterFile: Equatable, Sendable {
    let process: Int32
    let data: String
    let socketFolder: String
    /// `starting`, `ready`, `stopping` or `standby`; empty at the very beginning.
    let status: String

    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, let process = Int32(lines[0]), process > 0 else { return nil }
        self.process = process
        data = String(lines[1])
        socketFolder = lines.count > 4 ? String(lines[4]) : ""
        status = lines.count > 7 ? String(lines[7].prefix { $0 != " " }) : ""
    }

    /// The file of that cluster; nil where there is none that makes sense.
    static func read(_ path: String) -> PostmasterFile? {
        guard let bytes = try? Files.read(path, limit: 65_536) else { return nil }
        return PostmasterFile(String(decoding: bytes, as: UTF8.self))
    }
}

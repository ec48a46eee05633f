import Base
import CLinux
import Glibc

/// A log file that another process appends to, kept from growing without end.
struct BoundedLog: Sendable {
    let path: String
    var limit = 8 << 20

    /// Opened for appending, so that it can be emptied while it is written.
    func open() throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW)
    }

    /// Empties the log once it is over its limit, and keeps what was in it as `.1` until the next time.
    func trim() throws(SystemError) {
        let file = try FileDescriptor.open(path, O_RDWR | O_NOFOLLOW)
        var status = stat()
        _ = try retrying("fstat") { unsafe fstat(file.raw, &status) }
        guard status.st_size > limit else { return }
        // What is appended between these two lines is lost; it is a log, and the alternative is a full disk.
        try Files.replace(path + ".1", with: try tail(limit))
        _ = try retrying("ftruncate") { ftruncate(file.raw, 0) }
    }

    /// The end of the log, to be shown to whoever wonders why.
    var end: String {
        guard let bytes = try? tail(1_000) else { return "(no log)" }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(5).joined(separator: "; ")
    }

    private func tail(_ count: Int) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW)
        let size = try retrying("lseek") { lseek(file.raw, 0, SEEK_END) }
        _ = try retrying("lseek") { lseek(file.raw, max(0, size - count), SEEK_SET) }
        return try file.readAll(limit: .max)
    }
}

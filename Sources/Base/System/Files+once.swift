import CLinux
import Glibc

extension Files {
    /// Makes a file unless one is there already; false where it was.
    ///
    /// The name appears with all its bytes behind it, so of several makers one wins and the others read what it
    /// wrote.
    package static func createOnce(
        _ path: String,
        _ bytes: [UInt8],
        mode: UInt32 = 0o600
    ) throws(SystemError) -> Bool {
        let temporary = path + "." + Random.token(12)
        defer { _ = unsafe unlink(temporary) }
        try writeNew(temporary, bytes, mode: mode)
        do {
            _ = try retrying("link") { unsafe link(temporary, path) }
        } catch {
            if error.code == EEXIST { return false }
            throw error
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try FileDescriptor.open(folder.isEmpty ? "/" : folder, O_RDONLY).synchronize()
        return true
    }

    /// The permission bits and the bytes of one and the same file, or nil where there is none.
    package static func readWithMode(
        _ path: String,
        limit: Int = 1 << 20
    ) throws(SystemError) -> (mode: UInt32, bytes: [UInt8])? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(path, O_RDONLY)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        let mode = try permissions(of: file)
        return (mode, try file.readAll(limit: limit))
    }

    /// The permission bits of what stands at `path`, or nil where nothing does.
    package static func mode(_ path: String) throws(SystemError) -> UInt32? {
        do {
            return try permissions(of: try FileDescriptor.open(path, O_RDONLY))
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    private static func permissions(of file: borrowing FileDescriptor) throws(SystemError) -> UInt32 {
        let raw = file.raw
        var status = stat()
        _ = try retrying("fstat") { unsafe fstat(raw, &status) }
        return UInt32(status.st_mode) & 0o7777
    }

    private static func writeNew(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(SystemError) {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        _ = try retrying("fchmod") { fchmod(file.raw, mode) }
        try file.writeAll(bytes)
        try file.synchronize()
    }
}

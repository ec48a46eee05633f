import CLinux
import Glibc

/// Small files that matter: credentials, keys, marks.
///
/// They are whole or absent, never half written.
package enum Files {
    /// The whole of a small file, or nil where there is none.
    package static func read(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8]? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(path, O_RDONLY)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        return try file.readAll(limit: limit)
    }

    /// Replaces a file in one step: a reader, or a crash, sees the old bytes or the new ones.
    package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o600) throws(SystemError)
    {
        let temporary = path + ".new"
        do {
            try create(temporary, bytes, mode: mode)
            _ = try retrying("rename") { unsafe rename(temporary, path) }
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
        try synchronizeFolder(of: path)
    }

    /// Makes a folder and those above it, and leaves alone what is there already.
    package static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/" + part
            if unsafe mkdir(made, mode) != 0, errno != EEXIST { throw SystemError(call: "mkdir") }
        }
        // What was there already may be a file.
        guard unsafe access(path + "/.", F_OK) == 0 else { throw SystemError(call: "mkdir") }
    }

    /// True where something stands at `path`.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    private static func create(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(SystemError) {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        _ = try retrying("fchmod") { fchmod(file.raw, mode) }
        try file.writeAll(bytes)
        try file.synchronize()
    }

    private static func synchronizeFolder(of path: String) throws(SystemError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = try FileDescriptor.open(folder.isEmpty ? "/" : folder, O_RDONLY)
        try descriptor.synchronize()
    }
}

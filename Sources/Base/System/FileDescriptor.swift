import CLinux
import Glibc

/// An open file descriptor that is closed when its owner goes away.
package struct FileDescriptor: ~Copyable, Sendable {
    package let raw: CInt

    package init(adopting raw: CInt) { self.raw = raw }

    /// Gives up ownership without closing.
    package consuming func release() -> CInt {
        let raw = raw
        discard self
        return raw
    }

    // Linux frees the number even when close is interrupted, so close is called exactly once.
    deinit { _ = Glibc.close(raw) }
}

extension FileDescriptor {
    /// Opens a file; it is never inherited by a child process.
    package static func open(
        _ path: String,
        _ flags: CInt,
        mode: UInt32 = 0o600
    ) throws(SystemError) -> FileDescriptor {
        let raw = try retrying("open") { unsafe clinux_open(path, flags | O_CLOEXEC, mode) }
        return FileDescriptor(adopting: raw)
    }

    /// Writes all of `bytes`, on a descriptor that blocks.
    package func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            sent += try retrying("write") {
                unsafe bytes.withUnsafeBytes { buffer in
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                    return unsafe Glibc.write(raw, rest.baseAddress, rest.count)
                }
            }
        }
    }

    /// Reads up to `limit` bytes to the end of the file; more than that is refused as EFBIG.
    package func readAll(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let chunk = try read(upTo: 16_384)
            if chunk.isEmpty { return bytes }
            bytes += chunk
            if bytes.count > limit { throw SystemError(call: "read", code: EFBIG) }
        }
    }

    /// What one read gives; empty at the end of the file.
    package func read(upTo limit: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            do throws(SystemError) {
                count = try retrying("read") { unsafe Glibc.read(raw, buffer.baseAddress, buffer.count) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Makes what was written survive a power cut.
    package func synchronize() throws(SystemError) {
        _ = try retrying("fsync") { fsync(raw) }
    }
}

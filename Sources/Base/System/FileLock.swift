import CLinux
import Glibc

/// A file held for as long as the process lives; the kernel lets go of it however the process ends.
package final class FileLock: Sendable {
    /// Why a lock was not had.
    package enum Failure: Error, Equatable, Sendable {
        /// Another process has it; its number, where the file tells.
        case held(by: Int?)
        case system(SystemError)
    }

    private let descriptor: FileDescriptor

    /// Takes the lock without waiting, and writes this process's number into the file.
    package init(_ path: String) throws(Failure) {
        do throws(SystemError) {
            descriptor = try FileDescriptor.open(path, O_RDWR | O_CREAT)
        } catch {
            throw .system(error)
        }
        let raw = descriptor.raw
        if flock(raw, LOCK_EX | LOCK_NB) != 0 {
            let reason = SystemError(call: "flock")
            guard reason.code == EWOULDBLOCK else { throw .system(reason) }
            throw .held(by: (try? descriptor.readAll(limit: 64)).flatMap(Self.number))
        }
        do throws(SystemError) {
            _ = try retrying("ftruncate") { ftruncate(raw, 0) }
            try descriptor.writeAll(Array("\(getpid())\n".utf8))
        } catch {
            // The number is for people; a full disk must not keep a server from starting.
            return
        }
    }

    private static func number(_ bytes: [UInt8]) -> Int? {
        Int(String(decoding: bytes.prefix { $0 > 32 }, as: UTF8.self))
    }
}

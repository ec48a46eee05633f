import Base
import CLinux
import Glibc

/// A running PostgreSQL server of ours, whoever started it.
final class Postmaster: Sendable {
    let process: ProcessHandle

    init(_ process: consuming ProcessHandle) { self.process = process }

    /// Takes hold of the server that already runs on that data, as one does whose Faultplane was killed.
    ///
    /// Its number alone proves nothing, for it may be another process's by now: the process must stand in the data folder.
    static func running(_ layout: ClusterLayout) -> Postmaster? {
        guard let file = PostmasterFile.read(layout.postmasterFile), file.data == layout.data,
            let process = try? ProcessHandle(of: file.process),
            currentFolder(of: file.process) == layout.data
        else { return nil }
        return Postmaster(process)
    }

    /// Ends it: fast, which breaks off transactions and keeps all that is committed; if that does not end it, at once.
    ///
    /// Returns false where it still runs.
    func stop(within limit: Duration) -> Bool {
        for (signal, limit) in [(SIGINT, limit), (SIGQUIT, .seconds(10)), (SIGKILL, .seconds(5))] {
            do throws(SystemError) {
                try process.signal(signal)
                guard try process.wait(until: .now + limit) else { continue }
                _ = process.reap()
                return true
            } catch {
                return false
            }
        }
        return false
    }

    private static func currentFolder(of process: Int32) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let length = unsafe readlink("/proc/\(process)/cwd", base, buffer.count)
            guard length > 0, length < buffer.count else { return nil }
            return unsafe String(
                decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) },
                as: UTF8.self
            )
        }
    }
}

import CLinux
import Glibc

/// Two ends of a pipe, neither of which a child inherits by accident.
package struct Pipe: ~Copyable {
    package let readEnd: FileDescriptor
    package let writeEnd: FileDescriptor

    package init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        _ = try retrying("pipe2") {
            unsafe ends.withUnsafeMutableBufferPointer { unsafe pipe2($0.baseAddress, O_CLOEXEC) }
        }
        readEnd = FileDescriptor(adopting: ends[0])
        writeEnd = FileDescriptor(adopting: ends[1])
    }

    /// Gives up writing, so that the reader sees the end when the last other writer is gone.
    package consuming func closeWriteEnd() -> FileDescriptor { readEnd }

    /// Gives up reading, which is another process's.
    package consuming func closeReadEnd() -> FileDescriptor { writeEnd }
}

import CLinux
import Glibc

/// A descriptor that any thread can make readable, so that a thread waiting on descriptors wakes.
package struct EventFlag: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    package init() throws(SystemError) {
        let raw = try retrying("eventfd") { eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK)) }
        descriptor = FileDescriptor(adopting: raw)
    }

    package var raw: CInt { descriptor.raw }

    /// Makes the descriptor readable; raising it twice is the same as once.
    package func raise() {
        var one: UInt64 = 1
        // The only failure is a counter that is full, and then it is readable already.
        _ = unsafe Glibc.write(descriptor.raw, &one, 8)
    }

    /// Makes it unreadable again.
    package func lower() {
        var count: UInt64 = 0
        _ = unsafe Glibc.read(descriptor.raw, &count, 8)
    }
}

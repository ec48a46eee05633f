import CLinux
import Glibc

/// Waiting for a few descriptors on a thread that may block.
///
/// The time limit is counted by the kernel's own clock, so a jump of the wall clock moves nothing.
package enum Readiness {
    /// A descriptor and what it is hoped to be ready for.
    package struct Interest {
        let descriptor: CInt
        let events: Int16

        package static func readable(_ descriptor: CInt) -> Interest {
            Interest(descriptor: descriptor, events: Int16(POLLIN))
        }

        package static func readableOrWritable(_ descriptor: CInt) -> Interest {
            Interest(descriptor: descriptor, events: Int16(POLLIN | POLLOUT))
        }
    }

    /// Waits until one is ready (or broken, which reading will show) or the time is up; says which are.
    package static func wait(
        for interests: [Interest],
        until deadline: Instant?
    ) throws(SystemError) -> [Bool] {
        var entries = interests.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
        _ = try retrying("poll") {
            unsafe poll(&entries, nfds_t(entries.count), milliseconds(until: deadline))
        }
        return entries.map { $0.revents != 0 }
    }

    /// Rounded up, so that whoever wakes finds the time really over.
    private static func milliseconds(until deadline: Instant?) -> CInt {
        guard let deadline else { return -1 }
        let left = (deadline - Instant.now).nanoseconds
        return left <= 0 ? 0 : CInt(clamping: (left + 999_999) / 1_000_000)
    }
}

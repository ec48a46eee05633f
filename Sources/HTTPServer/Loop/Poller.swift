import Base
import CLinux
import Glibc

/// The kernel's list of descriptors that have something to say.
@safe
struct Poller: ~Copyable {
    /// What is known of one descriptor.
    struct Event {
        /// The descriptor's number in the low half, its generation in the high one: a number used again has a new one.
        let token: UInt64
        let mask: UInt32

        var descriptor: Int { Int(token & 0xFFFF_FFFF) }
        var generation: UInt32 { UInt32(token >> 32) }
        var isReadable: Bool { mask & EPOLLIN.rawValue != 0 }
        var isWritable: Bool { mask & EPOLLOUT.rawValue != 0 }
        var hasHungUp: Bool { mask & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 }
        var isBroken: Bool { mask & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 }
    }

    private static let capacity = 512

    private let descriptor: FileDescriptor
    private let events: UnsafeMutablePointer<epoll_event>

    init() throws(SystemError) {
        descriptor = FileDescriptor(
            adopting: try retrying("epoll_create1") { epoll_create1(CInt(EPOLL_CLOEXEC)) }
        )
        unsafe events = .allocate(capacity: Self.capacity)
        unsafe events.initialize(repeating: epoll_event(), count: Self.capacity)
    }

    deinit { unsafe events.deallocate() }

    /// Watches a connection: told once at each change, of input, output and the peer's leaving.
    func addConnection(_ raw: CInt, generation: UInt32) throws(SystemError) {
        let mask = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        try control(EPOLL_CTL_ADD, raw, mask: mask, generation: generation)
    }

    /// Watches a descriptor for input, told for as long as there is some.
    func addReadable(_ raw: CInt) throws(SystemError) {
        try control(EPOLL_CTL_ADD, raw, mask: EPOLLIN.rawValue, generation: 0)
    }

    func remove(_ raw: CInt) throws(SystemError) {
        try control(EPOLL_CTL_DEL, raw, mask: 0, generation: 0)
    }

    /// Waits for events; `timeout` in milliseconds, -1 for as long as it takes.
    func wait(timeout: CInt, _ body: (Event) -> Void) throws(SystemError) {
        let count = unsafe epoll_wait(descriptor.raw, events, CInt(Self.capacity), timeout)
        if count < 0 {
            if errno == EINTR { return }
            throw SystemError(call: "epoll_wait")
        }
        for index in 0..<Int(count) {
            let event = unsafe events[index]
            body(unsafe Event(token: clinux_event_data(event), mask: clinux_event_mask(event)))
        }
    }

    private func control(_ operation: CInt, _ raw: CInt, mask: UInt32, generation: UInt32) throws(SystemError)
    {
        var event = unsafe clinux_event(mask, UInt64(generation) << 32 | UInt64(UInt32(bitPattern: raw)))
        _ = try retrying("epoll_ctl") { unsafe epoll_ctl(descriptor.raw, operation, raw, &event) }
    }
}

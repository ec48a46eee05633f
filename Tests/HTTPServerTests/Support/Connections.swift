import Base
import Glibc
import Testing

@testable import HTTPServer

extension Connection {
    /// A connection to nowhere, for what only needs its number.
    static func toNowhere(generation: UInt32 = 1) throws -> Connection {
        let descriptor = try FileDescriptor.open("/dev/null", O_RDONLY)
        var ids = RequestIDSource()
        let exchange = Exchange(
            id: ids.next(),
            startedAt: .now,
            peer: .control,
            method: .other,
            loop: 0
        )
        return Connection(
            Listener.Arrival(descriptor: descriptor, peer: .control),
            generation: generation,
            exchange: exchange
        )
    }

    var raw: CInt { descriptor.raw }
}

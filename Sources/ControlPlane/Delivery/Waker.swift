import Base
import HTTPServer

/// Wakes polls that wait, once there is a server to wake them in.
final class Waker: Sendable {
    private let server = Locked<HTTPServer?>(nil)

    func attach(_ started: HTTPServer) { server.withLock { $0 = started } }

    func wake(_ news: DocumentBook.News) {
        guard let server = server.withLock({ $0 }) else { return }
        switch news {
        case .everybody: server.wakeAll()
        case .some(let keys): for key in keys { server.wake(key) }
        }
    }
}

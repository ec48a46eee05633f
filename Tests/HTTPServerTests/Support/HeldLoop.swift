import Base
import TestSupport

/// Keeps a server's loop inside a handler, so that a test can arrange what it finds afterwards.
final class HeldLoop: Sendable {
    private let test: TestServer
    private let isHeld = Gate()
    private let goOn = Gate()
    private let client = Locked<RawClient?>(nil)

    init(_ test: TestServer) { self.test = test }

    /// The next request for /hook holds the loop.
    func arm() {
        test.responder.hook.withLock { hook in
            hook = { [isHeld, goOn] in
                isHeld.open()
                _ = goOn.wait()
            }
        }
    }

    func waitUntilHeld() -> Bool { isHeld.wait() }

    /// Sends such a request, and returns when the loop is held.
    func hold() throws {
        arm()
        let sender = try test.connect(sending: "GET /hook HTTP/1.1\r\nHost: a\r\n\r\n")
        client.withLock { $0 = sender }
        _ = waitUntilHeld()
    }

    func letGo() { goOn.open() }
}

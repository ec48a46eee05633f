import Base
import CLinux
import Glibc
import Testing
import TestSupport

@testable import HTTPServer

/// What requests leave behind in memory; each in a process of its own, where nobody else allocates.
@Suite struct AllocationTests {
    @Test func `twenty thousand requests leave nothing in memory`() async {
        await #expect(processExitsWith: .success) {
            try await withServer { test in
                let client = try test.connect()
                let batch = String(repeating: Text.hello, count: 50) + Text.post("/echo", "hello")
                func requests(_ batches: Int) throws {
                    for _ in 0..<batches {
                        try client.send(batch)
                        for _ in 0..<51 { try #require(try client.response()?.text == "hello") }
                    }
                }
                try requests(20)
                let before = mallinfo2().uordblks
                try requests(400)
                let after = mallinfo2().uordblks
                #expect(after < before + 64 << 10, "\(before) to \(after)")
            }
        }
    }

    @Test func `polls that come and go leave nothing in memory`() async {
        await #expect(processExitsWith: .success) {
            try await withServer { test in
                let clients = try (0..<50).map { _ in try test.connect() }
                func polls(_ rounds: Int) throws {
                    for _ in 0..<rounds {
                        for (key, client) in clients.enumerated() {
                            try client.send(Text.get("/park/\(key)"))
                        }
                        try #require(test.eventually { test.parked == 50 })
                        test.server.wakeAll()
                        for client in clients { try #require(try client.response()?.status == 200) }
                    }
                }
                try polls(10)
                let before = mallinfo2().uordblks
                try polls(100)
                let after = mallinfo2().uordblks
                #expect(after < before + 64 << 10, "\(before) to \(after)")
            }
        }
    }

    @Test func `connections that come and go leave nothing in memory`() async {
        await #expect(processExitsWith: .success) {
            try await withServer { test in
                func connections(_ count: Int) throws {
                    for _ in 0..<count {
                        let client = try test.connect(sending: Text.post("/slow-echo", "one") + "GET /hel")
                        try #require(try client.response()?.text == "one")
                    }
                    try #require(test.eventually { test.open == 0 })
                }
                try connections(100)
                let before = mallinfo2().uordblks
                try connections(1_000)
                let after = mallinfo2().uordblks
                #expect(after < before + 128 << 10, "\(before) to \(after)")
            }
        }
    }
}

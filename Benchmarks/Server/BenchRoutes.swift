import Base
import CAllocations
import ControlPlane
import HTTPServer
import Synchronization

/// Routes that do as little as possible, so that what is measured is the server around them.
final class BenchRoutes: ParkingHandler {
    private static let key: UInt64 = 1

    private let document: [UInt8]
    private let nothing = Array("{}".utf8)
    private let answered = Atomic<Int>(0)
    private let node = Locked<Node?>(nil)

    init() { document = Self.makeDocument() }

    func attach(_ started: Node) { node.withLock { $0 = started } }

    var all: [Route] {
        [
            Route(
                .get,
                "/bench/document",
                "BenchDocument",
                .anyCaller,
                pace: .unlimited,
                .immediate(sendDocument)
            ),
            Route(.get, "/bench/park", "BenchPark", .anyCaller, pace: .unlimited, .parking(self)),
            Route(.post, "/bench/wake", "BenchWake", .anyCaller, pace: .unlimited, .immediate(wake)),
            Route(.get, "/bench/parked", "BenchParked", .anyCaller, pace: .unlimited, .immediate(parked)),
            Route(
                .get,
                "/bench/allocations",
                "BenchAllocations",
                .anyCaller,
                pace: .unlimited,
                .immediate(allocations)
            ),
        ]
    }

    private func sendDocument(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        callocations_count_this_thread(true)
        return answer(document, &writer)
    }

    func respond(_ request: Request, _ exchange: inout Exchange, _ writer: inout ResponseWriter) -> Outcome {
        .parked(key: Self.key, until: exchange.startedAt + .seconds(50))
    }

    func resume(
        _ exchange: inout Exchange,
        _ reason: ResumeReason,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        answer(document, &writer)
    }

    private func wake(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        node.withLock { $0 }?.wake(Self.key)
        return answer(nothing, &writer)
    }

    private func parked(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        // What asking costs is not what is asked about.
        callocations_count_this_thread(false)
        defer { callocations_count_this_thread(true) }
        let count = node.withLock { $0 }?.loopCounts.map(\.parked).reduce(0, +) ?? 0
        return answer(JSON.object([.init("parked", .integer(Int64(count)))]).encoded, &writer)
    }

    private func allocations(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        // What asking costs is not what is asked about.
        callocations_count_this_thread(false)
        defer { callocations_count_this_thread(true) }
        let made = callocations_total()
        let requests = answered.load(ordering: .relaxed) + 1
        let body: JSON = ["allocations": .integer(Int64(made)), "requests": .integer(Int64(requests))]
        return answer(body.encoded, &writer)
    }

    private func answer(_ body: [UInt8], _ writer: inout ResponseWriter) -> Outcome {
        writer.start(.ok)
        writer.header("Content-Type", "application/json")
        writer.finish(body: body)
        answered.add(1, ordering: .relaxed)
        return .written
    }

    /// Three hundred bytes of JSON, the size of a small fault document.
    private static func makeDocument() -> [UInt8] {
        let start = Array(
            #"{"target":"arn:aws:lambda:us-east-1:000000000000:function:checkout","note":""#.utf8
        )
        let end = Array(#""}"#.utf8)
        return start + [UInt8](repeating: UInt8(ascii: "x"), count: 300 - start.count - end.count) + end
    }
}

import HTTPServer
import Synchronization

/// Requests by route and status, and how long they took; each loop counts in its own cells.
package final class RequestMetrics: Sendable {
    /// One route on one loop.
    private final class Cell: Sendable {
        let statuses = InlineArray<32, Atomic<Int>> { _ in Atomic(0) }
        let durations = Histogram()

        func count(_ place: Int, _ duration: Int64) {
            statuses[place].store(statuses[place].load(ordering: .relaxed) &+ 1, ordering: .relaxed)
            durations.record(duration)
        }
    }

    /// Every status this server answers with; one that is missing is counted under the last.
    static let statuses = [
        200, 204, 304, 400, 402, 403, 404, 405, 408, 409, 413, 414, 417, 429, 431, 500, 501, 503, 505, 0,
    ]
    private static let places: [UInt8] = (0..<600).map { code in
        UInt8(statuses.firstIndex(of: code) ?? statuses.count - 1)
    }

    /// Loop after loop, each with a cell for every route and one more for requests that found none.
    private let cells: [Cell]
    private let width: Int
    private let places = RequestMetrics.places

    package init(loops: Int, routes: Int) {
        width = routes + 1
        cells = (0..<loops * width).map { _ in Cell() }
    }

    func record(loop: Int, route: Int, status: Status, duration: Int64) {
        let index = loop * width + (route >= 0 && route < width ? route : width - 1)
        guard cells.indices.contains(index) else { return }
        let place = places.indices.contains(status.code) ? Int(places[status.code]) : Self.statuses.count - 1
        cells[index].count(place, duration)
    }

    /// One route over all loops; the number after the last route is for requests that found none.
    func total(route: Int) -> (byStatus: [(status: Int, count: Int)], durations: Histogram.Snapshot) {
        var counts = [Int](repeating: 0, count: Self.statuses.count)
        var durations = Histogram.Snapshot()
        for index in stride(from: route, to: cells.count, by: width) {
            for place in counts.indices {
                counts[place] += cells[index].statuses[place].load(ordering: .relaxed)
            }
            durations.add(cells[index].durations.snapshot)
        }
        let byStatus = zip(Self.statuses, counts).filter { $0.1 > 0 }.map { (status: $0.0, count: $0.1) }
        return (byStatus, durations)
    }
}

import HTTPServer
import Synchronization

/// Requests by route and status, and how long they took; each loop counts in its own cells.
package final class RequestMetrics: Sendable {
    /// One route on one loop.
    private final class Cell: Sendable {
        let statuses = InlineArray<32, Atomic<Int>> { _ in Atomic(0) }
        let durations = Histogram()
    }

    /// Every status this server answers with; one that is missing is counted under the last.
    static let statuses = [
        200, 204, 304, 400, 402, 403, 404, 405, 408, 409, 413, 414, 417, 429, 431, 500, 501, 503, 505, 0,
    ]
    private static let places: [UInt8] = (0..<600).map { code in
        UInt8(statuses.firstIndex(of: code) ?? statuses.count - 1)
    }

    private let cells: [[Cell]]
    private let places = RequestMetrics.places

    /// One row more than there are routes: for requests that found none.
    package init(loops: Int, routes: Int) {
        cells = (0..<loops).map { _ in (0...routes).map { _ in Cell() } }
    }

    func record(loop: Int, route: Int, status: Status, duration: Int64) {
        guard cells.indices.contains(loop) else { return }
        let row = cells[loop]
        let cell = row.indices.contains(route) ? row[route] : row[row.count - 1]
        let place = places.indices.contains(status.code) ? Int(places[status.code]) : Self.statuses.count - 1
        cell.statuses[place].store(cell.statuses[place].load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        cell.durations.record(duration)
    }

    /// One route over all loops; the number after the last route is for requests that found none.
    func total(route: Int) -> (byStatus: [(status: Int, count: Int)], durations: Histogram.Snapshot) {
        var counts = [Int](repeating: 0, count: Self.statuses.count)
        var durations = Histogram.Snapshot()
        for row in cells where row.indices.contains(route) {
            for place in counts.indices {
                counts[place] += row[route].statuses[place].load(ordering: .relaxed)
            }
            durations.add(row[route].durations.snapshot)
        }
        let byStatus = zip(Self.statuses, counts).filter { $0.1 > 0 }.map { (status: $0.0, count: $0.1) }
        return (byStatus, durations)
    }
}

import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

@Suite(.timeLimit(.minutes(10))) struct RetentionTests {
    @Test func `what ended longer ago than it is kept is forgotten, batch by batch, and nothing else`()
        async throws
    {
        try await History.lend { history in
            let now = history.time.now
            for number in 1...5 { try await history.run(number, ended: now + .seconds(-3_700)) }
            let young = try await history.run(6, ended: now + .seconds(-3_500))
            let running = try await history.run(7)
            let metrics = RunMetrics()
            let retention = Retention(
                database: history.database,
                kept: .seconds(3_600),
                time: history.time,
                metrics: metrics,
                batch: 2
            )
            #expect(try await retention.turn() == 5)
            #expect(try await retention.turn() == 0)
            for number in 1...5 { #expect(try await history.row(History.id(number)) == nil) }
            #expect(try await history.row(young) != nil)
            #expect(try await history.row(running) != nil)
            var page = MetricsPage()
            metrics.add(to: &page)
            #expect(page.text.contains("\nfaultplane_experiments_forgotten_total 5\n"))
        }
    }
}

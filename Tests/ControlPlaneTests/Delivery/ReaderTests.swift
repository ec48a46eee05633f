import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What a room knows of those who read a parameter: what they were told, and what may yet come of it.
@Suite struct ReaderTests {
    private static let key = TargetKey(account: .zero, target: "t")
    private static let start = Instant(nanoseconds: 1_000_000_000_000)
    private static let noon = Timestamp(nanoseconds: 1_790_000_000_000_000_000)
    private static let table = ParameterTable([])
    private static let lever = Lever(
        state: LeverState(status: "disengaged", epoch: 1),
        reason: "drill",
        engagementID: nil
    )

    private let book: DocumentBook

    init() {
        book = DocumentBook(lease: .seconds(15), census: InstanceCensus(limit: 1, accountLimit: 1))
        book.beaten(at: Self.start)
        _ = book.read(DocumentChanges(lever: Self.lever, documents: [], mark: .start), begunAt: Self.start)
    }

    /// A delay of the run R, on from one second to another.
    private func publish(_ change: Int64, from: Double = 0, to: Double = 300, isOn: Bool = true) {
        let fault: JSON = [
            "id": "R/A", "experimentId": "R", "actionId": "aws:lambda:invocation-add-delay",
            "parameters": [:],
            "notBefore": .number(1_790_000_000 + from), "notAfter": .number(1_790_000_000 + to),
        ]
        let faults: JSON = isOn ? [[.null, fault]] : []
        let document = PublishedDocument(lever: Self.lever, change: change, epoch: 1, faults: faults)
        _ = book.read(document, of: Self.key, at: Self.start)
    }

    private func parameter(_ name: String = "/p", _ dialect: Dialect = .chaosLambda) -> Parameter {
        let place = Parameters.Place(target: Self.key, dialect: dialect, qualifier: nil)
        return Parameter(name, arn: "arn", book.room(Self.key), place, Self.table)
    }

    @discardableResult
    private func read(_ second: Int64, _ parameter: Parameter? = nil) -> ParameterTurn.Outcome {
        let moment = Self.start + .seconds(second)
        book.beaten(at: moment)
        return book.turn(parameter ?? self.parameter(), at: moment, Self.noon + .seconds(second)).outcome
    }

    private func counted(_ second: Int64) -> FaultCoverage? {
        let time = DeploymentTime(
            clock: Clock(now: { Self.start + .seconds(second) }, wall: { Self.noon + .seconds(second) })
        )
        return book.room(Self.key).counted(at: Self.start + .seconds(second), epoch: 1, time).rows.first
    }

    private func withoutLease(_ second: Int64) -> InstanceCount {
        book.instances(confirming: 2, since: Self.start + .seconds(second), at: Self.start + .seconds(second))
    }

    @Test func `a name that is bound anew keeps what was told under it`() {
        publish(1)
        #expect(read(1) == .fault)
        #expect(read(2, parameter("/p", .failureLambda)) == .fault)
        #expect(counted(2)?.held == 1 && withoutLease(2).withoutLeaseCount == 1)
        publish(2, isOn: false)
        #expect(counted(3)?.withoutLease == 1 && counted(3)?.cleared == 0)
        #expect(read(4, parameter("/p", .failureLambda)) == .off)
        #expect(counted(4)?.cleared == 1)
        // 16 minutes for the library that keeps what it read for one.
        #expect(withoutLease(961).withoutLeaseCount == 1 && withoutLease(963).withoutLeaseCount == 0)
    }

    @Test func `readers of a name that leads elsewhere hold nothing, and may yet do what they read`() {
        publish(1)
        #expect(read(1) == .fault && counted(1)?.holding == 1)
        let binding = ParameterTable.Binding(
            name: "/p",
            target: Self.key,
            dialect: .chaosLambda,
            qualifier: nil
        )
        book.moved([binding])
        #expect(counted(2)?.holding == 0 && counted(2)?.withoutLease == 1 && counted(2)?.held == 1)
        #expect(read(3) == .fault && counted(3)?.holding == 1, "it leads here again")
    }

    @Test func `nobody who reads counts for a fault that has not begun`() {
        publish(1, from: 100, to: 200)
        #expect(read(1) == .off && counted(1)?.seen == 0)
        publish(2, from: 5, to: 105)
        #expect(counted(6)?.seen == 1 && counted(6)?.holding == 0)
        #expect(read(7) == .fault && counted(7)?.holding == 1)
    }

    @Test func `a fault begins and ends at its time for readers too, before anybody clears it`() {
        publish(1, from: 3, to: 6)
        #expect((1...8).map { read($0) } == [.off, .off, .fault, .fault, .fault, .off, .off, .off])
        #expect(counted(8)?.cleared == 1 && counted(8)?.withoutLease == 0)
    }

    @Test func `readers whom nobody remembers are counted for as long as they may act`() {
        publish(1)
        #expect(read(1) == .fault && read(1, parameter("/q")) == .fault, "there is room for one")
        let count = withoutLease(2)
        #expect(count.withoutLeaseCount == 2 && count.withoutLease.map(\.parameter) == ["/p"])
        #expect(withoutLease(500).withoutLeaseCount == 2 && withoutLease(902).withoutLeaseCount == 0)
    }

    @Test func `one parameter on two nodes is told off only if no other told it of a fault since`() throws {
        func count(_ fault: Int64, off: Int64?) throws -> ReaderCount {
            try #require(
                ReaderCount([
                    "000000000000", "t", "/p", "chaos_lambda", .integer(fault * 1_000_000_000),
                    off.map { .integer($0 * 1_000_000_000) } ?? .null,
                ])
            )
        }
        let cases: [(Int64?, Int64, Int64?, Int64?)] = [
            (nil, 30, 20, 20), (nil, 30, 40, nil), (5, 30, 40, 5), (5, 30, 8, 8),
        ]
        for (off, otherFault, otherOff, told) in cases {
            let merged = [try count(25, off: off), try count(otherFault, off: otherOff)].merged
            #expect(merged == [try count(25, off: told)], "\(String(describing: otherOff))")
        }
    }
}

import Base
import Experiments
import TestSupport
import Testing

@testable import ControlPlane

/// Every inquiry has one answer by the deadline, whatever its source does.
@Suite(.timeLimit(.minutes(2))) struct ConditionSourcesTests {
    private static let alarm = Inquiry(.alarm(AlarmQuestion(name: "errors")))
    private static let query = Inquiry(.prometheus(PrometheusQuestion(expression: "up == 0")))
    private static let page = Inquiry(.http(HTTPQuestion(url: "http://127.0.0.1/")))
    private static let lateness = Duration.seconds(20)

    private static func read(
        _ sources: ConditionSources,
        _ inquiries: [Inquiry],
        within limit: Duration = .seconds(60)
    ) async -> [Inquiry: [Reading]] {
        var answers: [Inquiry: [Reading]] = [:]
        for await (inquiry, reading) in sources.read(inquiries, by: .now + limit) {
            answers[inquiry, default: []].append(reading)
        }
        return answers
    }

    @Test func `all sources are asked, each its own questions, and the round ends with the last answer`()
        async
    {
        let sources = ConditionSources.scripted(
            prometheus: ScriptedSource.saying(.clear, "no element"),
            alarms: ScriptedSource.saying(.breached, "ALARM")
        )
        let began = Instant.now
        let answers = await Self.read(sources, [Self.alarm, Self.query, Self.page])
        #expect(Instant.now - began < Self.lateness)
        #expect(
            answers == [
                Self.alarm: [Reading(.breached, "ALARM", latency: .zero)],
                Self.query: [Reading(.clear, "no element", latency: .zero)],
                Self.page: [Reading(.unreadable, "nobody to ask", latency: .zero)],
            ]
        )
    }

    @Test func `nothing asked is answered at once`() async {
        #expect(await Self.read(.scripted(), []).isEmpty)
    }

    @Test func `equal inquiries are asked and answered once, and those of other accounts are not equal`()
        async
    {
        let asked = Locked<[Inquiry]>([])
        let counting = ScriptedSource { inquiries, _, answer in
            asked.withLock { $0 += inquiries }
            for inquiry in inquiries { answer(inquiry, Reading(.clear, "OK", latency: .zero)) }
        }
        let other = Inquiry(Self.alarm.question, scope: Inquiry.Scope(account: .zero, targets: []))
        let answers = await Self.read(.scripted(alarms: counting), [Self.alarm, other, Self.alarm])
        #expect(asked.withLock { $0 }.count == 2)
        #expect(answers.mapValues(\.count) == [Self.alarm: 1, other: 1])
    }

    @Test func `a source that never returns is unreadable at the deadline, and the others are not held up`()
        async
    {
        let gate = AsyncStream<Void>.makeStream()
        // Deaf to being called off too: what waits in a task of its own hears nothing of it.
        let deaf = ScriptedSource { _, _, _ in
            await Task {
                for await _ in gate.stream {}
            }.value
        }
        let sources = ConditionSources.scripted(
            prometheus: deaf,
            alarms: ScriptedSource.saying(.clear, "OK")
        )
        var order: [Inquiry] = []
        var last: Reading?
        for await (inquiry, reading) in sources.read([Self.query, Self.alarm], by: .now + .milliseconds(500))
        {
            order.append(inquiry)
            last = reading
        }
        gate.continuation.finish()
        #expect(order == [Self.alarm, Self.query])
        #expect(last?.finding == .unreadable)
        #expect(last?.value == "no answer within 0.5 s")
    }

    @Test func `a deadline that has passed leaves nobody without an answer`() async {
        let silent = ScriptedSource { _, _, _ in }
        let answers = await Self.read(.scripted(alarms: silent), [Self.alarm], within: .seconds(-1))
        #expect(answers == [Self.alarm: [Reading(.unreadable, "no answer within 0 s", latency: .zero)]])
    }

    @Test func `what is answered twice, unasked or too late is dropped`() async {
        let late = Locked<ScriptedSource.Answer?>(nil)
        let confused = ScriptedSource { inquiries, _, answer in
            answer(Self.page, Reading(.breached, "never asked", latency: .zero))
            for inquiry in inquiries {
                answer(inquiry, Reading(.clear, "first", latency: .zero))
                answer(inquiry, Reading(.breached, "second", latency: .zero))
            }
            late.withLock { $0 = answer }
        }
        let answers = await Self.read(
            .scripted(prometheus: ScriptedSource { _, _, _ in }, alarms: confused),
            [Self.alarm, Self.query],
            within: .milliseconds(300)
        )
        late.withLock { $0 }?(Self.query, Reading(.clear, "too late", latency: .zero))
        #expect(answers[Self.alarm] == [Reading(.clear, "first", latency: .zero)])
        #expect(answers[Self.query]?.map(\.value) == ["no answer within 0.3 s"])
        #expect(answers.count == 2)
    }

    @Test func `answers from many threads at once are one for each inquiry`() async {
        let inquiries = (0..<200).map { Inquiry(.alarm(AlarmQuestion(name: "alarm \($0)"))) }
        let crowd = ScriptedSource { inquiries, _, answer in
            await withTaskGroup(of: Void.self) { group in
                for inquiry in inquiries + inquiries.reversed() {
                    group.addTask { answer(inquiry, Reading(.clear, "OK", latency: .zero)) }
                }
            }
        }
        let answers = await Self.read(.scripted(alarms: crowd), inquiries)
        #expect(answers.count == 200)
        #expect(answers.values.allSatisfy { $0 == [Reading(.clear, "OK", latency: .zero)] })
    }

    @Test
    func `whoever stops listening calls the sources off, and one that answers there and then does no harm`()
        async throws
    {
        let began = AsyncStream<Void>.makeStream()
        let calledOff = Locked(false)
        let never = AsyncStream<Void>.makeStream()
        let patient = ScriptedSource { inquiries, _, answer in
            await withTaskCancellationHandler {
                began.continuation.finish()
                for await _ in never.stream {}
            } onCancel: {
                for inquiry in inquiries { answer(inquiry, Reading(.clear, "gone", latency: .zero)) }
                calledOff.withLock { $0 = true }
            }
        }
        let sources = ConditionSources.scripted(alarms: patient)
        let listening = Task {
            var heard = 0
            for await _ in sources.read([Self.alarm], by: .now + .seconds(600)) { heard += 1 }
            return heard
        }
        for await _ in began.stream {}
        listening.cancel()
        #expect(await listening.value == 0)
        #expect(await holds(within: .seconds(20)) { calledOff.withLock { $0 } })
    }
}

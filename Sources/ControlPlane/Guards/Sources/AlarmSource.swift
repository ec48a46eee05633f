import Base
import Experiments
import Store

/// The alarms that others push to us: read from the database, all that are asked for with one statement.
struct AlarmSource: ConditionSource {
    let database: DatabaseDoor
    let time: DeploymentTime

    func read(
        _ inquiries: [Inquiry],
        by deadline: Instant,
        _ answer: @escaping @Sendable (Inquiry, Reading) -> Void
    ) async {
        let began = Instant.now
        let asked = inquiries.compactMap { inquiry in inquiry.alarm.map { (inquiry, $0.question, $0.key) } }
        let keys = Set(asked.map(\.2))
        let found: [AlarmKey: Alarm]
        do throws(APIError) {
            found = try await database.statement { transaction throws(StoreError) in
                try transaction.alarmListWatched(keys)
            }
        } catch {
            let latency = Instant.now - began
            for (inquiry, _, _) in asked {
                answer(inquiry, Reading(.unreadable, error.message, latency: latency))
            }
            return
        }
        let (now, latency) = (time.now, Instant.now - began)
        for (inquiry, question, key) in asked {
            answer(inquiry, Self.reading(question, found[key], at: now, latency: latency))
        }
    }

    /// What an alarm says at that moment, if it still says anything.
    static func reading(
        _ question: AlarmQuestion,
        _ alarm: Alarm?,
        at now: Timestamp,
        latency: Duration
    ) -> Reading {
        guard let alarm else {
            let name = EchoedText(question.name)
            return Reading(.unreadable, "there is no alarm \"\(name)\"", latency: latency)
        }
        let (age, limit) = (max(.zero, now - alarm.newsAt), question.maxAge ?? alarm.maxAge)
        if age > limit {
            let (old, most) = (age.components.seconds, limit.components.seconds)
            let reason = "its last news is \(old) s old, more than \(most) s"
            return Reading(.unreadable, reason, latency: latency)
        }
        guard let state = AlarmState(rawValue: alarm.state) else {
            let reason = "it is in the state \(EchoedText(alarm.state)), which this version does not know"
            return Reading(.unreadable, reason, latency: latency)
        }
        let value = alarm.reason.map { "\(state.rawValue) (\(EchoedText($0)))" } ?? state.rawValue
        return Reading(question.breaching.contains(state) ? .breached : .clear, value, latency: latency)
    }
}

extension Inquiry {
    /// The alarm that is asked for, and whose it is.
    fileprivate var alarm: (question: AlarmQuestion, key: AlarmKey)? {
        guard case .alarm(let question) = question, let scope else { return nil }
        return (question, AlarmKey(account: scope.account, name: question.name))
    }
}

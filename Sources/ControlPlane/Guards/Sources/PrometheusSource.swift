import Base
import Experiments
import WebClient

/// Instant queries to a Prometheus, or to whoever speaks its protocol.
struct PrometheusSource: ConditionSource {
    let url: WebURL
    let auth: PrometheusAuth
    let client: SourceClient

    func read(
        _ inquiries: [Inquiry],
        by deadline: Instant,
        _ answer: @escaping @Sendable (Inquiry, Reading) -> Void
    ) async {
        let peer: WebPeer
        do throws(SourceFailure) {
            peer = WebPeer(.url(url.origin), proof: try auth.proof())
        } catch {
            for each in inquiries { answer(each, Reading(.unreadable, error.reason, latency: .zero)) }
            return
        }
        await withDiscardingTaskGroup { group in
            for inquiry in inquiries {
                guard case .prometheus(let question) = inquiry.question else { continue }
                group.addTask { answer(inquiry, await reading(question, of: peer, by: deadline)) }
            }
        }
    }

    private func reading(
        _ question: PrometheusQuestion,
        of peer: WebPeer,
        by deadline: Instant
    ) async -> Reading {
        async let asked = ask(question.expression, of: peer, by: deadline)
        guard let requires = question.requires else {
            let (found, latency) = await asked
            return question.reading(found, latency: latency)
        }
        let (basis, second) = await ask(requires, of: peer, by: deadline)
        let (found, first) = await asked
        let latency = max(first, second)
        if let doubt = question.doubt(of: basis) { return Reading(.unreadable, doubt, latency: latency) }
        return question.reading(found, latency: latency)
    }

    private func ask(
        _ expression: String,
        of peer: WebPeer,
        by deadline: Instant
    ) async -> (PrometheusAnswer, Duration) {
        let limit = max(100, (deadline - .now).nanoseconds / 1_000_000)
        let query = "query=\(expression.queryEncoded)&timeout=\(limit)ms"
        var request = WebRequest("GET", "\(url.folder)/api/v1/query?\(query)", headers: Self.headers)
        request.redirects = 3
        // The path has the time that is left in it, which differs.
        request.turn = expression
        let outcome = await client.ask(request, of: peer, by: deadline)
        switch outcome.result {
        case .success(let answer):
            return (PrometheusAnswer(answer, now: client.clock.wall()), outcome.latency)
        case .failure(let error): return (.unreadable(error.description.shortened(to: 200)), outcome.latency)
        }
    }

    private static let headers = [WebHeader("Accept", "application/json")]
}

extension PrometheusQuestion {
    /// Why the expression that must yield something is none to rely on; nil where it does.
    func doubt(of basis: PrometheusAnswer) -> String? {
        let name = (requires ?? "").quoted
        switch basis {
        case .vector(let elements): return elements.isEmpty ? "\(name) yields nothing" : nil
        case .endless: return nil
        case .unreadable(let reason): return "\(name): \(reason)"
        }
    }

    /// What an answer means.
    func reading(_ answer: PrometheusAnswer, latency: Duration) -> Reading {
        let threshold = tolerance?.breach ?? ""
        func reading(_ finding: Reading.Finding, _ value: String) -> Reading {
            Reading(finding, value, threshold: finding == .unreadable ? "" : threshold, latency: latency)
        }
        switch answer {
        case .unreadable(let reason): return reading(.unreadable, reason)
        case .endless:
            let value = "more elements than fit into \(SourceClient.answerLimit) bytes"
            return reading(tolerance == nil ? .breached : .unreadable, value)
        case .vector(let elements):
            guard let tolerance else {
                guard let first = elements.first else { return reading(.clear, "no element") }
                return reading(.breached, "\(Self.count(elements.count)), \(first.text)")
            }
            guard let first = elements.first else { return reading(.unreadable, "no element") }
            if let odd = elements.first(where: { $0.number == nil }) {
                return reading(.unreadable, "\(odd.text) is no number")
            }
            let outside = elements.filter { !tolerance.accepts($0.number ?? .nan) }
            guard let worst = outside.first else {
                return reading(
                    .clear,
                    elements.count == 1 ? first.text : "\(Self.count(elements.count)), \(first.text)"
                )
            }
            let value =
                elements.count == 1
                ? worst.text : "\(outside.count) of \(Self.count(elements.count)), \(worst.text)"
            return reading(.breached, value)
        }
    }

    private static func count(_ count: Int) -> String { count == 1 ? "1 element" : "\(count) elements" }
}

extension Tolerance {
    /// What is outside of it, such as `below 0.9` or `outside 1 to 5`; empty where nothing is.
    var breach: String {
        switch (min, max) {
        case (let min?, let max?): "outside \(min.plain) to \(max.plain)"
        case (let min?, nil): "below \(min.plain)"
        case (nil, let max?): "above \(max.plain)"
        case (nil, nil): ""
        }
    }
}

extension Double {
    /// Without the point where there is nothing behind it.
    var plain: String { self == rounded() && abs(self) < 1e15 ? "\(Int64(self))" : "\(self)" }
}

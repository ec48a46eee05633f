import Base
import WebClient

/// What Prometheus said to an instant query: a vector, or why it is none that can be believed.
enum PrometheusAnswer: Equatable {
    case vector([Element])
    /// More elements than are read.
    case endless
    case unreadable(String)

    struct Element: Equatable {
        /// As PromQL writes them, without the metric's name.
        let labels: String
        /// As Prometheus wrote it; nil for a histogram.
        let value: String?

        var number: Double? { value.flatMap { Double($0) } }

        var text: String { "\(labels.shortened(to: 120)) \((value ?? "a histogram").shortened(to: 32))" }
    }

    /// How far its time may be from ours.
    static let tolerance: Double = 60

    init(_ answer: WebAnswer, now: Timestamp) {
        if let stale = Self.staleness(of: answer["Date"].flatMap { Timestamp(httpDate: $0)?.seconds }, now) {
            self = .unreadable(stale)
            return
        }
        if answer.isCut, answer.isSuccess {
            let begins = String(decoding: answer.body.prefix(200), as: UTF8.self).filter { $0 != " " }
            let isVector = begins.contains(#""resultType":"vector","result":[{"#)
            self =
                isVector
                ? .endless : .unreadable("the answer is longer than \(SourceClient.answerLimit) bytes")
            return
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: answer.body)
        } catch {
            self = .unreadable(answer.isSuccess ? "the answer is no JSON: \(error.reason)" : answer.refusal())
            return
        }
        guard answer.isSuccess, json["status"]?.text == "success" else {
            let words = [json["errorType"]?.text, json["error"]?.text].compactMap { $0 }.joined(
                separator: ": "
            )
            self = .unreadable(answer.refusal(words.isEmpty ? nil : words))
            return
        }
        let kind = json["data"]?["resultType"]?.text
        guard kind == "vector", let result = json["data"]?["result"]?.elements else {
            self = .unreadable(Self.otherKind(kind))
            return
        }
        self = Self.vector(result, now)
    }

    private static func vector(_ result: [JSON], _ now: Timestamp) -> PrometheusAnswer {
        var elements: [Element] = []
        for each in result {
            let isHistogram = each["histogram"] != nil
            guard let metric = each["metric"]?.members, let sample = each["value"] ?? each["histogram"],
                let time = sample[0]?.double, isHistogram || sample[1]?.text != nil
            else { return .unreadable("the answer is no vector as Prometheus gives one") }
            if let stale = staleness(of: time, now) { return .unreadable(stale) }
            elements.append(
                Element(labels: labels(metric), value: isHistogram ? nil : sample[1]?.text)
            )
        }
        return .vector(elements)
    }

    private static func otherKind(_ kind: String?) -> String {
        guard let kind else { return "the answer is no result of a query" }
        return "the expression yields a \(kind.shortened(to: 20)) and no vector"
    }

    private static func labels(_ metric: [JSON.Member]) -> String {
        let named = metric.filter { $0.name != "__name__" }.sorted { $0.name < $1.name }
        return "{" + named.map { "\($0.name)=\"\($0.value.text ?? "")\"" }.joined(separator: ", ") + "}"
    }

    /// What is against an answer of that time; nil where it is of now.
    private static func staleness(of seconds: Double?, _ now: Timestamp) -> String? {
        guard let seconds else { return nil }
        let age = now.seconds - seconds
        guard abs(age) > tolerance else { return nil }
        // Whoever writes times chooses them.
        let whole = Int64(max(-1e15, min(1e15, age)))
        return age > 0
            ? "stale answer, \(whole) s old"
            : "the answer's time is \(-whole) s ahead of this server's clock"
    }
}

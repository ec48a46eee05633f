import Base
import Experiments
import WebClient

/// What CloudWatch said to DescribeAlarms.
enum CloudWatchAnswer: Equatable {
    case page(Page)
    /// It is asked too often, and says so.
    case throttled(String)
    case unreadable(String)

    struct Page: Equatable {
        /// By the alarm's ARN.
        var states: [String: AlarmState] = [:]
        /// Alarms in states that nobody knows.
        var odd: [String: String] = [:]
        /// The ARNs by name, for whoever looks for another account's.
        var names: [String: String] = [:]
        var next: String?
    }

    /// `origin` is where the credentials are from.
    init(_ answer: WebAnswer, credentials origin: String) {
        let json = answer.isCut ? nil : try? JSON(parsing: answer.body)
        guard answer.isSuccess else {
            self = Self.refusal(answer, json, origin)
            return
        }
        guard let json, json.members != nil else {
            let what = answer.isCut ? "longer than \(SourceClient.answerLimit) bytes" : "no JSON"
            self = .unreadable("CloudWatch's answer is \(what)")
            return
        }
        var page = Page()
        for list in ["MetricAlarms", "CompositeAlarms"] {
            for alarm in json[list]?.elements ?? [] {
                guard let arn = alarm["AlarmArn"]?.text, let state = alarm["StateValue"]?.text else {
                    continue
                }
                if let name = alarm["AlarmName"]?.text { page.names[name] = arn }
                if let known = AlarmState(rawValue: state) {
                    page.states[arn] = known
                } else {
                    page.odd[arn] = state.shortened(to: 40)
                }
            }
        }
        page.next = json["NextToken"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        self = .page(page)
    }

    private static let throttles: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
        "RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown",
        "LimitExceededException", "BandwidthLimitExceeded",
    ]
    private static let expirations: Set<String> = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"]

    private static func refusal(_ answer: WebAnswer, _ json: JSON?, _ origin: String) -> CloudWatchAnswer {
        // As `namespace#Code` or `Code:URL`, in the body or in a header; some gateways speak in XML.
        let typed = json?["__type"]?.text ?? json?["code"]?.text ?? answer["x-amzn-ErrorType"] ?? ""
        let queried = answer["x-amzn-query-error"]?.split(separator: ";").first.map(String.init)
        let stated = typed.split(separator: "#").last?.split(separator: ":").first.map(String.init)
        let code = (queried ?? stated ?? Self.tag("Code", in: answer.body) ?? "").shortened(to: 60)
        let message = json?["message"]?.text ?? json?["Message"]?.text ?? Self.tag("Message", in: answer.body)
        let words = [code, (message ?? "").shortened(to: 200)].filter { !$0.isEmpty }.joined(separator: ": ")
        let said = "CloudWatch \(answer.refusal(words.isEmpty ? nil : words))"
        if answer.status == 429 || answer.status == 503 || throttles.contains(code) {
            return .throttled(said)
        }
        if expirations.contains(code) {
            return .unreadable("\(said) (the credentials of \(origin) have expired)")
        }
        if answer.status == 401 || answer.status == 403 {
            return .unreadable("\(said) (credentials of \(origin))")
        }
        return .unreadable(said)
    }

    /// What stands between the first two tags of that name.
    private static func tag(_ name: String, in body: [UInt8]) -> String? {
        let text = String(decoding: body.prefix(4_000), as: UTF8.self)
        guard let start = text.firstRange(of: "<\(name)>")?.upperBound,
            let end = text[start...].firstRange(of: "</\(name)>")?.lowerBound
        else { return nil }
        return String(text[start..<end])
    }
}

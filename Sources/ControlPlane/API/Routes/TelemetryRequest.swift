import Base
import Experiments
import HTTPServer

/// Whose figures are wanted, and of when.
struct TelemetryRequest: Sendable {
    private(set) var target: String?
    private(set) var experiment: String?
    /// In seconds since 1970; nil where it goes by the run, or by now.
    private(set) var from: Double?
    private(set) var to: Double?
    /// In seconds.
    private(set) var step: Int64 = 5

    init(_ request: Request, region: String, account: AccountID) throws(APIError) {
        var problems: [String] = []
        for (name, value) in request.queryPairs {
            let text = value ?? ""
            func refuse(_ accepted: String) {
                problems.append("\(name) is \"\(EchoedText(text))\": \(accepted)")
            }
            switch name {
            case "target":
                target = ARN(target: text, region: region, account: account)?.description
                if target == nil { refuse("an ARN or the name of a function is accepted") }
            case "experiment":
                experiment = ExperimentID(text)?.description
                if experiment == nil { refuse("the id of an experiment is accepted") }
            case "from":
                from = Self.moment(text)
                if from == nil { refuse("a number of seconds since 1970 is accepted") }
            case "to":
                to = Self.moment(text)
                if to == nil { refuse("a number of seconds since 1970 is accepted") }
            case "step":
                if let seconds = Int64(text), (5...3_600).contains(seconds), seconds % 5 == 0 {
                    step = seconds
                } else {
                    refuse("a number of seconds from 5 to 3600 that can be divided by 5 is accepted")
                }
            default: continue
            }
        }
        if problems.isEmpty, target == nil, experiment == nil {
            problems.append("target is missing: target=ARN, experiment=ID or both are accepted")
        }
        if let from, let to, from >= to {
            problems.append("to is not later than from: a later moment is accepted")
        }
        if !problems.isEmpty { throw APIError(.validation, problems: problems) }
    }

    private static func moment(_ text: String) -> Double? {
        Double(text).flatMap { (0...4_000_000_000).contains($0) ? $0 : nil }
    }
}

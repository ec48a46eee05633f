import Base

/// What the lever says of itself, and whom it stopped.
struct Halt {
    private let answer: JSON

    /// Takes what `/emergency-stop` answers.
    init(_ answer: JSON) { self.answer = answer }

    /// The word of the lever; it is engaging as long as a run that it stopped has not ended.
    private var status: String? {
        let status = answer["status"]?.text
        return status == "engaging" ? "engaging; nothing starts, and what ran is being stopped" : status
    }

    var lines: [String] {
        let texts = [
            ("lever", status), ("reason", answer["reason"]?.text),
            ("epoch", answer["epoch"]?.whole.map { String($0) }),
            ("engagement", answer["engagementId"]?.text),
            ("since", answer["engagedAt"]?.moment.map { Output.time($0) }),
        ]
        return texts.compactMap { name, text in
            text.flatMap { text in
                text.isEmpty
                    ? nil
                    : name + String(repeating: " ", count: 12 - name.count) + Output.printable(text)
            }
        }
    }

    /// The runs that this call stopped; those of others are counted.
    var stopped: String {
        let names = (answer["experimentsStopped"]?.elements ?? []).compactMap(\.text).map { arn in
            "            "
                + Output.printable(arn.lastIndex(of: "/").map { String(arn[$0...].dropFirst()) } ?? arn)
        }
        let others = answer["experimentsStoppedOfOtherAccounts"]?.whole ?? 0
        let head =
            "stopped     \(names.isEmpty ? "no" : String(names.count)) run\(names.count == 1 ? "" : "s")"
        let more = others > 0 ? ["            and \(others) of other accounts"] : []
        return ([head] + names + more).joined(separator: "\n")
    }
}

import Base

/// One event of a run, as the API tells it.
struct RunNews {
    let kind: String
    let subject: String
    let from: String?
    let to: String
    let reason: String
    let at: Timestamp

    init?(_ json: JSON) {
        guard let kind = json["kind"]?.text, let subject = json["subject"]?.text, let to = json["to"]?.text,
            let at = json["time"]?.moment
        else { return nil }
        self.kind = kind
        self.subject = subject
        self.to = to
        self.at = at
        from = json["from"]?.text
        reason = json["reason"]?.text ?? ""
    }

    /// The event in one line, for logs and pipes.
    var line: String {
        let noun = kind.prefix { $0 != "." }
        let change = from.map { "\($0) -> \(to)" } ?? to
        let why = reason.isEmpty ? "" : ": \(reason)"
        return CalendarTime(at).iso8601 + "  " + Output.printable("\(noun) \(subject)  \(change)\(why)")
    }
}

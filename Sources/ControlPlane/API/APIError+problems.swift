extension APIError {
    /// The longest message that FIS's model lets an error have.
    private static let messageLimit = 1_024

    /// The message as it is sent: one that names what a caller made long is cut.
    var shownMessage: String {
        if Self.fits(message) { return message }
        return String(message.unicodeScalars.prefix(Self.messageLimit - 1)) + "…"
    }

    /// Everything that is wrong with a request, in one answer: in the message as much as it may hold, and where that is not all of it,
    /// all of it beside the message.
    init(_ code: ErrorCode, problems: [String]) {
        let whole = problems.joined(separator: "; ") + "."
        if Self.fits(whole) {
            self.init(code, whole)
        } else {
            self.init(code, Self.beginning(of: problems))
            self.problems = problems
        }
    }

    private static func fits(_ message: String) -> Bool { message.unicodeScalars.count <= messageLimit }

    private static func beginning(of problems: [String]) -> String {
        var shown = problems
        while true {
            let hidden = problems.count - shown.count
            let more = "and \(hidden) more, all of them in the member problems."
            let message = (shown + [more]).joined(separator: "; ")
            if hidden > 0, fits(message) || shown.isEmpty { return message }
            shown.removeLast()
        }
    }
}

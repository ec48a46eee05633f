import Base
import FaultClient

/// How things stand for an injector, in a few words.
enum Standing: Equatable, Sendable {
    /// The server has said nothing yet.
    case unheard
    /// The server could not say what is on.
    case notSure(String)
    /// Too long ago was the last answer.
    case trustEnded
    case told(Int64, [TargetFault])

    var text: String {
        switch self {
        case .unheard: "nothing heard yet"
        case .notSure(let reason): "not sure: \(reason)"
        case .trustEnded: "trust ended"
        case .told(let version, let faults) where faults.isEmpty: "version \(version): nothing"
        case .told(let version, let faults):
            "version \(version): \(faults.count) fault\(faults.count == 1 ? "" : "s"); "
                + faults.map(Self.text).joined(separator: "; ")
        }
    }

    private static func text(_ fault: TargetFault) -> String {
        "\(fault.id) \(fault.actionID) until \(TerminalLine.time(Timestamp(seconds: fault.notAfter)))"
    }
}

/// Lines for a person to read, each with its time of day in UTC.
enum TerminalLine {
    static func text(_ text: String, at moment: Timestamp = .now) -> String {
        // What others wrote must not move the cursor.
        let shown = text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : $0 }
        return "\(time(moment))  \(String(String.UnicodeScalarView(shown)))\n"
    }

    /// As in `12:00:03.201`.
    static func time(_ moment: Timestamp) -> Substring {
        CalendarTime(moment).iso8601.dropFirst(11).dropLast()
    }
}

/// Takes a stream of server-sent events apart (WHATWG HTML, section 9.2), wherever the network has cut it.
struct EventStream {
    /// One event: what it is called, what it carries, and the place to go on from after it.
    struct Event: Equatable {
        var name = ""
        var data = ""
    }

    /// The last event's own number, for whoever has to ask again.
    private(set) var lastID = ""
    private var line: [UInt8] = []
    private var event = Event()

    /// No event of ours is near as long; a peer that sends longer lines is not one of ours.
    private static let limit = 1 << 20

    /// The events that these bytes complete.
    mutating func take(_ bytes: [UInt8]) -> [Event] {
        var found: [Event] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                if line.count < Self.limit { line.append(byte) }
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if let event = end(of: String(decoding: line, as: UTF8.self)) { found.append(event) }
            line.removeAll(keepingCapacity: true)
        }
        return found
    }

    /// Forgets what was cut off when the connection was lost.
    mutating func startAgain() {
        line = []
        event = Event()
    }

    private mutating func end(of line: String) -> Event? {
        guard !line.isEmpty else {
            defer { event = Event() }
            return event.data.isEmpty ? nil : event
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts.count > 1 ? parts[1] : ""
        let value = String(rest.first == " " ? rest.dropFirst() : rest)
        switch parts[0] {
        case "id": lastID = value
        case "event": event.name = value
        case "data" where event.data.utf8.count < Self.limit:
            event.data += (event.data.isEmpty ? "" : "\n") + value
        default: break
        }
        return nil
    }
}

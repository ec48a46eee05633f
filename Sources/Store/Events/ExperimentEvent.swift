package import Base

/// One recorded change of a run, as it lies in the database.
///
/// That may be anything by now, if somebody has been at it: what cannot be read is empty, and fits no digest.
package struct ExperimentEvent: Equatable, Sendable {
    package let number: Int
    package let payload: JSON
    package let digest: [UInt8]

    /// The events of the rows `step`, one for each row of the statement.
    static let listed: Query = """
        json_array_elements(CASE json_typeof(step.events) WHEN 'array' THEN step.events ELSE '[]' END)
            WITH ORDINALITY AS listed (event, place)
        """
    static let columns: Query = "event ->> 'number', event -> 'payload', event ->> 'digest'"

    init(_ row: inout Row) throws(StoreError) {
        number = try row.nextIfAny(String.self).flatMap { Int($0) } ?? 0
        payload = try row.nextIfAny(String.self).flatMap { JSON(column: $0) } ?? .null
        digest = try row.nextIfAny(String.self).flatMap { Hex.decode($0.utf8) } ?? []
    }
}

/// One event of a run on its way into the database, already linked to the one before it.
package struct LinkedEvent: Equatable, Sendable {
    package let number: Int
    /// JSON, as the digest covers it.
    package let payload: [UInt8]
    package let digest: [UInt8]

    package init(number: Int, payload: [UInt8], digest: [UInt8]) {
        self.number = number
        self.payload = payload
        self.digest = digest
    }

    /// What `ExperimentEvent` reads, for a whole step.
    static func column(_ events: [LinkedEvent]) -> String {
        var text: [UInt8] = [UInt8(ascii: "[")]
        text.reserveCapacity(events.reduce(2) { $0 + $1.payload.count + 112 })
        for event in events {
            text.append(text.count > 1 ? #",{"number":"# : #"{"number":"#)
            text.append(String(event.number))
            text.append(#","payload":"#)
            text += event.payload
            text.append(#","digest":""#)
            text.append(Hex.encode(event.digest))
            text.append(#""}"#)
        }
        text.append(UInt8(ascii: "]"))
        return String(decoding: text, as: UTF8.self)
    }
}

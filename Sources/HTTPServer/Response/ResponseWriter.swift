import Base

/// Writes answers straight into the loop's output: no objects, and no allocation beyond the buffer's growth.
///
/// An answer is `start`, any number of `header`s, then `finish`. The general headers are added by itself.
package struct ResponseWriter: ~Copyable {
    /// What has been written and not been sent.
    var output = OutputBuffer(capacity: 1 << 16)
    private(set) var status: Status?
    private(set) var closes = false
    private var omitsBody = false
    private var isOldVersion = false
    private var requestID = RequestID(high: 0, low: 0)
    /// The lines that change once a second, ready to be copied: the date, and the name of the header that follows.
    private var dateLines: [UInt8] = []

    /// Once a second.
    mutating func setDate(_ date: String) {
        dateLines = Array("\r\nDate: \(date)\r\nx-amzn-RequestId: ".utf8)
    }

    /// Before each answer: what the request demands of it.
    mutating func prepare(_ id: RequestID, _ shape: Connection.AnswerShape) {
        requestID = id
        status = nil
        omitsBody = shape.omitsBody
        closes = shape.closes
        isOldVersion = !shape.takesChunks
    }

    /// The connection ends after this answer.
    package mutating func closeAfter() { closes = true }

    package mutating func start(_ status: Status) {
        self.status = status
        output.append(status.line)
        output.append(dateLines)
        requestID.withText { output.append($0) }
        output.append("\r\n")
    }

    package mutating func header(_ name: StaticString, _ value: StaticString) {
        output.append(header: name, value)
    }

    /// A value made at run time; what could end the line is replaced, so that no value can become a header.
    package mutating func header(_ name: StaticString, text value: String) {
        output.append(name)
        output.append(": ")
        for byte in value.utf8 { output.append(Characters.isFieldText(byte) ? byte : Characters.space) }
        output.append("\r\n")
    }

    package mutating func header(_ name: StaticString, number: Int) {
        header(name, .plain(Int64(number)))
    }

    /// A value that no text needs to be made of.
    package mutating func header(_ name: StaticString, _ value: HeaderNumber) {
        output.append(header: name, value)
    }

    /// Ends an answer whose whole body is known.
    package mutating func finish(body: [UInt8] = []) {
        let hasBody = status?.hasBody ?? true
        if hasBody { header("Content-Length", number: body.count) }
        connectionHeader()
        output.append("\r\n")
        if hasBody, !omitsBody { output.append(body) }
    }

    /// Ends the head of an answer whose body follows piece by piece.
    mutating func finishHead(chunked: Bool) {
        if chunked { header("Transfer-Encoding", "chunked") }
        connectionHeader()
        output.append("\r\n")
    }

    /// Since HTTP/1.1 staying is understood; before it, leaving was (RFC 9112 appendix C.2.2).
    private mutating func connectionHeader() {
        if closes { return header("Connection", "close") }
        if isOldVersion { header("Connection", "keep-alive") }
    }

    /// One piece of an answer that is sent piece by piece.
    mutating func piece(_ piece: [UInt8], chunked: Bool) {
        if chunked { output.append(Array("\(String(piece.count, radix: 16))\r\n".utf8)) }
        output.append(piece)
        if chunked { output.append("\r\n") }
    }

    mutating func lastPiece() { output.append("0\r\n\r\n") }

    /// A line before the answer, such as 100 Continue.
    mutating func interim(_ line: StaticString) {
        output.append(line)
        output.append("\r\n\r\n")
    }
}

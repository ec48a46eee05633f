import Base

/// An answer as it came over the wire.
package struct RawResponse: Sendable {
    package let status: Int
    package let headers: [String: String]
    package var body: [UInt8] = []

    init(head: String) throws {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let first = lines[0].split(separator: " ")
        guard first.count >= 2, first[0] == "HTTP/1.1", let status = Int(first[1]) else {
            throw RawClientError.malformed("status line \(lines[0])")
        }
        self.status = status
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else {
                throw RawClientError.malformed("header \(line)")
            }
            let name = line[..<colon].lowercased()
            if headers[name] != nil { throw RawClientError.malformed("header \(name) stands twice") }
            headers[name] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        self.headers = headers
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    package var json: JSON? { try? JSON(parsing: body) }

    var hasBody: Bool { status != 204 && status != 304 && status >= 200 }
}

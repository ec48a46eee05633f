/// Requests as they stand on the wire.
enum Text {
    static let hello = get("/hello")

    static func get(_ path: String, _ headers: String = "", version: String = "1.1") -> String {
        "GET \(path) HTTP/\(version)\r\nHost: a\r\n\(headers)\r\n"
    }

    static func head(_ path: String) -> String { "HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }

    static func post(_ path: String, _ body: String, _ headers: String = "") -> String {
        postHead(path, length: body.utf8.count, headers) + body
    }

    static func postHead(_ path: String, length: Int, _ headers: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\(headers)\r\n"
    }
}

import Base
import CPostgres

/// Where the database is: anything libpq understands, several hosts and all.
///
/// It may hold a password, so its description names only hosts and database.
package struct DatabaseAddress: Sendable, CustomStringConvertible {
    private let text: Secret
    private let password: Secret?
    private let databaseName: String?
    package let description: String

    package init(_ text: String) throws(StoreError) {
        if Self.hasStrayMarks(text) { throw .address(.passwordUnescaped) }
        guard let options = Self.options(text) else { throw .address(.unreadable) }
        self.text = Secret(text: text)
        password = options["password"].map { Secret(text: $0) }
        databaseName = nil
        description = Self.describe(options)
    }

    /// A server of this machine, by the folder its socket is in.
    package init(socketFolder: String, user: String, database: String) throws(StoreError) {
        let quoted = [("host", socketFolder), ("user", user), ("dbname", database)].map { keyword, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
            return "\(keyword)='\(escaped)'"
        }
        try self.init(quoted.joined(separator: " "))
    }

    private init(_ other: DatabaseAddress, database: String) {
        text = other.text
        password = other.password
        databaseName = database
        description = other.description + ", database \(database)"
    }

    /// The same server, another database on it.
    package func database(_ name: String) -> DatabaseAddress { DatabaseAddress(self, database: name) }

    /// Keywords and values for libpq.
    ///
    /// What stands before the address is a default that it may override; what stands after is fixed.
    func parameters(limits: SessionLimits, application: String) -> [(keyword: String, value: String)] {
        let defaults = [
            ("connect_timeout", "\(max(2, limits.connect.components.seconds))"),
            ("tcp_user_timeout", "\(limits.silence.nanoseconds / 1_000_000)"),
            ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "3"),
            ("target_session_attrs", "read-write"), ("application_name", application),
        ]
        let fixed = [("client_encoding", "UTF8")] + (databaseName.map { [("dbname", $0)] } ?? [])
        return defaults + [("dbname", text.revealed)] + fixed
    }

    /// A message of libpq's, with the password taken out should it ever be in.
    func scrubbed(_ message: String) -> String {
        guard let password, !password.bytes.isEmpty else { return message }
        return message.replacing(password.revealed, with: "(password)")
    }

    /// True for a URL in which libpq would take a part of the password for a host or port, and name it in messages.
    private static func hasStrayMarks(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        let rest = text[scheme.upperBound...].prefix { $0 != "?" }
        let authority = rest.prefix { $0 != "/" }
        let marks = authority.count { $0 == "@" }
        return marks > 1 || rest.count { $0 == "@" } > marks
    }

    private static func options(_ text: String) -> [String: String]? {
        guard !text.isEmpty, let list = unsafe PQconninfoParse(text, nil) else { return nil }
        defer { unsafe PQconninfoFree(list) }
        var options: [String: String] = [:]
        var next = unsafe list
        while let keyword = unsafe next.pointee.keyword {
            if let value = unsafe next.pointee.val {
                unsafe options[String(cString: keyword)] = String(cString: value)
            }
            unsafe next += 1
        }
        return options
    }

    private static func describe(_ options: [String: String]) -> String {
        let host = options["host"] ?? options["hostaddr"] ?? "the default host"
        let port = options["port"].map { ", port \($0)" } ?? ""
        let database = options["dbname"].map { ", database \($0)" } ?? ""
        return host + port + database
    }
}

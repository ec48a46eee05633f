import Base
import CPostgres
import Glibc

/// One session with the server; it ends when its owner lets go of it.
///
/// Its calls block, but never for longer than its limits: the answer is waited for here and not inside libpq, so a server
/// that is stopped, cut off or thrashing costs a session and no more.
@safe
struct Connection: ~Copyable {
    private let raw: OpaquePointer
    private let notices: Notices
    private let address: DatabaseAddress
    private let limits: SessionLimits
    private let statements = StatementCache()

    private init(
        adopting raw: OpaquePointer,
        _ address: DatabaseAddress,
        _ limits: SessionLimits,
        _ notices: Notices
    ) {
        unsafe self.raw = unsafe raw
        self.address = address
        self.limits = limits
        self.notices = notices
    }

    /// Connects, which may take as long as the limit for each host of the address.
    static func open(
        _ address: DatabaseAddress,
        limits: SessionLimits,
        application: String,
        log: Logger
    ) throws(StoreError) -> Connection {
        let parameters = address.parameters(limits: limits, application: application)
        let keywords = CStrings(parameters.map(\.keyword))
        let values = CStrings(parameters.map(\.value))
        let opened = unsafe keywords.withConstantPointers { keywords in
            unsafe values.withConstantPointers { values in unsafe PQconnectdbParams(keywords, values, 1) }
        }
        guard let raw = unsafe opened else { throw .unavailable("out of memory") }
        let connection = unsafe Connection(adopting: raw, address, limits, Notices(log: log))
        guard connection.isUsable else { throw .unavailable(connection.complaint) }
        try connection.prepare()
        return connection
    }

    deinit { unsafe PQfinish(raw) }

    /// What every session agrees on with the code that reads its answers.
    private func prepare() throws(StoreError) {
        unsafe notices.attach(to: raw)
        guard unsafe PQsetnonblocking(raw, 1) == 0 else { throw .unavailable(complaint) }
        let statement = "\(limits.statement.nanoseconds / 1_000_000)ms"
        _ = try run(
            """
            SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, MDY', false),
                   set_config('bytea_output', 'hex', false), set_config('statement_timeout', \(statement), false),
                   set_config('idle_in_transaction_session_timeout', \(statement), false)
            """
        )
    }

    var socket: CInt { unsafe PQsocket(raw) }

    var isUsable: Bool { unsafe PQstatus(raw) == CONNECTION_OK }

    /// True inside a transaction of which a statement failed, so that it can only be undone.
    var hasFailedTransaction: Bool { unsafe PQtransactionStatus(raw) == PQTRANS_INERROR }

    /// libpq's last complaint about this session, fit for the log.
    var complaint: String {
        let message = unsafe String(cString: PQerrorMessage(raw))
        return address.scrubbed(message.split(whereSeparator: \.isNewline).joined(separator: "; "))
    }

    /// Finds out, without asking the server, whether it hung up since the last statement.
    func hasHungUp() -> Bool {
        while isUsable {
            let ready = try? Readiness.wait(for: [.readable(socket)], until: .now)
            guard ready == [true] else { return false }
            if unsafe PQconsumeInput(raw) == 0 { return true }
        }
        return true
    }

    /// Runs one statement; its values travel apart from its text.
    func run(_ query: Query, within limit: Duration? = nil) throws(StoreError) -> Rows {
        let rendered = try query.rendered()
        // What has no values is short, or nothing that is planned.
        if rendered.values.isEmpty { return try send(rendered, named: nil, within: limit) }
        switch statements.use(of: rendered.text) {
        case .plain: return try send(rendered, named: nil, within: limit)
        case .prepared(let name): return try send(rendered, named: name, within: limit)
        case .prepare(let name):
            guard unsafe PQsendPrepare(raw, name, rendered.text, 0, nil) == 1 else {
                throw .connectionLost(complaint)
            }
            _ = try answer(within: limit)
            statements.prepared(rendered.text, as: name)
            return try send(rendered, named: name, within: limit)
        }
    }

    private func send(
        _ rendered: Query.Rendered,
        named name: String?,
        within limit: Duration?
    ) throws(StoreError) -> Rows {
        let values = CStrings(rendered.values)
        let count = CInt(rendered.values.count)
        let sent = unsafe values.withConstantPointers { values in
            if let name { return unsafe PQsendQueryPrepared(raw, name, count, values, nil, nil, 0) }
            return unsafe PQsendQueryParams(raw, rendered.text, count, nil, values, nil, nil, 0)
        }
        guard sent == 1 else { throw .connectionLost(complaint) }
        do throws(StoreError) {
            return try answer(within: limit)
        } catch {
            guard name != nil, error.sqlState?.isStaleStatement == true else { throw error }
            statements.turnOff()
            // Inside a transaction it has failed, and whoever runs it begins again.
            if hasFailedTransaction { throw error }
            return try send(rendered, named: nil, within: limit)
        }
    }

    /// Runs a script of several statements, which can have no values.
    func runScript(_ script: StaticString, within limit: Duration) throws(StoreError) {
        guard unsafe PQsendQuery(raw, "\(script)") == 1 else { throw .connectionLost(complaint) }
        _ = try answer(within: limit)
    }

    /// What others have announced since the last call.
    func notifications() throws(StoreError) -> [Notification] {
        guard unsafe PQconsumeInput(raw) == 1 else { throw .connectionLost(complaint) }
        var notifications: [Notification] = []
        while let next = unsafe PQnotifies(raw) {
            notifications.append(
                unsafe Notification(
                    channel: String(cString: next.pointee.relname),
                    payload: String(cString: next.pointee.extra)
                )
            )
            unsafe PQfreemem(next)
        }
        return notifications
    }
}

extension Connection {
    /// Waits for all that the server has to say, and keeps the first refusal or else the last rows.
    private func answer(within limit: Duration?) throws(StoreError) -> Rows {
        let deadline = Instant.now + (limit ?? limits.statement) + limits.silence
        try flush(until: deadline)
        var rows: Rows?
        var refusal: ServerError?
        while let result = unsafe try nextResult(until: deadline) {
            switch unsafe PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                rows = unsafe Rows(adopting: result)
            case PGRES_FATAL_ERROR:
                refusal = unsafe refusal ?? ServerError(result)
                unsafe PQclear(result)
            default:
                // COPY and pipelines: this side would have to speak next, and never does.
                unsafe PQclear(result)
                hangUp()
                throw .unexpectedRow("the statement starts a dialogue")
            }
        }
        if !isUsable { throw .connectionLost(refusal?.message ?? complaint) }
        if let refusal { throw .server(refusal) }
        guard let rows else { throw .connectionLost(complaint) }
        return rows
    }

    private func flush(until deadline: Instant) throws(StoreError) {
        while true {
            switch unsafe PQflush(raw) {
            case 0: return
            case 1: try wait(for: .readableOrWritable(socket), until: deadline)
            default: throw .connectionLost(complaint)
            }
        }
    }

    private func nextResult(until deadline: Instant) throws(StoreError) -> OpaquePointer? {
        while unsafe PQisBusy(raw) == 1 {
            try wait(for: .readable(socket), until: deadline)
        }
        return unsafe PQgetResult(raw)
    }

    private func wait(for interest: Readiness.Interest, until deadline: Instant) throws(StoreError) {
        let ready: [Bool]
        do throws(SystemError) {
            ready = try Readiness.wait(for: [interest], until: deadline)
        } catch {
            throw .system(error)
        }
        guard ready == [true] else {
            hangUp()
            throw .connectionLost("the server did not answer in time")
        }
        // A broken session shows in its status once the results that came before are read.
        _ = unsafe PQconsumeInput(raw)
    }

    /// Ends a session in which question and answer no longer match.
    private func hangUp() {
        _ = shutdown(socket, CInt(SHUT_RDWR))
        _ = unsafe PQconsumeInput(raw)
    }
}

extension ServerError {
    fileprivate init(_ result: OpaquePointer) {
        func field(_ code: Unicode.Scalar) -> String? {
            guard let text = unsafe PQresultErrorField(result, CInt(code.value)) else { return nil }
            return unsafe String(cString: text)
        }
        self.init(
            state: SQLState(field("C") ?? "XX000"),
            message: field("M") ?? "no message",
            detail: field("D"),
            constraint: field("n")
        )
    }
}

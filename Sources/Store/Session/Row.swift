import CPostgres

/// One row being read, column after column.
///
/// Whatever the database holds, reading it ends in a value or in an error that names the column.
@safe
package struct Row: ~Copyable {
    private let rows: OpaquePointer
    private let index: CInt
    private var column: CInt = 0

    init(of rows: OpaquePointer, index: CInt) {
        unsafe self.rows = unsafe rows
        self.index = index
    }

    /// The next column, which must hold a value.
    package mutating func next<Value: ColumnValue>(
        _ type: Value.Type = Value.self
    ) throws(StoreError) -> Value {
        let name = name
        guard let value = try nextIfAny(type) else { throw .unexpectedRow("column \(name) is null") }
        return value
    }

    /// The next column, which may be null.
    package mutating func nextIfAny<Value: ColumnValue>(
        _ type: Value.Type = Value.self
    ) throws(StoreError) -> Value? {
        guard unsafe column < PQnfields(rows) else {
            throw .unexpectedRow("the statement returns only \(column) columns")
        }
        defer { column += 1 }
        guard unsafe PQgetisnull(rows, index, column) == 0 else { return nil }
        guard let text = unsafe PQgetvalue(rows, index, column),
            let value = unsafe Value(column: String(cString: text))
        else { throw .unexpectedRow("column \(name) holds no \(type)") }
        return value
    }

    /// Checks that nothing was left unread.
    func finish() throws(StoreError) {
        guard unsafe column == PQnfields(rows) else {
            throw .unexpectedRow("column \(name) was not read")
        }
    }

    private var name: String {
        guard let name = unsafe PQfname(rows, column) else { return "\(column)" }
        return unsafe String(cString: name)
    }
}

import CPostgres

/// The rows of one answer; they are freed with their owner.
@safe
struct Rows: ~Copyable {
    private let raw: OpaquePointer

    init(adopting raw: OpaquePointer) { unsafe self.raw = unsafe raw }

    deinit { unsafe PQclear(raw) }

    var count: Int { Int(unsafe PQntuples(raw)) }

    /// How many rows a statement touched that returns none.
    var affected: Int { Int(unsafe String(cString: PQcmdTuples(raw))) ?? 0 }

    /// Reads every row with `read`, which must take all columns in their order.
    func map<Value>(
        _ read: (inout Row) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            var row = unsafe Row(of: raw, index: CInt(index))
            values.append(try read(&row))
            try row.finish()
        }
        return values
    }
}

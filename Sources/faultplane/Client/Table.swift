/// Rows in columns as wide as they need to be.
struct Table {
    private let rows: [[String]]

    init(_ titles: [String], _ rows: [[String]]) {
        self.rows = [titles] + rows.map { $0.map(Output.printable) }
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            let line = cells.joined(separator: "  ")
            return String(line.prefix(line.count - line.reversed().prefix { $0 == " " }.count))
        }
    }
}

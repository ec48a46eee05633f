import Base

/// SQL text with its values held apart, so that a value can never become text.
///
/// The text comes from literals alone: the compiler accepts nothing else. A query inside a query is a fragment, and the
/// values are numbered when the whole is sent.
package struct Query: ExpressibleByStringInterpolation, Sendable {
    enum Piece: Sendable {
        case sql(StaticString)
        case value(String?)
        case identifier(String)
    }

    let pieces: [Piece]

    package init(stringLiteral value: StaticString) { pieces = [.sql(value)] }

    package init(stringInterpolation: Interpolation) { pieces = stringInterpolation.pieces }

    /// A whole text from elsewhere in the binary, such as a migration's.
    package init(_ sql: StaticString) { pieces = [.sql(sql)] }

    /// What a string literal of type Query is put together from.
    package struct Interpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: StaticString) { pieces.append(.sql(literal)) }

        package mutating func appendInterpolation(_ value: some ColumnValue) {
            pieces.append(.value(value.column))
        }

        package mutating func appendInterpolation(_ value: (some ColumnValue)?) {
            pieces.append(.value(value?.column))
        }

        package mutating func appendInterpolation(_ fragment: Query) { pieces += fragment.pieces }

        /// A name that is not known when the program is written, quoted.
        package mutating func appendInterpolation(identifier: String) {
            pieces.append(.identifier(identifier))
        }
    }
}

extension Query {
    /// What goes over the wire.
    struct Rendered: Equatable {
        let text: String
        let values: [String?]
    }

    /// The text with its values numbered from $1 on.
    ///
    /// C strings end at U+0000: a text that holds one would be cut in silence, so it is refused.
    func rendered() throws(StoreError) -> Rendered {
        var text: [UInt8] = []
        text.reserveCapacity(pieces.count * 64)
        var values: [String?] = []
        for piece in pieces {
            switch piece {
            case .sql(let sql):
                text.append(sql)
            case .identifier(let name):
                guard !name.hasNUL else { throw .refused(.textHasNUL) }
                text.append("\"" + name.replacing("\"", with: "\"\"") + "\"")
            case .value(let value):
                if let value, value.hasNUL { throw .refused(.textHasNUL) }
                values.append(value)
                text.append(UInt8(ascii: "$"))
                text.append(String(values.count))
            }
        }
        return Rendered(text: String(decoding: text, as: UTF8.self), values: values)
    }
}

/// A header's value that is written as it is, without a text being made of it first.
package enum HeaderValue: Sendable, CustomStringConvertible {
    case text(StaticString)
    /// A number between quotation marks, as an ETag has it.
    case quoted(Int64)
    /// Nanoseconds, told as seconds with nine decimals: rounded they would be more or less than was meant.
    case seconds(Int64)

    func write(to output: inout OutputBuffer) {
        switch self {
        case .text(let text): output.append(text)
        case .quoted(let number):
            output.append(UInt8(ascii: "\""))
            output.append(number: number)
            output.append(UInt8(ascii: "\""))
        case .seconds(let nanoseconds): output.append(seconds: nanoseconds)
        }
    }

    /// The same as text, for an answer that is a value.
    package var description: String {
        var output = OutputBuffer(capacity: 32)
        write(to: &output)
        return String(decoding: output.array(from: 0), as: UTF8.self)
    }
}

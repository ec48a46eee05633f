/// What takes the headers of an answer: the connection's output, or an answer that is a value.
package protocol HeaderSink: ~Copyable {
    mutating func header(_ name: StaticString, _ value: StaticString)
    mutating func header(_ name: StaticString, _ value: HeaderNumber)
}

extension ResponseWriter: HeaderSink {}

extension Response: HeaderSink {
    package mutating func header(_ name: StaticString, _ value: StaticString) {
        headers.append((name, "\(value)"))
    }

    package mutating func header(_ name: StaticString, _ value: HeaderNumber) {
        headers.append((name, "\(value)"))
    }
}

extension [UInt8] {
    /// Appends a text's UTF-8, in one piece where it lies in one.
    package mutating func append(_ text: String) {
        let taken: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe append(contentsOf: $0) }
        if taken == nil { self += text.utf8 }
    }

    package mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}

/// The part of a request that comes before its body, byte by byte as it arrived.
///
/// Signatures are made over bytes, and header values and paths need not be UTF-8, so nothing is decoded.
package struct SignedRequestHead: Sendable {
    package struct Header: Sendable {
        /// In lower case.
        package let name: String
        package let value: [UInt8]

        package init(name: String, value: [UInt8]) {
            self.name = name.lowercased()
            self.value = value
        }
    }

    package let method: String
    /// Up to the question mark, still encoded.
    package let path: [UInt8]
    /// After the question mark, still encoded; empty where there is none.
    package let query: [UInt8]
    /// In the order they came; the order of several with one name counts.
    package let headers: [Header]

    package init(method: String, path: [UInt8], query: [UInt8], headers: [Header]) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
    }

    /// The same from slices of the buffer that the request came in.
    package init(
        method: String,
        path: ArraySlice<UInt8>,
        query: ArraySlice<UInt8>,
        headers: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)]
    ) {
        self.init(
            method: method,
            path: Array(path),
            query: Array(query),
            headers: headers.map { name, value in
                Header(name: String(decoding: name, as: UTF8.self), value: Array(value))
            }
        )
    }

    /// The values of every header of this name.
    func values(of name: String) -> [[UInt8]] {
        headers.lazy.filter { $0.name == name }.map(\.value)
    }
}

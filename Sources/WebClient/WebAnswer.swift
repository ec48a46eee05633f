/// What a peer said.
package struct WebAnswer: Equatable, Sendable {
    package let status: Int
    /// Those of the last answer, in their order; of an earlier one (100, 103) none.
    package let headers: [WebHeader]
    /// Empty where a listener took it.
    package let body: [UInt8]
    /// Whether there was more of it than the question wanted.
    package let isCut: Bool

    package init(status: Int, headers: [WebHeader] = [], body: [UInt8] = [], isCut: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isCut = isCut
    }

    package var isSuccess: Bool { (200..<300).contains(status) }

    /// The value of the first header of that name, in whatever case.
    package subscript(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

/// What resources of a type are called, one or many.
struct Noun: Equatable {
    private let one: String

    init(_ one: String) { self.one = one }

    var many: String { one + "s" }

    /// As in `1 function` or `3 functions`.
    func counted(_ count: Int) -> String { "\(count) \(count == 1 ? one : many)" }
}

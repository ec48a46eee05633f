import Base
import HTTPServer

/// Which parameters DescribeParameters is to list.
struct ParameterListing: Equatable {
    /// What a name must be like; all of these hold.
    enum Condition: Equatable {
        case equals(Set<String>)
        case beginsWith([String])
        case contains([String])

        func holds(_ name: String) -> Bool {
            switch self {
            case .equals(let names): names.contains(name)
            case .beginsWith(let starts): starts.contains { name.hasPrefix($0) }
            case .contains(let parts): parts.contains { name.contains($0) }
            }
        }
    }

    let conditions: [Condition]
    let limit: Int
    /// The name after which to go on.
    let after: String?

    init(_ body: JSON) throws(APIError) {
        let asked = body["MaxResults"] ?? .null
        guard let limit = asked == .null ? 50 : asked.whole, (1...50).contains(limit) else {
            throw .validation("MaxResults is no whole number from 1 to 50: one of those is accepted.")
        }
        self.limit = Int(limit)
        after = try Self.place(body["NextToken"])
        var conditions: [Condition] = []
        let filters = body["ParameterFilters"] ?? .null
        guard filters == .null || filters.elements != nil else {
            throw .validation("ParameterFilters is \(filters.kind): a list of filters is accepted.")
        }
        for filter in filters.elements ?? [] { conditions.append(try Self.condition(filter)) }
        self.conditions = conditions
        if body["Filters"]?.elements?.isEmpty == false {
            throw .validation("Filters is not served: ParameterFilters is accepted.")
        }
    }

    private static func condition(_ filter: JSON) throws(APIError) -> Condition {
        let values = filter["Values"]?.elements?.compactMap(\.text) ?? []
        switch (filter["Key"]?.text, filter["Option"]?.text ?? "Equals") {
        case ("Name", "Equals"): return .equals(Set(values))
        case ("Name", "BeginsWith"): return .beginsWith(values)
        case ("Name", "Contains"): return .contains(values)
        case (let key, let option):
            throw .validation(
                "ParameterFilters has the key \"\(EchoedText(key ?? ""))\" with the option \"\(EchoedText(option))\": "
                    + "the key Name with Equals, BeginsWith or Contains is accepted."
            )
        }
    }

    /// What it lists of those names, in order, and where the next page begins.
    func page(of names: some Sequence<String>) -> (names: [String], next: String?) {
        var first: [String] = []
        for name in names where after.map({ $0 < name }) ?? true {
            guard conditions.allSatisfy({ $0.holds(name) }) else { continue }
            // Kept short and in order, so that many names cost no sorting.
            if first.count > limit, let last = first.last, name >= last { continue }
            let place = first.firstIndex { name <= $0 } ?? first.count
            if place < first.count, first[place] == name { continue }
            first.insert(name, at: place)
            if first.count > limit + 1 { first.removeLast() }
        }
        let shown = Array(first.prefix(limit))
        return (shown, first.count > limit ? shown.last.map(Self.token) : nil)
    }

    private static func token(_ name: String) -> String { Hex.encode(Array(name.utf8)) }

    private static func place(_ token: JSON?) throws(APIError) -> String? {
        guard let token, token != .null else { return nil }
        guard let bytes = token.text.flatMap({ Hex.decode($0.utf8) }),
            let name = String(validating: bytes, as: UTF8.self)
        else {
            throw .validation("NextToken is none that DescribeParameters gave: one of those is accepted.")
        }
        return name
    }
}

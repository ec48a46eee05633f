import Base

/// What a JSON value must look like, in the words of JSON Schema (2020-12).
struct Schema: Sendable {
    private(set) var members: [JSON.Member]

    var json: JSON { .object(members) }

    init(_ members: [JSON.Member]) { self.members = members }

    init(type: String, _ members: [JSON.Member] = []) {
        self.members = [.init("type", .string(type))] + members
    }

    /// One member of an object.
    struct Member: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool

        static func required(_ name: String, _ schema: Schema) -> Member {
            Member(name: name, schema: schema, isRequired: true)
        }

        static func optional(_ name: String, _ schema: Schema) -> Member {
            Member(name: name, schema: schema, isRequired: false)
        }
    }

    /// The same, with a sentence for people.
    func about(_ text: String) -> Schema { Schema(members + [.init("description", .string(text))]) }

    /// The same, or null.
    var orNull: Schema { .anyOf([self, Schema(type: "null")]) }
}

extension Schema {
    static let any = Schema([])
    static let truth = Schema(type: "boolean")
    static let whole = Schema(type: "integer")

    static func whole(_ range: ClosedRange<Int64>) -> Schema {
        Schema(
            type: "integer",
            [.init("minimum", .integer(range.lowerBound)), .init("maximum", .integer(range.upperBound))]
        )
    }

    /// Any number of a range, whole or not.
    static func number(_ range: ClosedRange<Int64>) -> Schema {
        Schema(
            type: "number",
            [.init("minimum", .integer(range.lowerBound)), .init("maximum", .integer(range.upperBound))]
        )
    }

    /// A component, by its name.
    static func named(_ name: String) -> Schema {
        Schema([.init("$ref", .string("#/components/schemas/\(name)"))])
    }

    static let text = Schema(type: "string")

    /// Lengths count Unicode scalars, as AWS does.
    static func text(_ length: ClosedRange<Int>, _ pattern: String? = nil) -> Schema {
        var members: [JSON.Member] = []
        if length.lowerBound > 0 { members.append(.init("minLength", .integer(Int64(length.lowerBound)))) }
        members.append(.init("maxLength", .integer(Int64(length.upperBound))))
        if let pattern { members.append(.init("pattern", .string(pattern))) }
        return Schema(type: "string", members)
    }

    static func pattern(_ pattern: String) -> Schema {
        Schema(type: "string", [.init("pattern", .string(pattern))])
    }

    static func oneOf(_ words: [String]) -> Schema {
        Schema(type: "string", [.init("enum", .array(words.map(JSON.string)))])
    }

    static func anyOf(_ schemas: [Schema]) -> Schema {
        Schema([.init("anyOf", .array(schemas.map(\.json)))])
    }

    static func list(of element: Schema, _ count: ClosedRange<Int>? = nil) -> Schema {
        var members = [JSON.Member("items", element.json)]
        if let count {
            if count.lowerBound > 0 { members.append(.init("minItems", .integer(Int64(count.lowerBound)))) }
            members.append(.init("maxItems", .integer(Int64(count.upperBound))))
        }
        return Schema(type: "array", members)
    }

    /// An object whose names are the user's.
    static func map(of value: Schema, names: Schema? = nil, atMost limit: Int? = nil) -> Schema {
        var members = [JSON.Member("additionalProperties", value.json)]
        if let names { members.append(.init("propertyNames", names.json)) }
        if let limit { members.append(.init("maxProperties", .integer(Int64(limit)))) }
        return Schema(type: "object", members)
    }

    /// An object in an answer: later versions may tell more.
    static func object(_ members: Member...) -> Schema { object(members) }

    /// An object in a request: what is not known is refused.
    static func exact(_ members: Member...) -> Schema {
        var schema = object(members)
        schema.members.append(.init("additionalProperties", false))
        return schema
    }

    static func object(_ members: [Member]) -> Schema {
        var parts = [
            JSON.Member("properties", .object(members.map { .init($0.name, $0.schema.json) }))
        ]
        let required = members.filter(\.isRequired)
        if !required.isEmpty { parts.append(.init("required", .array(required.map { .string($0.name) }))) }
        return Schema(type: "object", parts)
    }
}

import Base

/// A way into a resource's attributes, as filters write it: names in PascalCase with dots between.
///
/// Arrays are searched through, element by element. Services that write `clusterArn` are met as `ClusterArn`, too.
struct AttributePath {
    private let names: [Substring]

    init(_ text: String) { names = text.split(separator: ".", omittingEmptySubsequences: false) }

    /// A target's parameter is the attribute of the same name.
    init(parameter: String) { names = [Substring(parameter.prefix(1).uppercased() + parameter.dropFirst())] }

    /// Every text, number and truth value that stands at the end of the way.
    func values(in attributes: JSON) -> [String] {
        names.reduce([attributes]) { reached, name in
            reached.flatMap(Self.unfolded).compactMap { Self.member(name, of: $0) }
        }.flatMap(Self.unfolded).compactMap(Self.text)
    }

    private static func unfolded(_ value: JSON) -> [JSON] {
        switch value {
        case .array(let elements): elements.flatMap(unfolded)
        case .null, .bool, .integer, .number, .string, .object: [value]
        }
    }

    private static func member(_ name: Substring, of value: JSON) -> JSON? {
        value[String(name)] ?? value[String(name.prefix(1).lowercased() + name.dropFirst())]
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let truth): truth ? "true" : "false"
        case .integer(let whole): String(whole)
        case .number(let number): "\(number)"
        case .null, .array, .object: nil
        }
    }
}

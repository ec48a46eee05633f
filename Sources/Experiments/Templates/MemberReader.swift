import Base

/// Reads the members of one JSON object, keeps what can be kept, and gathers all that is wrong with them.
///
/// A member that is null counts as not given.
struct MemberReader {
    /// Where the object stands; empty at the top.
    let path: String
    /// Whether rules are held; what was stored once is only read, so that a template outlives a rule that came later.
    let isStrict: Bool
    private(set) var problems: [TemplateProblem] = []
    private let members: [JSON.Member]
    private var known: [String] = []

    init(path: String, members: [JSON.Member], isStrict: Bool) {
        self.path = path
        self.members = members
        self.isStrict = isStrict
    }

    /// What cannot be read at all is a problem always.
    mutating func unreadable(_ path: String, _ message: String) {
        problems.append(TemplateProblem(path: path, message: message))
    }

    /// What can be read and breaks a rule is a problem where rules are held.
    mutating func refuse(_ path: String, _ message: String, kind: TemplateProblem.Kind = .invalid) {
        if isStrict { problems.append(TemplateProblem(path: path, message: message, kind: kind)) }
    }

    mutating func refuse(_ path: String, given: String, accepted: String) {
        refuse(path, "\(path) is \(given.quoted): \(accepted) is accepted")
    }

    /// Whether something is wrong with that member or within it, so that nothing more need be said of it.
    func isDoubtful(_ name: String) -> Bool {
        let place = child(name)
        return problems.contains {
            $0.path == place || $0.path.hasPrefix(place + ".") || $0.path.hasPrefix(place + "[")
        }
    }

    /// Whether the member itself could not be read, whatever is in it.
    func isUnread(_ name: String) -> Bool {
        let place = child(name)
        return problems.contains { $0.path == place }
    }

    /// The names in an object that is a member; nil where it is none.
    func names(in name: String) -> Set<String>? {
        let value = members.first { $0.name == name }?.value ?? .null
        return value == .null ? [] : value.members.map { Set($0.map(\.name)) }
    }

    func child(_ name: String) -> String {
        path.isEmpty ? name.printable : path + "." + name.printable
    }

    /// Says which members are not known, and gives all problems.
    consuming func finish(alsoKnown: Set<String> = []) -> [TemplateProblem] {
        for member in members where !known.contains(member.name) && !alsoKnown.contains(member.name) {
            refuse(
                child(member.name),
                "\(child(member.name)) is not known: \(known.alternatives) is accepted"
            )
        }
        return problems
    }

    /// The member, marked as known; a required one that is not there is a problem.
    mutating func value(_ name: String, isRequired: Bool, accepted: String) -> JSON? {
        known.append(name)
        if let value = members.first(where: { $0.name == name })?.value, value != .null { return value }
        if isRequired { unreadable(child(name), "\(child(name)) is missing: \(accepted) is accepted") }
        return nil
    }

    mutating func wrongKind(_ path: String, _ value: JSON, accepted: String) {
        unreadable(path, "\(path) is \(value.kind): \(accepted) is accepted")
    }
}

extension MemberReader {
    /// A text, given back also where it breaks the rule.
    mutating func text(_ name: String, _ rule: TextRule, isRequired: Bool = false) -> String? {
        guard let value = value(name, isRequired: isRequired, accepted: rule.accepted) else { return nil }
        return text(value, at: child(name), rule)
    }

    mutating func requiredText(_ name: String, _ rule: TextRule) -> String {
        text(name, rule, isRequired: true) ?? ""
    }

    private mutating func text(_ value: JSON, at path: String, _ rule: TextRule) -> String? {
        guard let text = value.text else {
            wrongKind(path, value, accepted: rule.accepted)
            return nil
        }
        if !rule.accepts(text) { refuse(path, given: text, accepted: rule.accepted) }
        return text
    }

    /// A text with a meaning; one that does not have it cannot be read.
    mutating func meaning<Value>(
        _ name: String,
        isRequired: Bool = false,
        accepted: String,
        _ read: (String) -> Value?
    ) -> Value? {
        guard let value = value(name, isRequired: isRequired, accepted: accepted) else { return nil }
        guard let text = value.text else {
            wrongKind(child(name), value, accepted: accepted)
            return nil
        }
        if let meaning = read(text) { return meaning }
        unreadable(child(name), "\(child(name)) is \(text.quoted): \(accepted) is accepted")
        return nil
    }

    /// A whole number, given back also where it is none of those accepted.
    mutating func whole(_ name: String, oneOf accepted: [Int]) -> Int? {
        let words = accepted.map(String.init).alternatives
        guard let value = value(name, isRequired: true, accepted: words) else { return nil }
        guard let number = value.whole.flatMap(Int.init(exactly:)) else {
            wrongKind(child(name), value, accepted: words)
            return nil
        }
        if !accepted.contains(number) {
            refuse(child(name), "\(child(name)) is \(number): \(words) is accepted")
        }
        return number
    }

    /// A list of texts, each on its own rule and none twice.
    mutating func texts(_ name: String, _ rule: TextRule, limit: Int, isRequired: Bool = false) -> [String] {
        var texts: [String] = []
        var seen: Set<String> = []
        for (index, value) in list(name, limit: limit, isRequired: isRequired).enumerated() {
            let place = "\(child(name))[\(index)]"
            guard let text = text(value, at: place, rule) else { continue }
            if !seen.insert(text).inserted {
                refuse(place, "\(place) is \(text.quoted), which is there already")
            }
            texts.append(text)
        }
        return texts
    }

    /// An object whose names are the user's and whose values are texts.
    mutating func pairs(
        _ name: String,
        keys: TextRule,
        values: TextRule,
        limit: Int,
        isRequired: Bool = false
    ) -> [(name: String, value: String)] {
        map(name, keys: keys, limit: limit, isRequired: isRequired).compactMap { member in
            text(member.value, at: child(name) + "." + member.name.printable, values)
                .map { (member.name, $0) }
        }
    }
}

extension MemberReader {
    /// An object with members of its own.
    mutating func object<Value>(_ name: String, _ read: (inout MemberReader) -> Value) -> Value? {
        guard let value = value(name, isRequired: false, accepted: "an object") else { return nil }
        return object(value, at: child(name), read)
    }

    /// A list of objects.
    mutating func objects<Value>(
        _ name: String,
        limit: Int,
        isRequired: Bool = false,
        _ read: (inout MemberReader) -> Value
    ) -> [Value] {
        var values: [Value] = []
        for (index, value) in list(name, limit: limit, isRequired: isRequired).enumerated() {
            if let value = object(value, at: "\(child(name))[\(index)]", read) { values.append(value) }
        }
        return values
    }

    /// An object whose names are the user's and whose values are objects.
    mutating func named<Value>(
        _ name: String,
        limit: Int,
        isRequired: Bool = false,
        _ read: (String, inout MemberReader) -> Value
    ) -> [Value] {
        map(name, keys: .name, limit: limit, isRequired: isRequired).compactMap { member in
            object(member.value, at: child(name) + "." + member.name.printable) { read(member.name, &$0) }
        }
    }

    private mutating func object<Value>(
        _ value: JSON,
        at path: String,
        _ read: (inout MemberReader) -> Value
    ) -> Value? {
        guard let members = value.members else {
            wrongKind(path, value, accepted: "an object")
            return nil
        }
        var reader = MemberReader(path: path, members: members, isStrict: isStrict)
        let result = read(&reader)
        problems += reader.finish()
        return result
    }

    private mutating func list(_ name: String, limit: Int, isRequired: Bool) -> [JSON] {
        guard let value = value(name, isRequired: isRequired, accepted: "a list") else { return [] }
        guard let elements = value.elements else {
            wrongKind(child(name), value, accepted: "a list")
            return []
        }
        return isWithin(limit, name, elements.count) ? elements : []
    }

    private mutating func map(
        _ name: String,
        keys: TextRule,
        limit: Int,
        isRequired: Bool = false
    ) -> [JSON.Member] {
        guard let value = value(name, isRequired: isRequired, accepted: "an object") else { return [] }
        guard let members = value.members else {
            wrongKind(child(name), value, accepted: "an object")
            return []
        }
        guard isWithin(limit, name, members.count) else { return [] }
        for member in members where !keys.accepts(member.name) {
            let place = child(name) + "." + member.name.printable
            refuse(place, "\(child(name)) has the member \(member.name.quoted): \(keys.accepted) is accepted")
        }
        return members
    }

    /// Where rules are held, what is too long is not read: the work of reading stays bounded.
    private mutating func isWithin(_ limit: Int, _ name: String, _ count: Int) -> Bool {
        guard isStrict, count > limit else { return true }
        refuse(child(name), "\(child(name)) has \(count) entries: at most \(limit) are accepted")
        return false
    }
}

import Base

/// Reads the members of a stored object; each refusal says where.
///
/// Unknown members are passed over: a newer version may have written them, and its runs must be stoppable.
struct StoredObject {
    let path: String
    private let json: JSON

    init(_ json: JSON, path: String) throws(StoredFormError) {
        guard json.members != nil else {
            throw StoredFormError(path: path, problem: "is \(json.kind), not an object")
        }
        self.path = path
        self.json = json
    }

    func failure(_ name: String, _ problem: String) -> StoredFormError {
        StoredFormError(path: "\(path).\(name)", problem: problem)
    }

    /// Null counts as absent.
    private func member(_ name: String) -> JSON? { json[name].flatMap { $0 == .null ? nil : $0 } }

    private func required<Value>(_ name: String, _ value: Value?) throws(StoredFormError) -> Value {
        guard let value else { throw failure(name, "is missing") }
        return value
    }

    func optionalText(_ name: String) throws(StoredFormError) -> String? {
        guard let value = member(name) else { return nil }
        guard let text = value.text else { throw failure(name, "is \(value.kind), not a string") }
        return text
    }

    func text(_ name: String) throws(StoredFormError) -> String { try required(name, try optionalText(name)) }

    func optionalWhole(_ name: String) throws(StoredFormError) -> Int64? {
        guard let value = member(name) else { return nil }
        guard let whole = value.whole else { throw failure(name, "is not a whole number") }
        return whole
    }

    func whole(_ name: String) throws(StoredFormError) -> Int64 {
        try required(name, try optionalWhole(name))
    }

    func optionalTruth(_ name: String) throws(StoredFormError) -> Bool? {
        guard let value = member(name) else { return nil }
        guard let truth = value.truth else { throw failure(name, "is \(value.kind), not a boolean") }
        return truth
    }

    func optionalMoment(_ name: String) throws(StoredFormError) -> Timestamp? {
        try optionalWhole(name).map { Timestamp(nanoseconds: $0) }
    }

    func moment(_ name: String) throws(StoredFormError) -> Timestamp {
        Timestamp(nanoseconds: try whole(name))
    }

    func duration(_ name: String) throws(StoredFormError) -> Duration { .nanoseconds(try whole(name)) }

    /// One of a fixed set of words.
    func word<Word: RawRepresentable<String>>(
        _ name: String,
        as: Word.Type = Word.self
    ) throws(StoredFormError) -> Word {
        let text = try text(name)
        guard let word = Word(rawValue: text) else { throw failure(name, "\"\(text)\" is unknown") }
        return word
    }

    /// The same where it may be absent.
    func optionalWord<Word: RawRepresentable<String>>(_ name: String) throws(StoredFormError) -> Word? {
        try optionalText(name) == nil ? nil : try word(name)
    }

    func optionalObject(_ name: String) throws(StoredFormError) -> StoredObject? {
        guard let value = member(name) else { return nil }
        return try StoredObject(value, path: "\(path).\(name)")
    }

    func object(_ name: String) throws(StoredFormError) -> StoredObject {
        try required(name, try optionalObject(name))
    }

    func optionalList<Element>(
        _ name: String,
        of element: (StoredObject) throws(StoredFormError) -> Element
    ) throws(StoredFormError) -> [Element]? {
        guard let value = member(name) else { return nil }
        guard let values = value.elements else { throw failure(name, "is \(value.kind), not an array") }
        var elements: [Element] = []
        for (place, value) in values.enumerated() {
            elements.append(try element(try StoredObject(value, path: "\(path).\(name)[\(place)]")))
        }
        return elements
    }

    func list<Element>(
        _ name: String,
        of element: (StoredObject) throws(StoredFormError) -> Element
    ) throws(StoredFormError) -> [Element] {
        try required(name, try optionalList(name, of: element))
    }

    /// A template in the form that templates are kept in.
    func template(_ name: String) throws(StoredFormError) -> ExperimentTemplate {
        let json = try required(name, member(name))
        do throws(TemplateProblems) {
            return try ExperimentTemplate(stored: json)
        } catch {
            throw failure(name, "is none that this version can read: \(error)")
        }
    }

    func texts(_ name: String) throws(StoredFormError) -> [String] {
        try required(name, try optionalTexts(name))
    }

    func optionalTexts(_ name: String) throws(StoredFormError) -> [String]? {
        guard let value = member(name) else { return nil }
        guard let values = value.elements else { throw failure(name, "is not an array") }
        let texts = values.compactMap(\.text)
        guard texts.count == values.count else { throw failure(name, "holds something that is not a string") }
        return texts
    }
}

extension JSON {
    static func stored(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
    static func stored(_ moment: Timestamp?) -> JSON { moment.map { .integer($0.nanoseconds) } ?? .null }
    static func stored(_ duration: Duration) -> JSON { .integer(duration.nanoseconds) }
    static func stored(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}

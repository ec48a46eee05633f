import Base
import HTTPServer

/// Reads the members of a request's JSON body, and gathers everything that is wrong with it into one answer.
struct BodyReader {
    private let members: [JSON.Member]
    private var known: Set<String> = []
    private(set) var problems: [String] = []
    /// What stands before the names of the members in problems: where this object is inside the body.
    private let path: String

    private init(_ members: [JSON.Member], at path: String) {
        self.members = members
        self.path = path
    }

    /// Where `isOptional`, no body at all is an object without members.
    init(_ call: Call, isOptional: Bool = false) throws(APIError) {
        path = ""
        if isOptional, call.request.body.isEmpty {
            members = []
            return
        }
        let json: JSON
        do {
            json = try JSON(parsing: call.request.body)
        } catch {
            throw .validation("The body is not JSON: \(error).")
        }
        guard case .object(let members) = json else {
            throw .validation("The body must be a JSON object, and is \(json.kind).")
        }
        self.members = members
    }

    /// The whole body, for a reader of its own.
    var json: JSON { .object(members) }

    /// A problem that was found elsewhere.
    mutating func refuse(_ problem: String) { problems.append(problem) }

    /// A member for a reader of its own; nil where it is null or not there.
    mutating func member(_ name: String) -> JSON? {
        known.insert(name)
        return value(name)
    }

    /// A member that is an object with members of its own, for `read`; what is wrong with those is named by the whole path.
    mutating func object(_ name: String, isRequired: Bool = false, _ read: (inout BodyReader) -> Void) {
        guard let given = member(name) else {
            if isRequired { problems.append("\(path)\(name) is missing: an object is accepted") }
            return
        }
        guard case .object(let inner) = given else {
            return problems.append("\(path)\(name) is \(given.kind): an object is accepted")
        }
        var reader = BodyReader(inner, at: "\(path)\(name).")
        read(&reader)
        problems += reader.allProblems
    }

    /// A member that is a list of objects, each for `read`; what is wrong with one is named by its place in the list.
    ///
    /// A list in which nearly everything is wrong is not read to its end.
    mutating func objects(_ name: String, _ count: ClosedRange<Int>, _ read: (inout BodyReader) -> Void) {
        let accepted = "a list of \(count.lowerBound) to \(count.upperBound) objects is accepted"
        guard let given = member(name) else {
            return problems.append("\(path)\(name) is missing: \(accepted)")
        }
        guard let elements = given.elements else {
            return problems.append("\(path)\(name) is \(given.kind): \(accepted)")
        }
        guard count.contains(elements.count) else {
            return problems.append("\(path)\(name) has \(elements.count) elements: \(accepted)")
        }
        for (place, element) in elements.enumerated() where problems.count < 20 {
            guard case .object(let inner) = element else {
                problems.append("\(path)\(name)[\(place)] is \(element.kind): an object is accepted")
                continue
            }
            var reader = BodyReader(inner, at: "\(path)\(name)[\(place)].")
            read(&reader)
            problems += reader.allProblems
        }
    }

    /// A whole number of a range; `absent` where it is not there.
    mutating func whole(_ name: String, _ range: ClosedRange<Int64>, absent: Int64? = nil) -> Int64? {
        let accepted = "a whole number from \(range.lowerBound) to \(range.upperBound) is accepted"
        guard let given = member(name) else {
            if absent == nil { problems.append("\(path)\(name) is missing: \(accepted)") }
            return absent
        }
        if let whole = given.whole, range.contains(whole) { return whole }
        let found = given.double.map { "\(given.whole.map { "\($0)" } ?? "\($0)")" } ?? given.kind
        problems.append("\(path)\(name) is \(found): \(accepted)")
        return nil
    }

    /// A problem with one member.
    mutating func refuse(_ name: String, is found: String, accepted: String) {
        problems.append("\(path)\(name) is \(found): \(accepted)")
    }

    /// What makes repeating a request harmless.
    mutating func clientToken(isRequired: Bool) -> String? {
        let accepted = "a text of 1 to 1024 characters without spaces is accepted"
        let read = { (text: String) in
            (1...1_024).contains(text.unicodeScalars.count) && !text.contains(where: \.isWhitespace)
                && !text.hasNUL ? text : nil
        }
        return isRequired
            ? required("clientToken", accepted: accepted, read)
            : optional("clientToken", accepted: accepted, read)
    }

    /// A name that people read: 1 to 128 characters and no NUL.
    mutating func name(_ name: String) -> String {
        required(name, accepted: "a text of 1 to 128 characters is accepted") { text in
            (1...128).contains(text.unicodeScalars.count) && !text.hasNUL ? text : nil
        } ?? ""
    }

    mutating func optionalText(_ name: String, accepted: String) -> String? {
        known.insert(name)
        guard let value = value(name) else { return nil }
        guard let text = value.text else {
            problems.append("\(path)\(name) is \(value.kind): \(accepted)")
            return nil
        }
        return text
    }

    /// A text with a meaning of its own; what does not have it is a problem.
    mutating func optional<Value>(_ name: String, accepted: String, _ read: (String) -> Value?) -> Value? {
        guard let text = optionalText(name, accepted: accepted) else { return nil }
        if let value = read(text) { return value }
        problems.append("\(path)\(name) is \"\(text.prefix(100))\": \(accepted)")
        return nil
    }

    mutating func required<Value>(_ name: String, accepted: String, _ read: (String) -> Value?) -> Value? {
        if value(name) == nil {
            known.insert(name)
            problems.append("\(path)\(name) is missing: \(accepted)")
            return nil
        }
        return optional(name, accepted: accepted, read)
    }

    /// Throws all problems at once, unknown members among them.
    consuming func finish() throws(APIError) {
        let problems = allProblems
        if !problems.isEmpty { throw APIError(.validation, problems: problems) }
    }

    private var allProblems: [String] {
        let unknown = members.filter { !known.contains($0.name) }
        if unknown.isEmpty { return problems }
        let names = known.sorted().joined(separator: ", ") + (known.count == 1 ? " is" : " are")
        return problems + unknown.map { "\(path)\($0.name) is not known here: \(names)" }
    }

    private func value(_ name: String) -> JSON? {
        members.first { $0.name == name && $0.value != .null }?.value
    }
}

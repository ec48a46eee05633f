import Base
import HTTPServer

/// Which part of a list is asked for: how many elements, and after which one.
///
/// A token is the place where its page ended, with a checksum over that, the account and what was asked for: it goes on
/// where it was given and nowhere else, and needs nothing remembered.
struct Page: Sendable {
    /// How many elements the answer has at most.
    let limit: Int
    private let place: String?
    private let operation: StaticString
    /// What a token is good for: the operation, the account, the path and whatever narrows the list.
    private let scope: String

    init(_ call: Call, of operation: StaticString) throws(APIError) {
        self.operation = operation
        scope = try Self.scope(call, operation)
        var problems: [String] = []
        let asked = call.request.query("maxResults")
        limit = asked.map { Self.limit($0) ?? 0 } ?? 100
        if let asked, limit == 0 {
            problems.append(
                "maxResults is \"\(EchoedText(asked))\": a whole number from 1 to 100 is accepted"
            )
        }
        let token = call.request.query("nextToken")
        place = token.flatMap { [scope] in Self.place($0, scope) }
        if let token, place == nil { problems.append(Self.badToken(token, operation)) }
        if !problems.isEmpty { throw .validation(problems.joined(separator: "; ") + ".") }
    }

    /// How many elements to look for: one more than are shown says whether there is another page.
    var fetched: Int { limit + 1 }

    /// The place after which to go on; nil at the start of the list.
    func after<Place>(_ read: (String) -> Place?) throws(APIError) -> Place? {
        guard let place else { return nil }
        if let read = read(place) { return read }
        throw .validation(Self.badToken(token(place), operation) + ".")
    }

    /// The answer: a page of what was found, and the token of the next one if there is one.
    func reply<Element>(
        _ name: String,
        _ found: [Element],
        cursor: (Element) -> String,
        beside others: [JSON.Member] = [],
        _ json: (Element) -> JSON
    ) -> Reply {
        let shown = found.prefix(limit)
        var members = [JSON.Member(name, .array(shown.map(json)))] + others
        if found.count > limit, let last = shown.last {
            members.append(JSON.Member("nextToken", .string(token(cursor(last)))))
        }
        return Reply(.object(members))
    }

    private static func limit(_ text: String) -> Int? {
        guard let number = Int(text), (1...100).contains(number) else { return nil }
        return number
    }

    private static func badToken(_ text: String, _ operation: StaticString) -> String {
        "nextToken is \"\(EchoedText(text))\": a token that \(operation) gave for the same request is accepted"
    }
}

extension Page {
    private static let checkLength = 6

    private static func scope(_ call: Call, _ operation: StaticString) throws(APIError) -> String {
        let narrowing = call.request.queryPairs.filter { $0.name != "maxResults" && $0.name != "nextToken" }
            .map { "\($0.name)=\($0.value ?? "")" }
        let path = (0..<4).compactMap { call.request.capture($0) }
        let parts = ["\(operation)", try call.caller().account.description] + path + narrowing.sorted()
        return parts.joined(separator: "\n")
    }

    private func token(_ place: String) -> String {
        Hex.encode(Self.check(place, scope) + Array(place.utf8))
    }

    private static func place(_ token: String, _ scope: String) -> String? {
        guard let bytes = Hex.decode(token.utf8),
            let place = String(validating: bytes.dropFirst(checkLength), as: UTF8.self),
            Array(bytes.prefix(checkLength)) == check(place, scope)
        else { return nil }
        return place
    }

    private static func check(_ place: String, _ scope: String) -> [UInt8] {
        Array(Hash.sha256(Array("\(scope)\n\n\(place)".utf8)).prefix(checkLength))
    }
}

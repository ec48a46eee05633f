import Base
import HTTPServer

/// A request in the way of SSM: JSON 1.1, the operation in a header.
enum ParameterRequest: Equatable {
    case get(String)
    case getSeveral([String])
    case describe(ParameterListing)

    static let service = "AmazonSSM."
    /// SSM's own limit.
    static let namesLimit = 10

    init(_ request: Request) throws(APIError) {
        let target = request.header("x-amz-target") ?? ""
        let body: JSON
        do {
            body = try request.body.isEmpty ? [:] : JSON(parsing: request.body)
        } catch {
            throw APIError(.serialization, "The body is not JSON: \(error).")
        }
        guard body.members != nil else {
            throw APIError(.serialization, "The body is \(body.kind): an object is accepted.")
        }
        switch target {
        case "\(Self.service)GetParameter": self = .get(try Self.name(body["Name"]))
        case "\(Self.service)GetParameters": self = .getSeveral(try Self.names(body["Names"]))
        case "\(Self.service)DescribeParameters": self = .describe(try ParameterListing(body))
        default: throw .unknownOperation(target)
        }
    }

    private static func name(_ given: JSON?) throws(APIError) -> String {
        guard let given, given != .null else {
            throw .validation("Name is missing: the name of a parameter is accepted.")
        }
        guard let name = given.text else {
            throw .validation("Name is \(given.kind): the name of a parameter is accepted.")
        }
        guard (1...2_048).contains(name.utf8.count) else {
            throw .validation("Name has \(name.utf8.count) bytes: a name of 1 to 2048 bytes is accepted.")
        }
        return name
    }

    private static func names(_ given: JSON?) throws(APIError) -> [String] {
        let names = given?.elements?.compactMap(\.text) ?? []
        guard let elements = given?.elements, elements.count == names.count,
            (1...namesLimit).contains(names.count), names.allSatisfy({ (1...2_048).contains($0.utf8.count) })
        else {
            let found = given?.elements.map { "a list of \($0.count)" } ?? given?.kind ?? "missing"
            throw .validation(
                "Names is \(found): a list of 1 to \(namesLimit) names of parameters is accepted."
            )
        }
        return names
    }
}

extension APIError {
    fileprivate static func unknownOperation(_ target: String) -> APIError {
        APIError(
            .unknownOperation,
            "X-Amz-Target is \"\(EchoedText(target))\": \(ParameterRequest.service)GetParameter, "
                + "\(ParameterRequest.service)GetParameters and \(ParameterRequest.service)DescribeParameters are served. "
                + "Nothing is written this way: faults come from experiments."
        )
    }
}

import Base
import TestSupport
import Testing

@testable import ControlPlane

/// The description of the API against the routes it describes.
@Suite(.timeLimit(.minutes(10))) struct APIDescriptionTests {
    private func document() throws -> JSON { try JSON(parsing: OpenAPI.document) }

    /// Each operation with its path and method.
    private func operations() throws -> [(path: String, method: String, json: JSON)] {
        (try document()["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).map { (path.name, $0.name, $0.value) }
        }
    }

    @Test func `every route is described, and nothing else is`() async throws {
        try await withPlane { plane in
            let routes = plane.node.routes.map {
                "\($0.method.rawValue.lowercased()) \($0.path) \($0.name)"
            }
            let described = try operations().map {
                "\($0.method) \($0.path) \($0.json["operationId"]?.text ?? "")"
            }
            #expect(described.sorted() == routes.sorted())
            let names = RouteDescription.all.map(\.name)
            #expect(names.sorted() == plane.node.routes.map { "\($0.name)" }.sorted())
        }
    }

    @Test func `a node serves the document to anybody, as the program prints it`() async throws {
        try await withPlane { plane in
            let answer = try plane.ask(Ask("GET", "/openapi.json"))
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.text == String(decoding: OpenAPI.document, as: UTF8.self))
        }
    }

    @Test func `routes without a description are left out`() async throws {
        let route = Route(.get, "/test", "Extra", .anybody, .immediate { _, _, _ in .written })
        let document = try JSON(parsing: OpenAPI.document([route]))
        #expect(document["paths"] == [:])
    }

    @Test func `what stands in a path is described`() throws {
        for (path, method, operation) in try operations() {
            let named = path.split(separator: "/").filter { $0.hasPrefix("{") }
                .map { String($0.dropFirst().dropLast()) }
            let parameters = (operation["parameters"]?.elements ?? []).filter { $0["in"]?.text == "path" }
            #expect(parameters.compactMap { $0["name"]?.text } == named, "\(method) \(path)")
            #expect(named.allSatisfy { PathParameter.all[$0] != nil }, "\(method) \(path)")
        }
    }

    @Test func `every component that is named is there, and every one that is there is named`() throws {
        let document = try document()
        var named: Set<String> = []
        Self.references(document, into: &named)
        var there: Set<String> = []
        for kind in document["components"]?.members ?? [] where kind.name != "securitySchemes" {
            for component in kind.value.members ?? [] {
                there.insert("#/components/\(kind.name)/\(component.name)")
            }
        }
        #expect(named == there)
    }

    @Test func `an operation says who may ask and which errors that brings`() throws {
        let operations = Dictionary(
            try operations().map { ($0.json["operationId"]?.text ?? "", $0.json) }
        ) { first, _ in first }
        let cases: [(name: String, who: String, statuses: [String])] = [
            ("Health", "For anybody.", ["200", "400"]),
            ("WhoAmI", "For every key.", ["200", "400", "403", "429"]),
            ("Readiness", "For anybody.", ["200", "503", "400"]),
            (
                "StopExperiment", "For keys of these roles: admin, operator.",
                ["200", "400", "403", "404", "414", "500", "503"]
            ),
            (
                "CreateAccount", "For admins of the deployment's first account.",
                ["200", "400", "403", "409", "413", "429", "500", "503"]
            ),
            (
                "PollFaults", "For keys of these roles: admin, agent.",
                ["200", "304", "400", "403", "414", "429", "431", "500"]
            ),
        ]
        for (name, who, statuses) in cases {
            let operation = try #require(operations[name])
            #expect(operation["description"]?.text == who, "\(name)")
            #expect(operation["responses"]?.members?.map(\.name) == statuses, "\(name)")
            #expect((operation["security"] == []) == (who == "For anybody."), "\(name)")
        }
    }

    private static func references(_ json: JSON, into found: inout Set<String>) {
        switch json {
        case .array(let elements): for element in elements { references(element, into: &found) }
        case .object(let members):
            for member in members {
                if member.name == "$ref", let text = member.value.text { found.insert(text) }
                references(member.value, into: &found)
            }
        case .null, .bool, .integer, .number, .string: break
        }
    }
}

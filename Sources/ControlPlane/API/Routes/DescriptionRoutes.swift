import HTTPServer

/// `/openapi.json`: the API, described for programs.
struct DescriptionRoutes: Sendable {
    /// What is served, as `api/openapi.json` has it.
    let document: [UInt8]

    /// Describes the other routes and itself.
    init(beside others: [Route]) { document = OpenAPI.document(others + [Self.route(serving: [])]) }

    var all: [Route] { [Self.route(serving: document)] }

    private static func route(serving document: [UInt8]) -> Route {
        Route(
            .get,
            "/openapi.json",
            "Description",
            .anybody,
            .immediate { _, _, writer in
                writer.start(.ok)
                writer.header("Content-Type", "application/json")
                writer.finish(body: document)
                return .written
            }
        )
    }
}

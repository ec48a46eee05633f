import ControlPlane

extension Command {
    /// For scripts that keep `api/openapi.json` as the program has it; people ask a server.
    static let openAPI = Command(
        name: "openapi",
        usage: "",
        summary: "Print the description of the API (OpenAPI 3.1), as a server gives it at /openapi.json.",
        flags: [],
        isHidden: true,
        run: { _ in print(String(decoding: OpenAPI.document, as: UTF8.self), terminator: "") }
    )
}

import HTTPServer

/// What load balancers, Prometheus, operators and generators of clients ask for.
extension RouteDescription {
    static let operations: [RouteDescription] = [
        .init(
            "Health",
            .operations,
            "Whether the process is there.",
            answer: .object(.required("status", .oneOf(["ok"])))
        ),
        .init(
            "Readiness",
            .operations,
            "Whether the node should be sent requests.",
            answers: [
                .json(.named("Readiness")),
                Answer(
                    contents: [("application/json", .named("Readiness"))],
                    status: .unavailable,
                    text: "It should not; the checks say why."
                ),
            ]
        ),
        .init(
            "Metrics",
            .operations,
            "The node's metrics, for Prometheus.",
            answers: [Answer(contents: [("text/plain; version=0.0.4; charset=utf-8", .text)])],
            needsDatabase: false
        ),
        .init("Description", .operations, "This document.", answer: Schema(type: "object")),
    ]
}

import Base
import HTTPServer

/// The description of the API that programs read (OpenAPI 3.1), made from the route table.
package enum OpenAPI {
    /// What this version serves at `/openapi.json`, to the byte; nothing need run for it.
    package static var document: [UInt8] { RouteTable.unplugged.description }

    /// Routes without a description, such as those a test adds, are left out.
    static func document(_ routes: [Route]) -> [UInt8] {
        let known = Dictionary(RouteDescription.all.map { ($0.name, $0) }) { first, _ in first }
        var paths: [JSON.Member] = []
        for route in routes {
            guard let description = known["\(route.name)"] else { continue }
            let operation = JSON.Member(
                route.method.rawValue.lowercased(),
                OpenAPIOperation(route, description).json
            )
            let path = "\(route.path)"
            if let index = paths.firstIndex(where: { $0.name == path }) {
                paths[index].value = .object((paths[index].value.members ?? []) + [operation])
            } else {
                paths.append(JSON.Member(path, .object([operation])))
            }
        }
        let document: JSON = [
            "openapi": "3.1.0",
            "info": info,
            "servers": [["url": "/"]],
            "security": .array(SecurityScheme.all.map { .object([.init($0.name, [])]) }),
            "tags": .array(RouteDescription.Tag.allCases.map { ["name": .string($0.rawValue)] }),
            "paths": .object(paths),
            "components": components,
        ]
        return document.indented + [UInt8(ascii: "\n")]
    }

    private static var info: JSON {
        [
            "title": "Faultplane",
            "version": .string(Node.version),
            "description": .string(
                """
                A self-hosted control plane for fault injection. Its experiments are AWS FIS's, at FIS's paths and in \
                FIS's shapes, so that clients of FIS need only another endpoint. A member that is null counts as not \
                given, and one that is not known is refused. Beyond what each operation says, bytes that are no \
                acceptable HTTP are refused with 400, 408, 413, 414, 417, 431, 501 or 505 in the same shape, \
                a path that leads nowhere with 404, and a method that a path does not take with 405.
                """
            ),
        ]
    }

    private static var components: JSON {
        [
            "schemas": .object(SchemaComponent.all.map { .init($0.name, $0.schema.json) }),
            "responses": .object(ErrorAnswer.all.map { .init($0.name, $0.json) }),
            "headers": .object(ResponseHeader.all.map { .init($0.name, $0.json) }),
            "securitySchemes": .object(SecurityScheme.all.map { .init($0.name, $0.json) }),
        ]
    }
}

extension RouteTable {
    /// The same routes with nothing behind them: to be told of, not to be asked.
    fileprivate static var unplugged: RouteTable {
        let (clock, log) = (Clock.system, Logger(sink: NoLog()))
        let (masterKey, database) = (MasterKey.random(), DatabaseDoor())
        let time = DeploymentTime(clock: clock)
        let keys = KeyRing(masterKey: masterKey)
        let state = NodeState(schemaVersion: 0, clock: clock)
        let identities = Identities(
            database: database,
            keys: keys,
            masterKey: masterKey,
            firstAccount: .zero,
            region: "",
            ticker: Ticker(),
            clock: clock,
            log: log
        )
        return RouteTable(
            identities: identities,
            experiments: ExperimentRuns(
                database: database,
                safety: database,
                quotas: Quotas(),
                time: time,
                delivery: Delivery(
                    halt: Halt(alone: .seconds(15), time: time, clock: clock, log: log),
                    seen: DatabaseMemory(),
                    database: database
                ),
                telemetry: Telemetry(time: time, clock: clock),
                firstAccount: .zero,
                nudge: {},
                log: log
            ),
            authenticator: Authenticator(keys: keys, firstAccount: .zero, isOpen: false, clock: clock),
            state: state,
            metrics: MetricsSource(state: state, database: database),
            quotas: Quotas(),
            maxWait: .seconds(50)
        )
    }
}

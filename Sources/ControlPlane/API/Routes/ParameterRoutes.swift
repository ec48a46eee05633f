import Base
import Experiments
import HTTPServer

/// `POST /`, also below `/t/TOKEN`: SSM's way of reading parameters, for fault libraries that know no other.
struct ParameterRoutes: Sendable {
    let reads: ParameterReads
    let authenticator: Authenticator

    var all: [Route] {
        [
            route("/", "ReadParameters"),
            route("/t/{token}", "ReadParametersByToken"),
            // Some programs put a slash behind the address that they were given.
            route("/t/{token}/", "ReadParametersByTokenAndSlash"),
        ]
    }

    /// For anybody: an error would go through into the function that reads.
    private func route(_ path: StaticString, _ name: StaticString) -> Route {
        Route(.post, path, name, .anybody, pace: .unlimited, .immediate(answer))
    }

    private func answer(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        do throws(APIError) {
            switch try ParameterRequest(request) {
            case .get(let name):
                let reader = reader(of: request, &exchange)
                guard let parameter = try reads.read(name, by: reader, at: exchange.startedAt) else {
                    throw .noParameter(name)
                }
                Self.write([UInt8]("{\"Parameter\":".utf8) + parameter + [UInt8(ascii: "}")], to: &writer)
            case .getSeveral(let names):
                let reader = reader(of: request, &exchange)
                Self.write(try several(names, by: reader, at: exchange.startedAt), to: &writer)
            case .describe(let listing):
                let caller = try authenticator.known(request, &exchange)
                return .task { await Self.described(listing, for: caller, reads) }
            }
        } catch {
            Envelope.write(error, exchange.id, &writer)
        }
        return .written
    }

    /// In the order asked for; a name twice is answered once.
    private func several(
        _ names: [String],
        by reader: ParameterReads.Reader,
        at now: Instant
    ) throws(APIError) -> [UInt8] {
        var found: [UInt8] = []
        var unknown: [JSON] = []
        var seen: Set<String> = []
        var failure: APIError?
        for name in names where seen.insert(name).inserted {
            let parameter: [UInt8]?
            do throws(APIError) {
                parameter = try reads.read(name, by: reader, at: now)
            } catch {
                // What is known is told all the same.
                failure = error
                parameter = nil
            }
            guard let parameter else {
                unknown.append(.string(name))
                continue
            }
            if !found.isEmpty { found.append(UInt8(ascii: ",")) }
            found += parameter
        }
        if found.isEmpty, let failure { throw failure }
        return [UInt8]("{\"Parameters\":[".utf8) + found + [UInt8]("],\"InvalidParameters\":".utf8)
            + JSON.array(unknown).encoded + [UInt8(ascii: "}")]
    }
}

extension ParameterRoutes {
    private static let contentType: StaticString = "application/x-amz-json-1.1"

    private static func write(_ body: [UInt8], to writer: inout ResponseWriter) {
        writer.start(.ok)
        writer.header("Content-Type", contentType)
        writer.header("Cache-Control", "no-store")
        writer.finish(body: body)
    }

    /// Whoever cannot be made out is a stranger; what was wrong is counted, and for the one who reads nothing is on.
    private func reader(of request: Request, _ exchange: inout Exchange) -> ParameterReads.Reader {
        do throws(APIError) {
            return .caller(try authenticator.known(request, &exchange))
        } catch {
            reads.strangers.tell(error, from: exchange, to: reads.delivery.log)
            // A node that has not read the keys yet knows nobody, which is no fault of the credential.
            let isEarly = error.code == .unavailable
            return .stranger(isEarly ? "Nothing is told: \(error.message)" : ParameterReads.notAllowed)
        }
    }

    private static func described(
        _ listing: ParameterListing,
        for caller: Caller,
        _ reads: ParameterReads
    ) async -> Response {
        // Beside the loops: there may be many names.
        let body = await Task.detached { reads.described(listing, for: caller).encoded }.value
        return Response(
            .ok,
            headers: [("Content-Type", "\(contentType)"), ("Cache-Control", "no-store")],
            body: .whole(body)
        )
    }
}

extension APIError {
    fileprivate static func noParameter(_ name: String) -> APIError {
        APIError(
            .parameterNotFound,
            "There is no parameter \(EchoedText(name)): names are bound by PUT /v1/bindings/NAME, and below "
                + "\(ParameterName.prefix) each dialect (\(Dialect.names)) has one for each function."
        )
    }
}

extension Dialect {
    /// All of them, for a message.
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

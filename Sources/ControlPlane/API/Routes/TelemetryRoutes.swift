import Base
import Experiments
import HTTPServer
import Store

/// `/v1/telemetry`: what instances did, told by them and read by people.
struct TelemetryRoutes: Sendable {
    let telemetry: Telemetry
    let series: TelemetryReads
    let authenticator: Authenticator
    let pacing: Pacing
    let region: String

    private static let bodyLimit = 128 << 10

    var all: [Route] {
        [
            Route(
                .post,
                "/v1/telemetry",
                "ReportTelemetry",
                .holder(of: .report),
                pace: .instance,
                bodyLimit: Self.bodyLimit,
                .immediate(report)
            ),
            Route(
                .post,
                "/t/{token}/v1/telemetry",
                "ReportTelemetryByToken",
                .anybody,
                pace: .instance,
                bodyLimit: Self.bodyLimit,
                .immediate(reportByToken)
            ),
            Route(.get, "/v1/telemetry", "GetTelemetry", .holder(of: .read), .task(read)),
        ]
    }

    private func report(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        do throws(APIError) {
            guard let caller = exchange.caller else { throw APIError(AuthenticationFailure.missing) }
            Self.write(try take(request, caller, exchange), to: &writer)
        } catch {
            Envelope.write(error, exchange.id, &writer)
        }
        return .written
    }

    /// For those who cannot set a header: the key is in the path, and looked at here.
    private func reportByToken(
        _ request: Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Outcome {
        do throws(APIError) {
            let caller = try authenticator.known(request, &exchange)
            try pacing.admit(
                caller,
                instance: request.queryBytes("instance") ?? [],
                at: exchange.startedAt
            )
            try authenticator.require(.report, of: caller.principal)
            Self.write(try take(request, caller, exchange), to: &writer)
        } catch {
            Envelope.write(error, exchange.id, &writer)
        }
        return .written
    }

    /// All of the reports or none: what is wrong with one of them is said before any is counted.
    private func take(
        _ request: Request,
        _ caller: Caller,
        _ exchange: Exchange
    ) throws(APIError) -> TelemetryCounts {
        let principal = caller.principal
        var body = try BodyReader(Call(request, principal, exchange))
        let reports = body.telemetryReports(region: region, account: principal.account)
        try body.finish()
        for target in Set(reports.map(\.target.target)) {
            do throws(AuthenticationFailure) {
                try principal.requireTarget(Array(target.utf8).span)
            } catch {
                throw APIError(error)
            }
        }
        return telemetry.take(reports)
    }

    private static func write(_ counts: TelemetryCounts, to writer: inout ResponseWriter) {
        func json(_ number: Int) -> JSON { .integer(Int64(number)) }
        let body: JSON = [
            "taken": json(counts.taken), "repeated": json(counts.repeated), "dropped": json(counts.dropped),
        ]
        writer.start(.ok)
        writer.header("Content-Type", "application/json")
        writer.finish(body: body.encoded)
    }

    private func read(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let page = try Page(call, of: "GetTelemetry")
        let question = try TelemetryRequest(call.request, region: region, account: context.account)
        let after = try page.after { Int64($0) }
        let found = try await series.read(context, question, after: after, limit: page.fetched)
        return page.reply("samples", found, cursor: { "\($0.second)" }, \.json)
    }
}

import Base
import Experiments
import WebClient

/// Alarms of CloudWatch, or of whoever speaks its protocol: all that are asked for in as few questions as there can be.
final class CloudWatchSource: ConditionSource {
    private let url: WebURL?
    private let place: AWSCredentials.Place
    private let client: SourceClient
    /// Endpoints that are left alone for a while.
    private let pauses = Locked<[Endpoint: CloudWatchPause]>([:])
    private let random = SharedRandom()

    private struct Endpoint: Hashable, Sendable {
        let url: String
        let region: String
    }

    /// As many names as one question may have, and as many pages as an answer to them can.
    private static let batch = 100
    private static let pages = 20

    /// Without a URL AWS itself is asked.
    init(_ url: WebURL?, credentials: AWSCredentials.Place, client: SourceClient) {
        self.url = url
        place = credentials
        self.client = client
    }

    func read(
        _ inquiries: [Inquiry],
        by deadline: Instant,
        _ answer: @escaping @Sendable (Inquiry, Reading) -> Void
    ) async {
        let credentials: AWSCredentials
        do throws(SourceFailure) {
            credentials = try AWSCredentials(place)
        } catch {
            for each in inquiries { answer(each, Reading(.unreadable, error.reason, latency: .zero)) }
            return
        }
        let batches = batches(inquiries) { answer($0, Reading(.unreadable, $1.reason, latency: .zero)) }
        await withDiscardingTaskGroup { group in
            for batch in batches {
                group.addTask { await self.read(batch, credentials, by: deadline, answer) }
            }
        }
    }
}

extension CloudWatchSource {
    /// What is asked with one question, and of whom.
    private struct Batch: Sendable {
        let endpoint: Endpoint
        var inquiries: [AlarmName: [(Inquiry, CloudWatchQuestion)]] = [:]
    }

    /// Asks for one alarm, whichever; gives who answered.
    func probe(region: String, by deadline: Instant) async throws(SourceFailure) -> String {
        let alarm = try AlarmName("arn:aws:cloudwatch:\(region):000000000000:alarm:none")
        let endpoint = Endpoint(url: url?.text ?? alarm.endpoint, region: region)
        let credentials = try AWSCredentials(place)
        switch try await ask(CloudWatchRequest(limit: 1), endpoint, credentials, by: deadline) {
        case .page: return endpoint.url
        case .throttled(let reason), .unreadable(let reason): throw SourceFailure(reason)
        }
    }

    private func batches(_ inquiries: [Inquiry], refuse: (Inquiry, SourceFailure) -> Void) -> [Batch] {
        var open: [Endpoint: Batch] = [:]
        var full: [Batch] = []
        for inquiry in inquiries {
            guard case .cloudWatchAlarm(let question) = inquiry.question else { continue }
            do throws(SourceFailure) {
                let alarm = try AlarmName(question.arn)
                let endpoint = Endpoint(url: url?.text ?? alarm.endpoint, region: alarm.region)
                var batch = open[endpoint] ?? Batch(endpoint: endpoint)
                if batch.inquiries[alarm] == nil, batch.inquiries.count == Self.batch {
                    full.append(batch)
                    batch = Batch(endpoint: endpoint)
                }
                batch.inquiries[alarm, default: []].append((inquiry, question))
                open[endpoint] = batch
            } catch {
                refuse(inquiry, error)
            }
        }
        return full + open.values
    }

    private func read(
        _ batch: Batch,
        _ credentials: AWSCredentials,
        by deadline: Instant,
        _ answer: @Sendable (Inquiry, Reading) -> Void
    ) async {
        let began = Instant.now
        let found: Result<CloudWatchAnswer.Page, SourceFailure>
        do throws(SourceFailure) {
            found = .success(try await describe(batch, credentials, by: deadline))
        } catch {
            found = .failure(error)
        }
        let latency = Instant.now - began
        for (alarm, asked) in batch.inquiries {
            for (inquiry, question) in asked {
                answer(inquiry, question.reading(found, of: alarm, latency: latency))
            }
        }
    }

    private func describe(
        _ batch: Batch,
        _ credentials: AWSCredentials,
        by deadline: Instant
    ) async throws(SourceFailure) -> CloudWatchAnswer.Page {
        let endpoint = batch.endpoint
        let pause = pauses.withLock { $0[endpoint] }
        if let refusal = pause?.refusal(now: .now) {
            throw SourceFailure(refusal)
        }
        let names = Set(batch.inquiries.keys.map(\.name)).sorted()
        var whole = CloudWatchAnswer.Page()
        var next: String?
        for _ in 1...Self.pages {
            let request = CloudWatchRequest(names: names, next: next)
            switch try await ask(request, endpoint, credentials, by: deadline) {
            case .page(let page):
                whole.states.merge(page.states) { $1 }
                whole.odd.merge(page.odd) { $1 }
                whole.names.merge(page.names) { $1 }
                next = page.next
            case .throttled(let reason):
                throttled(endpoint, reason, since: pause)
                throw SourceFailure(reason)
            case .unreadable(let reason): throw SourceFailure(reason)
            }
            if next == nil { break }
        }
        // One that was begun meanwhile is another question's, and still holds.
        pauses.withLock { if $0[endpoint] == pause { $0[endpoint] = nil } }
        return whole
    }

    private func ask(
        _ request: CloudWatchRequest,
        _ endpoint: Endpoint,
        _ credentials: AWSCredentials,
        by deadline: Instant
    ) async throws(SourceFailure) -> CloudWatchAnswer {
        guard let url = WebURL(endpoint.url) else { throw SourceFailure("\(endpoint.url.quoted) is no URL") }
        let request = request.webRequest(url.path)
        let peer = WebPeer(.url(url.origin), proof: credentials.proof(region: endpoint.region))
        switch await client.ask(request, of: peer, by: deadline).result {
        case .success(let answer): return CloudWatchAnswer(answer, credentials: credentials.origin)
        case .failure(let error): throw SourceFailure("CloudWatch: \(error.description.shortened(to: 200))")
        }
    }

    /// Batches that are refused side by side are one refusal; it follows upon the pause before, though another batch may have ended that.
    private func throttled(_ endpoint: Endpoint, _ reason: String, since last: CloudWatchPause?) {
        let (now, chance) = (Instant.now, random.fraction())
        pauses.withLock { pauses in
            if let pause = pauses[endpoint], now < pause.until { return }
            pauses[endpoint] = CloudWatchPause(
                after: pauses[endpoint] ?? last,
                reason,
                now: now,
                chance: chance
            )
        }
    }
}

/// DescribeAlarms as AWS's JSON protocol has it.
struct CloudWatchRequest {
    /// None is for all.
    var names: [String] = []
    var next: String?
    var limit = 100

    func webRequest(_ path: String) -> WebRequest {
        var members: [JSON.Member] = [
            .init("AlarmTypes", ["MetricAlarm", "CompositeAlarm"]),
            .init("MaxRecords", .integer(Int64(limit))),
        ]
        if !names.isEmpty { members.append(.init("AlarmNames", .array(names.map { .string($0) }))) }
        if let next { members.append(.init("NextToken", .string(next))) }
        let headers = [
            WebHeader("Content-Type", "application/x-amz-json-1.0"),
            WebHeader("X-Amz-Target", "GraniteServiceVersion20100801.DescribeAlarms"),
        ]
        return WebRequest("POST", path, headers: headers, body: JSON.object(members).encoded)
    }
}

extension CloudWatchQuestion {
    /// What was found of one alarm among those that were asked for with it.
    func reading(
        _ found: Result<CloudWatchAnswer.Page, SourceFailure>,
        of alarm: AlarmName,
        latency: Duration
    ) -> Reading {
        let page: CloudWatchAnswer.Page
        switch found {
        case .success(let whole): page = whole
        case .failure(let failure): return Reading(.unreadable, failure.reason, latency: latency)
        }
        if let state = page.states[arn] {
            return Reading(breaching.contains(state) ? .breached : .clear, state.rawValue, latency: latency)
        }
        if let odd = page.odd[arn] {
            return Reading(.unreadable, "the alarm is in state \(odd), which is not known", latency: latency)
        }
        let other = page.names[alarm.name].map { "; there is \($0.quoted)" } ?? ""
        return Reading(.unreadable, "there is no such alarm for these credentials\(other)", latency: latency)
    }
}

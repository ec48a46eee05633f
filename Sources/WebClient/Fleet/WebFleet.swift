package import Base

/// Asks many peers many things at once, on one thread, by libcurl.
///
/// Each question has its own time limit, and each host a few connections, which are kept and used again. So one that hangs costs those
/// who ask it their time, and nobody else; where one has more to do than there is time for, its questions take turns. Proxies that the environment names are gone past.
package final class WebFleet: Sendable {
    /// What holds for all questions of a fleet.
    package struct Rules: Sendable {
        package var destinations = WebDestinations.ordinary
        /// A file with the authorities whose certificates are believed, instead of the machine's.
        package var authorities: String?
        /// How many connections there may be to one host, and to all.
        package var perHost = 8
        package var total = 512
        /// The same for hosts that may have more, or fewer, than others, by their origin.
        package var connections: [String: Int] = [:]
        package var clock = Clock.system

        package init() {}
    }

    private let inbox: FleetInbox
    private let clock: Clock

    package init(_ rules: Rules = Rules()) throws(SystemError) {
        let inbox = try FleetInbox()
        self.inbox = inbox
        clock = rules.clock
        try Thread.start(name: "web-fleet") {
            guard let loop = FleetLoop(inbox, rules) else {
                inbox.stop()
                let (messages, _) = inbox.take()
                for case .ask(let order) in messages {
                    order.answer.resume(returning: .failed(.unusable("libcurl cannot start")))
                }
                return
            }
            loop.run()
        }
    }

    deinit { inbox.stop() }

    /// Ends the thread; whoever waits is told that the question was given up, and so is whoever asks later.
    package func stop() { inbox.stop() }

    /// Asks, and waits for the whole answer; as many redirects are followed as the request allows.
    ///
    /// The proof goes to the peer itself and, after a redirect, to the same scheme, host and port alone. What is asked with a signature, or
    /// otherwise than by GET, is not asked again elsewhere.
    package func ask(_ request: WebRequest, of peer: WebPeer) async throws(WebError) -> WebAnswer {
        guard case .url(let origin) = peer.place else { throw .unusable("a fleet asks by URLs only") }
        let deadline = clock.now() + (request.timeLimit ?? .seconds(60))
        guard request.path.hasPrefix("/"), let first = WebURL(origin + request.path) else {
            throw .unusable("a URL that HTTP cannot carry")
        }
        var url = first
        var request = request
        var proof = peer.proof
        for hops in 0... {
            let (answer, redirect, began) = try await exchange(request, url, proof, deadline)
            guard (300..<400).contains(answer.status), let redirect, request.redirects > 0,
                request.method == "GET", !proof.isSignature
            else { return answer }
            if hops == request.redirects { throw .failed("More than \(hops) redirects") }
            guard let next = WebURL(redirect) else { throw .failed("A redirect to what is no URL of HTTP") }
            if next.origin != url.origin {
                proof = .none
                request.headers.removeAll { $0.isProof }
            }
            url = next
            // What one hop took, the next has no more.
            request.patience = request.patience.map { max(.zero, $0 - (clock.now() - began)) }
        }
        throw .failed("More redirects than can be counted")
    }

    private func exchange(
        _ request: WebRequest,
        _ url: WebURL,
        _ proof: WebPeer.Proof,
        _ deadline: Instant
    ) async throws(WebError) -> (WebAnswer, redirect: String?, began: Instant) {
        let id = inbox.nextID()
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { (done: CheckedContinuation<FleetInbox.Answer, Never>) in
                let order = FleetInbox.Order(
                    id: id,
                    url: url,
                    request: request,
                    proof: proof,
                    deadline: deadline,
                    answer: done
                )
                if !inbox.send(.ask(order)) { return done.resume(returning: .failed(.cancelled)) }
                // Who was cancelled before this was not heard: nobody knew the question then.
                if Task.isCancelled { _ = inbox.send(.giveUp(id)) }
            }
        } onCancel: {
            _ = inbox.send(.giveUp(id))
        }
        switch answer {
        case .answered(let answer, let redirect, let began): return (answer, redirect, began)
        case .failed(let error): throw error
        }
    }

    /// libcurl's own words for it.
    static let timeIsUp = "Timeout was reached"
}

extension WebPeer.Proof {
    fileprivate var isSignature: Bool { if case .signature = self { true } else { false } }
}

extension WebHeader {
    /// Whether it says who asks, and so is for one peer alone.
    fileprivate var isProof: Bool { ["authorization", "cookie"].contains(name.lowercased()) }
}

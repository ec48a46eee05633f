import Base
import CCurl

/// One question of a fleet that is under way.
final class Flight {
    let order: FleetInbox.Order
    let handle: WebHandle
    /// When it ends without an answer: with the whole question's time, or earlier with its patience.
    let deadline: Instant
    private let opener: SocketOpener
    private let began: Instant

    /// `trustedAge` is how old a connection may be that carries it.
    init(_ order: FleetInbox.Order, _ rules: WebFleet.Rules, trustedAge: Int, now: Instant) throws(WebError) {
        self.order = order
        began = now
        deadline = min(order.deadline, now + (order.request.patience ?? .seconds(3_600)))
        opener = SocketOpener(rules.destinations, for: order.url)
        handle = try WebHandle()
        var request = order.request
        request.path = order.url.path
        // The fleet's own to keep: libcurl would look at the clock first, and only then at what has come.
        request.timeLimit = nil
        try handle.prepare(request, of: WebPeer(.url(order.url.origin), proof: order.proof, isDirect: true))
        opener.serve(handle)
        restrict(rules, trustedAge: trustedAge)
    }

    private func restrict(_ rules: WebFleet.Rules, trustedAge: Int) {
        // A dead connection of HTTP/2 would take every later question with it: its streams time out, and it stays.
        handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // Name servers that hang are waited for by libcurl's thread for them, and by nobody else.
        handle.set(CURLOPT_QUICK_EXIT, 1)
        handle.set(CURLOPT_NOSIGNAL, 1)
        handle.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        handle.set(CURLOPT_DNS_CACHE_TIMEOUT, 5)
        handle.set(CURLOPT_MAXAGE_CONN, 30)
        if trustedAge > 0 {
            handle.set(CURLOPT_MAXLIFETIME_CONN, trustedAge)
        } else {
            handle.set(CURLOPT_FRESH_CONNECT, 1)
        }
        guard let authorities = rules.authorities else { return }
        handle.set(CURLOPT_CAINFO, authorities)
        // Without this the machine's own would be trusted too.
        handle.setNone(CURLOPT_CAPATH)
        // Else a file that was changed would not be seen for a day.
        handle.set(CURLOPT_CA_CACHE_TIMEOUT, 60)
    }

    /// Whether the host's name led to an address, now or for an earlier question whose connection is used again.
    var hasFound: Bool { opener.wasAsked || opener.hasConnected }

    /// What came of it.
    func result(_ code: CURLcode) -> FleetInbox.Answer {
        do throws(WebError) {
            return .answered(try handle.answer(code), redirect: handle.redirect, began: began)
        } catch {
            if let refusal = opener.refusal { return .failed(.unusable(refusal)) }
            return .failed(error)
        }
    }

    /// What is said where its time was over first: the peer was too slow only where it was asked, and where this process was not.
    func timeUp(_ looks: FleetLooks) -> WebError {
        guard let patience = order.request.patience, deadline < order.deadline, !looks.wasLate(since: began)
        else { return .timeUp(WebFleet.timeIsUp) }
        guard opener.hasConnected else {
            return .failed("No connection within \(patience.nanoseconds / 1_000_000) ms")
        }
        return .tooSlow(patience)
    }
}

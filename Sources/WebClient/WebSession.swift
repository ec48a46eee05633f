import CCurl

/// Asks one peer one thing after the other, by libcurl, over a connection that stays open in between.
///
/// It blocks the thread that asks, and belongs to one at a time. Redirects are answers like any other.
package final class WebSession {
    package let peer: WebPeer
    private let handle: WebHandle?

    package init(_ peer: WebPeer) {
        self.peer = peer
        handle = try? WebHandle()
    }

    /// Asks, and waits for the whole answer; a success's body goes to the listener, where there is one, as it comes.
    package func ask(
        _ request: WebRequest,
        _ listener: (([UInt8]) -> Void)? = nil
    ) throws(WebError) -> WebAnswer {
        guard let handle else { throw .unusable("libcurl cannot start") }
        try handle.prepare(request, of: peer, listener)
        return try handle.answer(unsafe curl_easy_perform(handle.raw))
    }
}

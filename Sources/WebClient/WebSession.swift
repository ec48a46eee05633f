import Base
import CCurl
import Glibc

/// Asks one peer one thing after the other, by libcurl, over a connection that stays open in between.
///
/// It blocks the thread that asks, and belongs to one at a time. Redirects are answers like any other.
@safe
package final class WebSession {
    package let peer: WebPeer
    private let handle: UnsafeMutableRawPointer?

    package init(_ peer: WebPeer) {
        self.peer = peer
        unsafe handle = Self.isReady ? curl_easy_init() : nil
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    /// libcurl's own beginning, once for the process.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Asks, and waits for the whole answer; a success's body goes to the listener, where there is one, as it comes.
    package func ask(
        _ request: WebRequest,
        _ listener: (([UInt8]) -> Void)? = nil
    ) throws(WebError) -> WebAnswer {
        guard let handle = unsafe handle else { throw .unusable("libcurl cannot start") }
        // Connections outlive this, and nothing else of the question before does.
        unsafe curl_easy_reset(handle)
        let received = unsafe ReceivedBody(handle, limit: request.answerLimit, listener)
        received.listen()
        let lines = try HeaderLines(request.headers + proof)
        unsafe ccurl_set_headers(handle, lines.list)
        unsafe describe(request, handle)
        let way = try unsafe way(handle, request)
        unsafe prove(handle)
        let code = unsafe curl_easy_perform(handle)
        // These are libcurl's until here.
        _ = consume way
        _ = consume lines
        if received.isTooLong { throw .answerTooLong(limit: request.answerLimit) }
        guard code == CURLE_OK else { throw WebError(code) }
        return unsafe WebAnswer(
            status: received.status,
            headers: WebHeader.received(handle),
            body: received.bytes
        )
    }

    private var proof: [WebHeader] {
        guard case .bearer(let token) = peer.proof else { return [] }
        return [WebHeader("Authorization", "Bearer \(token.revealed)")]
    }
}

extension WebSession {
    private func describe(_ request: WebRequest, _ handle: UnsafeMutableRawPointer) {
        if let body = request.body {
            unsafe body.withUnsafeBytes { _ = unsafe ccurl_set_body(handle, $0.baseAddress, $0.count) }
        }
        unsafe ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method)
        unsafe ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        unsafe ccurl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0)
        unsafe ccurl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, request.connectLimit.milliseconds)
        if let limit = request.timeLimit {
            unsafe ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, limit.milliseconds)
        }
        if let limit = request.silenceLimit {
            unsafe ccurl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            unsafe ccurl_set_number(handle, CURLOPT_LOW_SPEED_TIME, max(1, limit.milliseconds / 1_000))
        }
    }

    /// Says where to; a socket is reached by what is given back, for as long as that lives.
    private func way(
        _ handle: UnsafeMutableRawPointer,
        _ request: WebRequest
    ) throws(WebError) -> SocketPath? {
        guard request.path.hasPrefix("/"), !request.path.hasControls else {
            throw .unusable("a path that HTTP cannot carry")
        }
        switch peer.place {
        case .url(let url):
            guard !url.hasControls else { throw .unusable("a URL that HTTP cannot carry") }
            unsafe ccurl_set_text(handle, CURLOPT_URL, url + request.path)
            if peer.isDirect { unsafe ccurl_set_text(handle, CURLOPT_NOPROXY, "*") }
            return nil
        case .socket(let path):
            let way: SocketPath
            do throws(SystemError) {
                way = try SocketPath(path)
            } catch {
                throw .unusable(error.reason)
            }
            unsafe ccurl_set_text(handle, CURLOPT_UNIX_SOCKET_PATH, way.text)
            unsafe ccurl_set_text(handle, CURLOPT_URL, "http://control\(request.path)")
            unsafe ccurl_set_text(handle, CURLOPT_NOPROXY, "*")
            return way
        }
    }

    private func prove(_ handle: UnsafeMutableRawPointer) {
        guard case .signature(let keyID, let secret, let region, let service) = peer.proof else { return }
        unsafe ccurl_set_text(handle, CURLOPT_AWS_SIGV4, "aws:amz:\(region):\(service)")
        unsafe ccurl_set_text(handle, CURLOPT_USERPWD, "\(keyID):\(secret.revealed)")
    }
}

extension WebError {
    fileprivate init(_ code: CURLcode) {
        let reason = unsafe String(cString: curl_easy_strerror(code))
        self = code == CURLE_OPERATION_TIMEDOUT ? .timeUp(reason) : .failed(reason)
    }
}

extension Duration {
    /// For libcurl, to which 0 means its own default.
    fileprivate var milliseconds: Int { Int(clamping: max(1, nanoseconds / 1_000_000)) }
}

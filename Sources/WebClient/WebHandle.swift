import Base
import CCurl

/// One of libcurl's handles, told of one question after the other, and asked for the answer to each.
///
/// Who moves the bytes is somebody else: a session, which waits for them, or a fleet, which has many under way.
@safe
final class WebHandle {
    let raw: UnsafeMutableRawPointer
    private var question: Question?
    /// libcurl's own words for what went wrong, which say more than its codes.
    private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// What libcurl reads and writes until the answer is there.
    private struct Question: ~Copyable {
        let received: ReceivedBody
        let cutsAnswer: Bool
        let lines: HeaderLines
        let way: SocketPath?
    }

    init() throws(WebError) {
        guard Self.isReady, let raw = unsafe curl_easy_init() else { throw .unusable("libcurl cannot start") }
        unsafe self.raw = raw
    }

    deinit {
        unsafe curl_easy_cleanup(raw)
        unsafe words.deallocate()
    }

    /// libcurl's own beginning, once for the process.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Forgets the question before, and says all that the next one asks for.
    ///
    /// Connections outlive this, and nothing else of the question before does.
    func prepare(
        _ request: WebRequest,
        of peer: WebPeer,
        _ listener: (([UInt8]) -> Void)? = nil
    ) throws(WebError) {
        unsafe curl_easy_reset(raw)
        question = nil
        unsafe words[0] = 0
        unsafe ccurl_set_room(raw, CURLOPT_ERRORBUFFER, words)
        let received = unsafe ReceivedBody(raw, limit: request.answerLimit, listener)
        received.listen()
        let lines = try HeaderLines(request.headers + peer.proof.headers)
        unsafe ccurl_set_headers(raw, lines.list)
        describe(request)
        let way = try way(to: peer, request)
        try prove(peer.proof)
        question = Question(received: received, cutsAnswer: request.cutsAnswer, lines: lines, way: way)
    }

    /// What came, once libcurl is done with the question.
    func answer(_ code: CURLcode) throws(WebError) -> WebAnswer {
        guard let question = question.take() else { throw .unusable("nothing was asked") }
        let received = question.received
        let isCut = received.isTooLong && question.cutsAnswer
        if received.isTooLong, !isCut { throw .answerTooLong(limit: received.limit) }
        guard isCut || code == CURLE_OK else { throw unsafe WebError(code, String(cString: words)) }
        return unsafe WebAnswer(
            status: received.status,
            headers: WebHeader.received(raw),
            body: received.bytes,
            isCut: isCut
        )
    }

    func set(_ option: CURLoption, _ number: Int) { _ = unsafe ccurl_set_number(raw, option, number) }

    /// What it is told from others by, while it lives.
    var address: UInt { unsafe UInt(bitPattern: raw) }

    func setNone(_ option: CURLoption) { _ = unsafe ccurl_set_text(raw, option, nil) }

    /// Where the answer sends whoever asked, as a whole URL.
    var redirect: String? { unsafe ccurl_redirect(raw).map { unsafe String(cString: $0) } }

    func set(_ option: CURLoption, _ text: String) { _ = unsafe ccurl_set_text(raw, option, text) }
}

extension WebHandle {
    private func describe(_ request: WebRequest) {
        if let body = request.body {
            unsafe body.withUnsafeBytes { _ = unsafe ccurl_set_body(raw, $0.baseAddress, $0.count) }
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        if let agent = request.agent { set(CURLOPT_USERAGENT, agent) }
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_CONNECTTIMEOUT_MS, request.connectLimit.milliseconds)
        if let limit = request.timeLimit { set(CURLOPT_TIMEOUT_MS, limit.milliseconds) }
        if let limit = request.silenceLimit {
            set(CURLOPT_LOW_SPEED_LIMIT, 1)
            set(CURLOPT_LOW_SPEED_TIME, max(1, limit.milliseconds / 1_000))
        }
    }

    /// Says where to; a socket is reached by what is given back, for as long as that lives.
    private func way(to peer: WebPeer, _ request: WebRequest) throws(WebError) -> SocketPath? {
        guard request.path.hasPrefix("/"), !request.path.hasControls else {
            throw .unusable("a path that HTTP cannot carry")
        }
        switch peer.place {
        case .url(let url):
            guard !url.hasControls else { throw .unusable("a URL that HTTP cannot carry") }
            set(CURLOPT_URL, url + request.path)
            if peer.isDirect { set(CURLOPT_NOPROXY, "*") }
            return nil
        case .socket(let path):
            let way: SocketPath
            do throws(SystemError) {
                way = try SocketPath(path)
            } catch {
                throw .unusable(error.reason)
            }
            set(CURLOPT_UNIX_SOCKET_PATH, way.text)
            set(CURLOPT_URL, "http://control\(request.path)")
            set(CURLOPT_NOPROXY, "*")
            return way
        }
    }

    private func prove(_ proof: WebPeer.Proof) throws(WebError) {
        switch proof {
        case .none, .bearer: return
        case .basic(let user, let password):
            guard !user.utf8.contains(0), !password.bytes.contains(0) else {
                throw .unusable("a password that HTTP cannot carry")
            }
            set(CURLOPT_USERNAME, user)
            set(CURLOPT_PASSWORD, password.revealed)
        case .signature(let keyID, let secret, _, let region, let service):
            set(CURLOPT_AWS_SIGV4, "aws:amz:\(region):\(service)")
            set(CURLOPT_USERNAME, keyID)
            set(CURLOPT_PASSWORD, secret.revealed)
        }
    }
}

extension WebPeer.Proof {
    /// Those that travel as a header of their own.
    fileprivate var headers: [WebHeader] {
        switch self {
        case .bearer(let token): [WebHeader("Authorization", "Bearer \(token.revealed)")]
        case .signature(_, _, let token?, _, _): [WebHeader("X-Amz-Security-Token", token.revealed)]
        case .none, .basic, .signature: []
        }
    }
}

extension WebError {
    /// `words` are libcurl's own; they count for certificates alone, as the others hold names and times.
    fileprivate init(_ code: CURLcode, _ words: String) {
        let reason = unsafe String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_OPERATION_TIMEDOUT: self = .timeUp(reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            self = .failed(words.isEmpty ? reason : "\(reason) (\(words))")
        default: self = .failed(reason)
        }
    }
}

extension Duration {
    /// For libcurl, to which 0 means its own default.
    var milliseconds: Int { Int(clamping: max(1, nanoseconds / 1_000_000)) }
}

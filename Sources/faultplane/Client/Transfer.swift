import Base
import CCurl
import ControlPlane

/// One HTTP exchange by libcurl, which brings TLS and signs with AWS Signature Version 4.
struct Transfer {
    struct Answer {
        let status: Int
        let body: [UInt8]
    }

    private let way: Plane.Way

    init(_ way: Plane.Way) { self.way = way }

    func perform(_ method: String, _ path: String, _ body: [UInt8]?) throws(PlaneError) -> Answer {
        try unsafe exchange(method, path, ["Content-Type: application/json"], Received()) { handle in
            unsafe ccurl_set_number(handle, CURLOPT_TIMEOUT, 60)
            if let body {
                unsafe body.withUnsafeBytes { _ = unsafe ccurl_set_body(handle, $0.baseAddress, $0.count) }
            }
        }
    }

    /// Asks for a stream, and hands on what comes of it until its end; the answer's body is that of a refusal.
    ///
    /// A stream that is silent for half a minute is given up: the server writes twice a second.
    func follow(
        _ path: String,
        _ headers: [String],
        until deadline: Instant?,
        _ take: @escaping ([UInt8]) -> Void
    ) throws(PlaneError) -> Answer {
        try unsafe exchange("GET", path, headers, Received(take)) { handle in
            unsafe ccurl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            unsafe ccurl_set_number(handle, CURLOPT_LOW_SPEED_TIME, 30)
            if let deadline {
                let left = (deadline - .now).nanoseconds / 1_000_000
                unsafe ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, Int(max(1, left)))
            }
        }
    }

    private func exchange(
        _ method: String,
        _ path: String,
        _ lines: [String],
        _ received: Received,
        _ prepare: (UnsafeMutableRawPointer) -> Void
    ) throws(PlaneError) -> Answer {
        guard let handle = unsafe curl_easy_init() else {
            throw .unreachable(plane: plane, reason: "libcurl cannot start")
        }
        defer { unsafe curl_easy_cleanup(handle) }
        var headers: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(headers) }
        for line in lines { unsafe headers = curl_slist_append(headers, line) }
        unsafe ccurl_set_headers(handle, headers)
        unsafe ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, method)
        unsafe ccurl_set_number(handle, CURLOPT_CONNECTTIMEOUT, 10)
        unsafe prepare(handle)
        switch way {
        case .socket(let socket): return try unsafe exchange(handle, by: socket, path, received)
        case .url(let url, let credentials):
            unsafe address(handle, url, credentials, path)
            return try unsafe exchange(handle, received)
        }
    }

    private func exchange(
        _ handle: UnsafeMutableRawPointer,
        by socket: String,
        _ path: String,
        _ received: Received
    ) throws(PlaneError) -> Answer {
        let way: SocketPath
        do throws(SystemError) {
            way = try SocketPath(socket)
        } catch {
            throw .unreachable(plane: plane, reason: error.reason)
        }
        unsafe ccurl_set_text(handle, CURLOPT_UNIX_SOCKET_PATH, way.text)
        unsafe ccurl_set_text(handle, CURLOPT_URL, "http://control\(path)")
        let answer = try unsafe exchange(handle, received)
        _ = consume way
        return answer
    }

    private func address(
        _ handle: UnsafeMutableRawPointer,
        _ url: String,
        _ credentials: CredentialsFile,
        _ path: String
    ) {
        unsafe ccurl_set_text(handle, CURLOPT_URL, url + path)
        unsafe ccurl_set_text(handle, CURLOPT_AWS_SIGV4, "aws:amz:\(credentials.region ?? "us-east-1"):fis")
        unsafe ccurl_set_text(
            handle,
            CURLOPT_USERPWD,
            "\(credentials.keyID):\(credentials.secret.revealed)"
        )
    }

    private func exchange(
        _ handle: UnsafeMutableRawPointer,
        _ received: Received
    ) throws(PlaneError) -> Answer {
        unsafe received.handle = handle
        let context = unsafe Unmanaged.passUnretained(received).toOpaque()
        unsafe ccurl_set_sink(
            handle,
            { bytes, size, count, context in
                guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
                let received = unsafe Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
                unsafe received.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
                return size * count
            },
            context
        )
        let code = unsafe curl_easy_perform(handle)
        guard code == CURLE_OK else {
            throw .unreachable(plane: plane, reason: unsafe String(cString: curl_easy_strerror(code)))
        }
        return withExtendedLifetime(received) { Answer(status: received.status, body: received.bytes) }
    }

    private var plane: String { Plane(way: way).name }
}

/// What comes in: handed on where somebody waits for it and it is no refusal, else kept.
///
/// The handle is asked for the status only, and outlives the exchange.
@safe
private final class Received {
    private(set) var bytes: [UInt8] = []
    var handle: UnsafeMutableRawPointer?
    private let listener: (([UInt8]) -> Void)?

    init(_ listener: (([UInt8]) -> Void)? = nil) { self.listener = listener }

    var status: Int {
        var status = 0
        if let handle = unsafe handle { unsafe ccurl_status(handle, &status) }
        return status
    }

    func take(_ chunk: UnsafeRawBufferPointer) {
        if let listener, (200..<300).contains(status) {
            unsafe listener(Array(chunk))
        } else {
            unsafe bytes += chunk
        }
    }
}

extension Plane {
    init(way: Way) {
        self.way = way
        flags = ""
    }
}

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
        guard let handle = unsafe curl_easy_init() else {
            throw .unreachable(plane: plane, reason: "libcurl cannot start")
        }
        defer { unsafe curl_easy_cleanup(handle) }
        var headers: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(headers) }
        unsafe headers = curl_slist_append(headers, "Content-Type: application/json")
        unsafe ccurl_set_headers(handle, headers)
        unsafe ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, method)
        unsafe ccurl_set_number(handle, CURLOPT_TIMEOUT, 60)
        unsafe ccurl_set_number(handle, CURLOPT_CONNECTTIMEOUT, 10)
        if let body {
            unsafe body.withUnsafeBytes { _ = unsafe ccurl_set_body(handle, $0.baseAddress, $0.count) }
        }
        switch way {
        case .socket(let socket): return try unsafe exchange(handle, by: socket, path)
        case .url(let url, let credentials):
            unsafe address(handle, url, credentials, path)
            return try unsafe exchange(handle)
        }
    }

    private func exchange(
        _ handle: UnsafeMutableRawPointer,
        by socket: String,
        _ path: String
    ) throws(PlaneError) -> Answer {
        let way: SocketPath
        do throws(SystemError) {
            way = try SocketPath(socket)
        } catch {
            throw .unreachable(plane: plane, reason: error.reason)
        }
        unsafe ccurl_set_text(handle, CURLOPT_UNIX_SOCKET_PATH, way.text)
        unsafe ccurl_set_text(handle, CURLOPT_URL, "http://control\(path)")
        let answer = try unsafe exchange(handle)
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

    private func exchange(_ handle: UnsafeMutableRawPointer) throws(PlaneError) -> Answer {
        let received = Received()
        let context = unsafe Unmanaged.passUnretained(received).toOpaque()
        unsafe ccurl_set_sink(
            handle,
            { bytes, size, count, context in
                guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
                let received = unsafe Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
                unsafe received.bytes += UnsafeRawBufferPointer(start: bytes, count: size * count)
                return size * count
            },
            context
        )
        let code = unsafe curl_easy_perform(handle)
        guard code == CURLE_OK else {
            throw .unreachable(plane: plane, reason: unsafe String(cString: curl_easy_strerror(code)))
        }
        var status = 0
        unsafe ccurl_status(handle, &status)
        return withExtendedLifetime(received) { Answer(status: status, body: received.bytes) }
    }

    private var plane: String { Plane(way: way).name }

    private final class Received {
        var bytes: [UInt8] = []
    }
}

extension Plane {
    init(way: Way) { self.way = way }
}

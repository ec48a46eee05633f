import Base
import WebClient

/// The way to the server itself: a connection for each question, since a command asks little.
extension Plane {
    /// Asks, and gives back whatever the server says.
    func exchange(_ method: String, _ path: String, _ body: JSON? = nil) throws(PlaneError) -> WebAnswer {
        let headers = [WebHeader("Content-Type", "application/json")]
        return try send(WebRequest(method, path, headers: headers, body: body?.encoded))
    }

    /// Follows a stream to its end, or to that of the time.
    ///
    /// One that is silent for half a minute is given up: the server writes twice a second.
    func follow(
        _ path: String,
        _ headers: [WebHeader],
        until deadline: Instant?,
        _ take: @escaping ([UInt8]) -> Void
    ) throws(PlaneError) {
        var request = WebRequest("GET", path, headers: headers)
        request.silenceLimit = .seconds(30)
        request.timeLimit = deadline.map { $0 - .now }
        let answer = try send(request, take)
        guard answer.isSuccess else { throw refusal(answer) }
    }

    private func send(
        _ request: WebRequest,
        _ listener: (([UInt8]) -> Void)? = nil
    ) throws(PlaneError) -> WebAnswer {
        do throws(WebError) {
            return try WebSession(peer).ask(request, listener)
        } catch {
            throw .unreachable(plane: name, reason: error.description)
        }
    }

    private var peer: WebPeer {
        switch way {
        case .url(let url, let credentials): WebPeer(.url(url), proof: .signature(credentials))
        case .socket(let path): WebPeer(.socket(path))
        }
    }
}

extension Plane {
    /// The server of a data directory, for a command that asks nobody else.
    init(socket path: String) {
        way = .socket(path)
        flags = ""
    }
}

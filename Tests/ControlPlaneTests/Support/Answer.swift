import Base
import TestSupport
import Testing

@testable import ControlPlane

/// An answer that has been held to everything that every answer promises.
struct Answer {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var json: JSON? { try? JSON(parsing: body) }
    var text: String { String(decoding: body, as: UTF8.self) }
    var requestID: String { headers["x-amzn-requestid"] ?? "" }
    /// The error's name and sentence; nil where the answer is no error.
    var code: String? { json?["__type"]?.text }
    var message: String? { json?["message"]?.text }

    /// Everything a test of an error looks at, in one value.
    var failure: Failure? { code.map { Failure(status, $0, message ?? "") } }

    struct Failure: Equatable, CustomStringConvertible {
        let status: Int
        let code: String
        let message: String

        init(_ status: Int, _ code: String, _ message: String) {
            self.status = status
            self.code = code
            self.message = message
        }

        var description: String { "\(status) \(code): \(message)" }
    }

    init(_ raw: RawResponse, to ask: Ask, at place: SourceLocation) {
        status = raw.status
        headers = raw.headers
        body = raw.body
        checkHead(ask, place)
        // A node that is not ready says why in words of its own.
        if status >= 400, !(ask.path == "/readyz" && status == 503) {
            checkEnvelope(ask, place)
        } else {
            #expect(headers["x-amzn-errortype"] == nil, sourceLocation: place)
        }
    }

    private static let allowedHeaders: Set<String> = [
        "date", "x-amzn-requestid", "content-type", "content-length", "connection", "cache-control",
        "x-amzn-errortype", "allow", "retry-after", "etag", "faultplane-lease", "faultplane-held",
        "faultplane-next-poll", "faultplane-time",
    ]

    private func checkHead(_ ask: Ask, _ place: SourceLocation) {
        let asked: Comment = "\(ask.method) \(ask.path) -> \(status) \(text)"
        #expect(Set(headers.keys).subtracting(Self.allowedHeaders) == [], asked, sourceLocation: place)
        #expect(isUUID(requestID), asked, sourceLocation: place)
        #expect(headers["date"]?.hasSuffix(" GMT") == true, asked, sourceLocation: place)
        if status == 204 || status == 304 {
            #expect(body.isEmpty, asked, sourceLocation: place)
            #expect(headers["content-length"] == nil, asked, sourceLocation: place)
        } else {
            #expect(headers["content-type"] != nil, asked, sourceLocation: place)
            if ask.method != "HEAD" {
                #expect(headers["content-length"] == String(body.count), asked, sourceLocation: place)
            }
        }
        #expect((headers["allow"] != nil) == (status == 405), asked, sourceLocation: place)
        let isPoll = ask.path.hasPrefix("/v1/faults/") && ask.method != "POST"
        let isSure = isPoll && status < 400 && json?["degraded"] == nil
        #expect((headers["etag"] != nil) == isSure, asked, sourceLocation: place)
        if headers["content-type"] == "application/json", ask.method != "HEAD" {
            #expect(json != nil, asked, sourceLocation: place)
        }
    }

    private func checkEnvelope(_ ask: Ask, _ place: SourceLocation) {
        let asked: Comment = "\(ask.method) \(ask.path) -> \(status) \(text)"
        #expect(headers["content-type"] == "application/json", asked, sourceLocation: place)
        let mayHelp = status == 429 || status == 503
        let pause = headers["retry-after"].flatMap { Int($0) }
        #expect((headers["retry-after"] != nil) == mayHelp, asked, sourceLocation: place)
        if mayHelp { #expect(pause.map { (1...60).contains($0) } == true, asked, sourceLocation: place) }
        guard ask.method != "HEAD" else { return }
        let names = json?.members?.map(\.name)
        // Beside these only what a message cannot hold.
        let more = json?["problems"] == nil ? [] : ["problems"]
        #expect(names == ["__type", "message", "requestId"] + more, asked, sourceLocation: place)
        #expect(json?["message"]?.text?.unicodeScalars.count ?? 0 <= 1_024, asked, sourceLocation: place)
        #expect(code == headers["x-amzn-errortype"], asked, sourceLocation: place)
        #expect(json?["requestId"]?.text == requestID, asked, sourceLocation: place)
        let known = code.flatMap { ErrorCode(rawValue: $0) }
        #expect(known != nil, asked, sourceLocation: place)
        if let known, known != .malformedRequest {
            #expect(known.status.code == status, asked, sourceLocation: place)
        }
        #expect(message?.last == ".", asked, sourceLocation: place)
    }

    private func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.joined().allSatisfy { "0123456789abcdef".contains($0) }
    }
}

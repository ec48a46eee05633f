import Base
import ControlPlane
import Glibc

/// Requests that real signers made and sent, as `Tests/clients/signers` prints them.
struct SignerVector: Sendable {
    let name: String
    /// `accepted`, or the code of the refusal.
    let expected: String
    /// When the request arrives.
    let now: Timestamp
    let head: SignedRequestHead
    let body: [UInt8]
}

extension SignerVector {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Has the signers make their requests with the key of a credentials file.
    ///
    /// Blocks while they do.
    static func make(credentialsFile: String, in folder: TemporaryFolder) throws -> [SignerVector] {
        let script = "\(#filePath)".prefix(before: "Tests/") + "Tests/clients/signers/vectors.py"
        let python = environment("FAULTPLANE_TEST_PYTHON") ?? "python3"
        let output = folder.path + "/vectors.jsonl"
        let outcome = try Command(
            "/usr/bin/env",
            [python, "-B", script, credentialsFile, output],
            environment: ["PATH": environment("PATH") ?? "/usr/bin:/bin", "HOME": folder.path]
        ).run(timeLimit: .seconds(60))
        guard outcome.isSuccess, let lines = try Files.read(output, limit: 1 << 26) else {
            throw Failure(
                description:
                    "The signers failed (\(outcome.status)): \(outcome.output)They need curl, and a python3 "
                    + "with botocore, which FAULTPLANE_TEST_PYTHON may name."
            )
        }
        return try lines.split(separator: UInt8(ascii: "\n")).map { try SignerVector(line: Array($0)) }
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private init(line: [UInt8]) throws {
        let json = try JSON(parsing: line)
        func text(_ name: String) throws -> String {
            guard case .string(let text)? = json[name] else { throw Failure(description: "no \(name)") }
            return text
        }
        let written =
            if case .string(let file)? = json["bodyFile"] {
                try Files.read(file, limit: 1 << 22)
            } else {
                Hex.decode(try text("body").utf8)
            }
        guard case .integer(let seconds)? = json["now"], let head = Hex.decode(try text("head").utf8),
            let body = written
        else { throw Failure(description: "a line is not a vector") }
        name = try text("name")
        expected = try text("expected")
        now = Timestamp(nanoseconds: seconds * 1_000_000_000)
        self.head = try Self.parse(head)
        self.body = body
    }

    private static func parse(_ head: [UInt8]) throws -> SignedRequestHead {
        let lines = head.split(separator: UInt8(ascii: "\n")).map { $0.last == 13 ? $0.dropLast() : $0 }
        guard let request = lines.first?.split(separator: UInt8(ascii: " ")), request.count == 3 else {
            throw Failure(description: "no request line")
        }
        let path = request[1].prefix { $0 != UInt8(ascii: "?") }
        return SignedRequestHead(
            method: String(decoding: request[0], as: UTF8.self),
            path: path,
            query: request[1].dropFirst(path.count + 1),
            headers: lines.dropFirst().map { line in
                let name = line.prefix { $0 != UInt8(ascii: ":") }
                return (name, line.dropFirst(name.count + 1))
            }
        )
    }
}

extension String {
    /// What stands before the first occurrence of a text.
    fileprivate func prefix(before text: String) -> String {
        firstRange(of: text).map { String(self[..<$0.lowerBound]) } ?? self
    }
}

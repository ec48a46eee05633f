import Base
import ControlPlane
import WebClient

/// The control plane that a command talks to, and how it proves itself there.
struct Plane: Sendable {
    /// A server at a URL, by a key; or the one of a data directory on this machine, by its socket.
    enum Way: Sendable {
        case url(String, CredentialsFile)
        case socket(String)
    }

    static let flags: [Flag] = [
        .taking("url", "URL", "the server; without it the control socket of the data directory is used"),
        .taking(
            "data-dir",
            "DIR",
            default: ".faultplane",
            "where the control socket and the credentials are"
        ),
        .taking("credentials", "FILE", default: "DATA_DIR/credentials", "the key to use with --url"),
        .toggle("json", "print the server's answer as it is"),
    ]

    let way: Way
    /// The flags that lead here, for commands that are suggested; empty where none were needed.
    let flags: String

    init(_ arguments: Arguments) throws {
        flags = ["url", "data-dir", "credentials"].map { name in
            arguments[name].map { " --\(name) \(Shell.word($0))" } ?? ""
        }.joined()
        let directory = arguments["data-dir"] ?? ".faultplane"
        guard let url = arguments["url"] else {
            way = .socket(DataDirectory.controlSocket(in: directory))
            return
        }
        let path = arguments["credentials"] ?? DataDirectory.credentials(in: directory)
        way = .url(url.hasSuffix("/") ? String(url.dropLast()) : url, try CredentialsFile.read(path))
    }

    /// Which plane this is, in messages.
    var name: String {
        switch way {
        case .url(let url, _): url
        case .socket(let path): "the server at \(path)"
        }
    }

    /// The URL or the socket, for a person who wants to be sure.
    var place: String {
        switch way {
        case .url(let url, _): url
        case .socket(let path): path
        }
    }

    /// Asks, and gives back the answer's JSON; an error answer is thrown in the server's words.
    func ask(_ method: String, _ path: String, _ body: JSON? = nil) throws(PlaneError) -> JSON {
        let answer = try exchange(method, path, body)
        guard answer.isSuccess else { throw refusal(answer) }
        guard let json = try? JSON(parsing: answer.body) else { throw .garbled(plane: name) }
        return json
    }

    /// An error answer, in the server's words.
    func refusal(_ answer: WebAnswer) -> PlaneError {
        let json = try? JSON(parsing: answer.body)
        let message = json?["message"]?.text ?? String(decoding: answer.body.prefix(500), as: UTF8.self)
        return .refused(plane: name, status: answer.status, code: json?["__type"]?.text, message: message)
    }
}

/// Why a command got nothing from its control plane.
enum PlaneError: Error, Equatable, CustomStringConvertible {
    case unreachable(plane: String, reason: String)
    case refused(plane: String, status: Int, code: String?, message: String)
    case garbled(plane: String)

    /// The exit code of a command whose question nobody answered.
    static let notAsked: CInt = 3

    /// 1 where the server said no, 3 where it could not be asked or could not say.
    var exitCode: CInt {
        switch self {
        case .refused(_, let status, _, _): status == 429 || status >= 500 ? Self.notAsked : 1
        case .unreachable, .garbled: Self.notAsked
        }
    }

    var description: String {
        switch self {
        case .unreachable(let plane, let reason):
            "Cannot reach \(plane): \(reason). Is it running? (--url and --data-dir say where it is.)"
        case .refused(_, _, let code, let message): code.map { "\($0): \(message)" } ?? message
        case .garbled(let plane): "\(plane) answered with something that is not JSON. Is it Faultplane?"
        }
    }
}

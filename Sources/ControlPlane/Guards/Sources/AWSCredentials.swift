import Base
import WebClient

/// The key with which AWS is asked: that of a shared credentials file, read anew each time as such keys expire, or of the environment.
struct AWSCredentials: Sendable {
    let keyID: String
    let secret: Secret
    let token: Secret?
    /// Where they came from, in the words of a message.
    let origin: String

    /// Where to look for them.
    struct Place: Sendable {
        let path: String?
        let environment: [String: String]
    }

    init(_ place: Place) throws(SourceFailure) {
        if let path = place.path {
            self = try Self.file(path)
            return
        }
        let environment = place.environment
        guard let keyID = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"],
            !keyID.isEmpty, !secret.isEmpty
        else {
            throw SourceFailure(
                "this server has no credentials for CloudWatch: --cloudwatch-credentials FILE, or "
                    + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its environment, give it some"
            )
        }
        let token = environment["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : Secret(text: $0) }
        self.init(keyID: keyID, secret: Secret(text: secret), token: token, origin: "its environment")
    }

    private init(keyID: String, secret: Secret, token: Secret?, origin: String) {
        self.keyID = keyID
        self.secret = secret
        self.token = token
        self.origin = origin
    }

    private static func file(_ path: String) throws(SourceFailure) -> AWSCredentials {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try Files.read(path)
        } catch {
            throw SourceFailure("\(path) cannot be read (\(error.reason))")
        }
        guard let bytes else { throw SourceFailure("there is no file \(path)") }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let settings = CredentialsFile.settings(of: "default", in: text) else {
            throw SourceFailure("\(path) has no section [default]")
        }
        func setting(_ name: String) throws(SourceFailure) -> String {
            guard let value = settings[name], !value.isEmpty else {
                throw SourceFailure("\(path) has no \(name) in its section [default]")
            }
            return value
        }
        let token = settings["aws_session_token"].flatMap { $0.isEmpty ? nil : Secret(text: $0) }
        return AWSCredentials(
            keyID: try setting("aws_access_key_id"),
            secret: Secret(text: try setting("aws_secret_access_key")),
            token: token,
            origin: path
        )
    }

    /// The proof for one region's CloudWatch.
    func proof(region: String) -> WebPeer.Proof {
        .signature(keyID: keyID, secret: secret, token: token, region: region, service: "monitoring")
    }
}

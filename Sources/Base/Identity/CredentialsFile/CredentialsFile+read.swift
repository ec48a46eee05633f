extension CredentialsFile {
    /// Reads one profile's key.
    package static func read(
        _ path: String,
        profile: String = "default"
    ) throws(CredentialsFileFailure) -> CredentialsFile {
        let bytes: [UInt8]?
        do {
            bytes = try Files.read(path)
        } catch {
            throw .cannotRead(path, error)
        }
        guard let bytes else { throw .missing(path) }
        return try parse(String(decoding: bytes, as: UTF8.self), profile: profile, path: path)
    }

    private static func parse(
        _ text: String,
        profile: String,
        path: String
    ) throws(CredentialsFileFailure) -> CredentialsFile {
        guard let settings = settings(of: profile, in: text) else { throw .noProfile(path, profile) }
        guard let name = settings["aws_access_key_id"] else {
            throw .lacks(path, profile, "aws_access_key_id")
        }
        guard let keyID = KeyID(name) else { throw .foreignKey(path, profile, EchoedText(name)) }
        guard let secret = settings["aws_secret_access_key"], !secret.isEmpty else {
            throw .lacks(path, profile, "aws_secret_access_key")
        }
        return CredentialsFile(keyID: keyID, secret: Secret(text: secret), region: settings["region"])
    }

    /// The names and values under `[profile]`, or nil where there is no such section.
    ///
    /// Comments need no rule of their own: with its `#` or `;` a comment names nothing that is asked for.
    package static func settings(of profile: String, in text: String) -> [String: String]? {
        var settings: [String: String]?
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = trim(line)
            if line.first == "[", line.last == "]" {
                isInside = trim(line.dropFirst().dropLast()) == profile[...]
                if isInside { settings = settings ?? [:] }
            } else if isInside, let equals = line.firstIndex(of: "=") {
                let name = trim(line[..<equals]).lowercased()
                settings?[name] = String(trim(line[line.index(after: equals)...]))
            }
        }
        return settings
    }

    private static func trim(_ text: Substring) -> Substring {
        var rest = text.drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}

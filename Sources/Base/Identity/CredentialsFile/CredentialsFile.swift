/// An AWS shared-credentials file: what the server leaves for its first admin, and what the CLI reads back.
///
/// The region stands in it too. AWS tools take it from there, so that one variable naming the file is all they need.
package struct CredentialsFile: Sendable {
    package let keyID: KeyID
    package let secret: Secret
    package let region: String?

    package init(keyID: KeyID, secret: Secret, region: String?) {
        self.keyID = keyID
        self.secret = secret
        self.region = region
    }

    /// Puts the file in place in one step, readable by its owner only.
    package func write(to path: String) throws(CredentialsFileFailure) {
        do {
            try Files.replace(path, with: Array(text.utf8), mode: 0o600)
        } catch {
            throw .cannotWrite(path, error)
        }
    }

    /// Puts the same key where `curl --config` finds it, which so signs without a secret among its arguments.
    package func writeForCurl(to path: String) throws(CredentialsFileFailure) {
        let text = """
            user = "\(keyID):\(secret.revealed)"
            aws-sigv4 = "aws:amz:\(region ?? "us-east-1"):fis"

            """
        do {
            try Files.replace(path, with: Array(text.utf8), mode: 0o600)
        } catch {
            throw .cannotWrite(path, error)
        }
    }

    private var text: String {
        var lines = [
            "[default]",
            "aws_access_key_id = \(keyID)",
            "aws_secret_access_key = \(secret.revealed)",
        ]
        if let region { lines.append("region = \(region)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

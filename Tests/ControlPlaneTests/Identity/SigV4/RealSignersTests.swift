import Base
import ControlPlane
import Testing

/// botocore's clients, botocore's bare signers and this machine's curl against the verifier.
@Suite struct RealSignersTests {
    let fixture = IdentityFixture()
    let folder = TemporaryFolder()

    @Test(.timeLimit(.minutes(10))) func `what real signers send is judged as it should be`() async throws {
        let secret = fixture.secret(of: fixture.admin)
        let file = folder.path + "/credentials"
        try CredentialsFile(
            keyID: fixture.admin.keyID,
            secret: Secret(text: secret),
            region: "us-east-1"
        ).write(to: file)
        let worker = try WorkerThread(name: "signers")
        defer { worker.stop() }
        let vectors = try await withTaskExecutorPreference(worker) { [folder] in
            try SignerVector.make(credentialsFile: file, in: folder)
        }
        for vector in vectors {
            #expect(verdict(on: vector) == vector.expected, "\(vector.name)")
        }
        checkCoverage(of: vectors)
    }

    private func verdict(on vector: SignerVector) -> String {
        do throws(AuthenticationFailure) {
            let claim = try SigV4Verifier.check(vector.head, in: fixture.table, now: vector.now)
            return try claim.verify(body: vector.body).record == fixture.admin ? "accepted" : "another key"
        } catch {
            return error.code.rawValue
        }
    }

    /// The helper could go quiet on a signer or a kind of tampering; then this says so.
    private func checkCoverage(of vectors: [SignerVector]) {
        let accepted = vectors.filter { $0.expected == "accepted" }
        for signer in ["botocore client: ", "botocore: ", "curl: "] {
            #expect(accepted.contains { $0.name.hasPrefix(signer) }, "\(signer)")
        }
        for name in ["curl: 1 MiB", "botocore client: 1 MiB", "botocore client: credentials file alone"] {
            #expect(accepted.contains { $0.name == name }, "\(name)")
        }
        for part in ["body", "query added to", "query given", "path", "host", "service", "header unsigned"] {
            #expect(vectors.contains { $0.name.hasSuffix("tampered: \(part)") }, "\(part)")
        }
        #expect(Set(vectors.map(\.name)).count == vectors.count)
        #expect(accepted.count > 100)
        #expect(vectors.count > 800)
    }
}

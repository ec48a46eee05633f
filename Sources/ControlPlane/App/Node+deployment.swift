import Base
import Experiments
import Store

extension Node {
    /// Sets the database up as this node's, or joins what it was set up as; says which key is the first.
    func joinDeployment(_ database: Database) async throws(StoreError) -> KeyRecord? {
        let (now, node) = (clock.wall(), directory.nodeID)
        let wanted = Deployment(
            id: Random.token(16),
            masterKeyCheck: identities.masterKey.checkBytes,
            firstAccount: options.account,
            region: options.region,
            lease: options.lease,
            overlap: options.overlap.rawValue,
            createdAt: now
        )
        let context = OperationContext(
            account: options.account,
            actor: .system,
            origin: .background,
            requestID: "start of \(directory.nodeID)"
        )
        return try await database.transaction { transaction throws(StoreError) in
            let found = try transaction.deploymentInitialise(wanted, firstAccountName: "first account")
            guard found.firstAccount == wanted.firstAccount else {
                throw .refused(.otherFirstAccount(recorded: found.firstAccount, asked: wanted.firstAccount))
            }
            try transaction.deploymentChange(context, to: wanted.settings, by: node, at: now)
            return try Self.firstKey(transaction, context, at: now)
        }
    }

    /// The admin key that a deployment is born with; nil once it was revoked or others took its place.
    ///
    /// Setting up holds a lock, so nodes that start together make one.
    private static func firstKey(
        _ transaction: borrowing Transaction,
        _ context: OperationContext,
        at now: Timestamp
    ) throws(StoreError) -> KeyRecord? {
        let keys = try transaction.keyList(context)
        if keys.isEmpty {
            let key = try transaction.keyCreate(
                context,
                id: .random(),
                role: .admin,
                name: "first admin",
                at: now
            )
            return KeyRecord(key)
        }
        let first = keys.first {
            $0.createdBy == context.actor.description && $0.role == .admin && $0.revokedAt == nil
        }
        return first.flatMap { KeyRecord($0) }
    }

    /// Writes the first key's credentials where there are none yet, also after a crash between its making and this.
    func writeCredentials(_ key: KeyRecord?) {
        do throws(CredentialsFileFailure) {
            if !Files.exists(directory.credentials) { try writeFirstCredentials(key) }
            if Files.exists(directory.credentials), !Files.exists(directory.curlConfiguration) {
                try CredentialsFile.read(directory.credentials).writeForCurl(to: directory.curlConfiguration)
            }
        } catch {
            log.error("credentials not written", .field("credentials.why", error.description))
        }
    }

    private func writeFirstCredentials(_ key: KeyRecord?) throws(CredentialsFileFailure) {
        guard let key else {
            let why = "the first admin key is gone; `faultplane key create` makes another"
            return log.warning("no credentials written", .field("credentials.why", why))
        }
        let secret = identities.masterKey.secret(
            keyID: key.keyID,
            account: key.account,
            role: key.role,
            targets: key.targets
        )
        try CredentialsFile(keyID: key.keyID, secret: secret, region: options.region).write(
            to: directory.credentials
        )
        log.info("credentials written", .field("credentials.path", directory.credentials))
    }
}

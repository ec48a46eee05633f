package import Base

/// The one secret of a deployment, from which every key's secret derives.
///
/// The database knows who holds which key but not this, so that whoever reads or edits it gains nothing. Every node
/// needs the same one.
package struct MasterKey: Sendable {
    static let length = 32

    private let bytes: Secret

    /// Nil unless there are exactly 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = Secret(bytes)
    }

    private init(fresh bytes: [UInt8]) { self.bytes = Secret(bytes) }

    package static func random() -> MasterKey { MasterKey(fresh: Random.bytes(length)) }

    /// As the file holds it.
    var hexadecimal: String { Hex.encode(bytes.bytes) }

    /// Tells this master key from another one, and tells nothing else: the database keeps it.
    package var checkValue: String { Hex.encode(checkBytes) }

    /// The same as bytes.
    var checkBytes: [UInt8] { derive(.check, []) }

    /// What the holder of a key must know.
    ///
    /// All that the key may do is part of what the secret is made from: a row edited to name another account, role
    /// or pattern has another secret, which nobody holds.
    package func secret(
        keyID: KeyID,
        account: AccountID,
        role: Role,
        targets: TargetPattern?
    ) -> Secret {
        // No pattern is empty, so the empty text is free to mean that there is none.
        let fields = [keyID.description, account.description, role.rawValue, targets?.description ?? ""]
        return Secret(text: Base62.digits(of: derive(.keySecret, fields), count: 40))
    }
}

extension MasterKey {
    /// What nodes of the deployment sign their messages to each other with.
    var peerKey: Secret { Secret(derive(.peer, [])) }

    /// What a derived value is for; values of different purposes have nothing in common.
    private enum Purpose: String {
        case check = "faultplane master key check 1"
        case keySecret = "faultplane key secret 1"
        case peer = "faultplane peer messages 1"
    }

    private func derive(_ purpose: Purpose, _ fields: [String]) -> [UInt8] {
        Hash.hmac(key: Hash.hmac(key: bytes.bytes, purpose.rawValue), Self.encode(fields))
    }

    /// Each field behind its length, so that no two lists of fields give the same bytes.
    static func encode(_ fields: [String]) -> [UInt8] {
        var message: [UInt8] = []
        for field in fields {
            let count = UInt64(field.utf8.count)
            for shift in stride(from: 56, through: 0, by: -8) {
                message.append(UInt8(truncatingIfNeeded: count >> UInt64(shift)))
            }
            message += field.utf8
        }
        return message
    }
}

import Glibc

/// An address of IPv4 or IPv6, as 4 or 16 bytes.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// As people write it, without brackets and without a zone.
    package init?(_ text: String) {
        guard let bytes = Self.bytes(text, AF_INET, 4) ?? Self.bytes(text, AF_INET6, 16) else {
            return nil
        }
        self.init(bytes: bytes)
    }

    /// IPv4 in IPv6's clothes (`::ffff:1.2.3.4`) is IPv4.
    init(bytes: [UInt8]) {
        let isMapped = bytes.count == 16 && bytes[..<12].elementsEqual(Self.mapped)
        self.bytes = isMapped ? Array(bytes[12...]) : bytes
    }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    package var description: String {
        var room = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard unsafe inet_ntop(family, bytes, &room, socklen_t(room.count)) != nil else { return "?" }
        return String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func bytes(_ text: String, _ family: CInt, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

extension IPAddress {
    /// What kind of address it is that nobody means who names a source; nil where there is nothing against it.
    ///
    /// Gateways that turn IPv6 into IPv4 are looked through: the address that they would reach counts.
    package var danger: String? {
        if let inner = translated { return inner.danger.map { "\($0), through a gateway" } }
        if Self.metadata.contains(self) { return "a metadata address" }
        return Self.dangers.first { $0.block.contains(self) }?.kind
    }

    /// The IPv4 address inside one of NAT64's (64:ff9b::/96, and 64:ff9b:1::/48 for networks of one's own) or 6to4's (2002::/16).
    private var translated: IPAddress? {
        guard bytes.count == 16 else { return nil }
        if bytes[..<12].elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) {
            return IPAddress(bytes: Array(bytes[12...]))
        }
        if bytes[..<6].elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 1]) {
            // At the end, or around the byte that RFC 6052 leaves out where the whole /48 is the gateway's.
            let isAround = bytes[11...].allSatisfy { $0 == 0 }
            return IPAddress(bytes: isAround ? Array(bytes[6...7] + bytes[9...10]) : Array(bytes[12...]))
        }
        return bytes[..<2].elementsEqual([0x20, 0x02]) ? IPAddress(bytes: Array(bytes[2..<6])) : nil
    }

    /// Where clouds hand out credentials beside the link-local addresses: AWS, Alibaba, Azure, Google, Oracle.
    private static let metadata = Set(
        ["fd00:ec2::254", "100.100.100.200", "168.63.129.16", "fd20:ce::254", "192.0.0.192"]
            .compactMap { IPAddress($0) }
    )

    private static let dangers = [
        ("0.0.0.0/8", "an unspecified address"), ("::/128", "an unspecified address"),
        ("169.254.0.0/16", "a link-local address"), ("fe80::/10", "a link-local address"),
        ("224.0.0.0/4", "a multicast address"), ("ff00::/8", "a multicast address"),
        ("255.255.255.255/32", "a broadcast address"),
    ].compactMap { text, kind in AddressBlock(text).map { (block: $0, kind: kind) } }
}

/// All addresses that begin with the same bits: `10.0.0.0/8`.
package struct AddressBlock: Hashable, Sendable {
    let address: IPAddress
    let length: Int

    /// An address alone is a block of one.
    init(_ address: IPAddress) {
        self.address = address
        length = address.bytes.count * 8
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
        self.address = address
        switch parts.count {
        case 1: length = address.bytes.count * 8
        case 2:
            guard let length = Int(parts[1]), (0...address.bytes.count * 8).contains(length) else {
                return nil
            }
            self.length = length
        default: return nil
        }
    }

    var isSingle: Bool { length == address.bytes.count * 8 }

    package func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        let (whole, rest) = (length / 8, length % 8)
        guard other.bytes[..<whole].elementsEqual(address.bytes[..<whole]) else { return false }
        return rest == 0 || (other.bytes[whole] ^ address.bytes[whole]) >> UInt8(8 - rest) == 0
    }
}

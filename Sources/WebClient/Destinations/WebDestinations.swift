/// Who may be asked at all.
///
/// Addresses are looked at when a connection is made, so that no name server and no redirect gets around it.
package struct WebDestinations: Hashable, Sendable {
    /// One line of the list; without a port it is about all of them.
    fileprivate struct Entry: Hashable, Sendable {
        enum Place: Hashable, Sendable {
            case name(String)
            case block(AddressBlock)
        }

        let place: Place
        let port: Int?

        func allows(_ port: Int) -> Bool { self.port == nil || self.port == port }
    }

    /// Nil where everybody may be asked who is no danger.
    private var entries: [Entry]?

    /// Everybody but the addresses that nobody means.
    package static let ordinary = WebDestinations()

    private init() {}

    package static let accepted =
        "hosts, HOST:PORT, addresses and blocks such as 10.0.0.0/8 are accepted, with commas between several"

    /// Only these; nil where one of them is none.
    package init?(_ list: String) {
        var entries: [Entry] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let entry = Entry(String(part.filter { $0 != " " })) else { return nil }
            entries.append(entry)
        }
        self.entries = entries
    }

    /// Why a connection to an address is not made, for whoever meant that host; nil where it may be.
    func refusal(of address: IPAddress, port: Int, for host: String) -> String? {
        let isNamed = entries?.contains { $0.isExactly(address) && $0.allows(port) } ?? false
        if isNamed { return nil }
        if let danger = address.danger { return "\(address) is \(danger), which is never asked" }
        guard let entries else { return nil }
        let isListed = entries.contains { $0.allows(port) && ($0.isName(host) || $0.contains(address)) }
        return isListed ? nil : "\(host) (\(address)) is not among the destinations that may be asked"
    }
}

extension WebDestinations.Entry {
    fileprivate init?(_ text: String) {
        if let block = AddressBlock(text) {
            self.init(place: .block(block), port: nil)
            return
        }
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"),
                let address = IPAddress(String(text[text.index(after: text.startIndex)..<end])),
                let port = Self.port(text[text.index(after: end)...])
            else { return nil }
            self.init(place: .block(AddressBlock(address)), port: port.value)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let host = String(parts[0])
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isNameLetter),
            let port = Self.port(text.dropFirst(host.count))
        else { return nil }
        if let address = IPAddress(host) {
            self.init(place: .block(AddressBlock(address)), port: port.value)
        } else {
            self.init(place: .name(WebURL.plain(host)), port: port.value)
        }
    }

    /// Nothing, or a colon and a port; nil where it is neither.
    private static func port(_ text: Substring) -> (value: Int?, Void)? {
        if text.isEmpty { return (nil, ()) }
        guard text.first == ":", let port = Int(text.dropFirst()), (1...65_535).contains(port) else {
            return nil
        }
        return (port, ())
    }

    private static func isNameLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    fileprivate func isExactly(_ address: IPAddress) -> Bool {
        guard case .block(let block) = place else { return false }
        return block.isSingle && block.contains(address)
    }

    fileprivate func isName(_ host: String) -> Bool { place == .name(host) }

    fileprivate func contains(_ address: IPAddress) -> Bool {
        guard case .block(let block) = place else { return false }
        return block.contains(address)
    }
}

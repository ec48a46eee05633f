import Testing

@testable import WebClient

/// Who may be asked: names, addresses, and what is never asked.
@Suite struct WebDestinationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var list: String?
        var host = "prometheus.internal"
        let address: String
        var port = 9_090
        let isAllowed: Bool

        var testDescription: String { "\(list ?? "no list"): \(host) \(address) \(port)" }
    }

    @Test(arguments: [
        Row(address: "127.0.0.1", isAllowed: true), Row(address: "::1", isAllowed: true),
        Row(address: "10.1.2.3", isAllowed: true), Row(address: "192.168.0.1", isAllowed: true),
        Row(address: "8.8.8.8", isAllowed: true), Row(address: "fd00::1", isAllowed: true),
        Row(address: "169.254.169.254", isAllowed: false), Row(address: "169.254.0.1", isAllowed: false),
        Row(address: "::ffff:169.254.169.254", isAllowed: false),
        Row(address: "64:ff9b::a9fe:a9fe", isAllowed: false),
        Row(address: "2002:a9fe:a9fe::1", isAllowed: false),
        Row(address: "64:ff9b::808:808", isAllowed: true),
        Row(address: "64:ff9b:1::a9fe:a9fe", isAllowed: false),
        Row(address: "64:ff9b:1:7:8:9:a9fe:a9fe", isAllowed: false),
        Row(address: "64:ff9b:1:a9fe:a9:fe00::", isAllowed: false),
        Row(address: "64:ff9b:1::808:808", isAllowed: true),
        Row(address: "64:ff9b:1:808:8:800::", isAllowed: true),
        Row(address: "64:ff9b:2::a9fe:a9fe", isAllowed: true),
        Row(address: "fe80::1", isAllowed: false), Row(address: "febf::1", isAllowed: false),
        Row(address: "fec0::1", isAllowed: true), Row(address: "fd00:ec2::254", isAllowed: false),
        Row(address: "100.100.100.200", isAllowed: false), Row(address: "168.63.129.16", isAllowed: false),
        Row(address: "0.0.0.0", isAllowed: false), Row(address: "0.1.2.3", isAllowed: false),
        Row(address: "::", isAllowed: false), Row(address: "224.0.0.1", isAllowed: false),
        Row(address: "239.255.255.255", isAllowed: false), Row(address: "ff02::1", isAllowed: false),
        Row(address: "255.255.255.255", isAllowed: false),

        Row(list: "prometheus.internal", address: "10.1.2.3", isAllowed: true),
        Row(list: "Prometheus.Internal.", address: "10.1.2.3", isAllowed: true),
        Row(list: "prometheus.internal:9090", address: "10.1.2.3", isAllowed: true),
        Row(list: "prometheus.internal:9091", address: "10.1.2.3", isAllowed: false),
        Row(list: "other.internal", address: "10.1.2.3", isAllowed: false),
        Row(list: "internal", address: "10.1.2.3", isAllowed: false),
        Row(list: "other.internal, 10.0.0.0/8", address: "10.1.2.3", isAllowed: true),
        Row(list: "10.1.2.2/31", address: "10.1.2.3", isAllowed: true),
        Row(list: "10.1.2.4/31", address: "10.1.2.3", isAllowed: false),
        Row(list: "10.1.2.3:9090", address: "10.1.2.3", isAllowed: true),
        Row(list: "10.1.2.3:80", address: "10.1.2.3", isAllowed: false),
        Row(list: "0.0.0.0/0", address: "::1", isAllowed: false),
        Row(list: "::/0", address: "::1", isAllowed: true),
        Row(list: "fd00::/8", address: "fd00::9", isAllowed: true),
        Row(list: "[fd00::9]:9090", address: "fd00::9", isAllowed: true),
        Row(list: "[fd00::9]:9091", address: "fd00::9", isAllowed: false),
        Row(list: "::1", address: "::1", isAllowed: true),

        // A name or a block is no leave for what is never asked: only the address itself is.
        Row(list: "prometheus.internal", address: "169.254.169.254", isAllowed: false),
        Row(list: "0.0.0.0/0", address: "169.254.169.254", isAllowed: false),
        Row(list: "169.254.0.0/16", address: "169.254.169.254", isAllowed: false),
        Row(list: "169.254.169.254", address: "169.254.169.254", isAllowed: true),
        Row(list: "169.254.169.254", address: "::ffff:169.254.169.254", isAllowed: true),
        Row(list: "169.254.169.254/32", address: "169.254.169.254", isAllowed: true),
        Row(list: "169.254.169.254:80", address: "169.254.169.254", isAllowed: false),
        Row(list: "fd00:ec2::254", address: "fd00:ec2::254", isAllowed: true),
    ])
    func `a connection is made where the list and common sense allow it`(_ row: Row) throws {
        let destinations =
            try row.list.map { try #require(WebDestinations($0)) } ?? WebDestinations.ordinary
        let address = try #require(IPAddress(row.address))
        let refusal = destinations.refusal(of: address, port: row.port, for: row.host)
        #expect((refusal == nil) == row.isAllowed, "\(refusal ?? "allowed")")
    }

    @Test func `a refusal says what is against it`() throws {
        let metadata = try #require(IPAddress("169.254.169.254"))
        let inner = try #require(IPAddress("64:ff9b::a9fe:a9fe"))
        let list = try #require(WebDestinations("10.0.0.0/8"))
        let ordinary = WebDestinations.ordinary
        #expect(
            ordinary.refusal(of: metadata, port: 80, for: "x")
                == "169.254.169.254 is a link-local address, which is never asked"
        )
        #expect(
            ordinary.refusal(of: inner, port: 80, for: "x")
                == "64:ff9b::a9fe:a9fe is a link-local address, through a gateway, which is never asked"
        )
        #expect(
            list.refusal(of: try #require(IPAddress("11.0.0.1")), port: 80, for: "shop")
                == "shop (11.0.0.1) is not among the destinations that may be asked"
        )
    }

    @Test(arguments: [
        "", ",", "a,", "a b/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "host:0", "host:65536",
        "host:x", "host:",
        "[::1", "[::1]x", "[host]:1", "http://host", "host/8", "user@host",
    ])
    func `what is no list is refused`(_ list: String) { #expect(WebDestinations(list) == nil) }

    struct URLRow: Sendable, CustomTestStringConvertible {
        let text: String
        let origin: String?
        var path = "/"
        var testDescription: String { text }
    }

    @Test(arguments: [
        URLRow(text: "http://shop", origin: "http://shop:80"),
        URLRow(text: "HTTPS://Shop.Example./a/b?c=d#e", origin: "https://shop.example:443", path: "/a/b?c=d"),
        URLRow(text: "http://shop:8081?q", origin: "http://shop:8081", path: "/?q"),
        URLRow(text: "http://[fd00::9]:90/x", origin: "http://[fd00::9]:90", path: "/x"),
        URLRow(text: "http://2852039166/", origin: "http://169.254.169.254:80"),
        URLRow(text: "http://user@shop/", origin: nil), URLRow(text: "http://user:word@shop/", origin: nil),
        URLRow(text: "ftp://shop/", origin: nil), URLRow(text: "file:///etc/passwd", origin: nil),
        URLRow(text: "http://", origin: nil), URLRow(text: "shop/x", origin: nil),
        URLRow(text: "http://sh op/", origin: nil), URLRow(text: "http://shop:99999/", origin: nil),
    ])
    func `a URL is what libcurl makes of it`(_ row: URLRow) {
        let url = WebURL(row.text)
        #expect(url?.origin == row.origin)
        if let url { #expect(url.path == row.path) }
    }
}

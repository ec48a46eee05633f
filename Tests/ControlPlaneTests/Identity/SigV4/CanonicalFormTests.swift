import Base
import Testing

@testable import ControlPlane

@Suite struct CanonicalFormTests {
    let fixture = IdentityFixture()

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test(arguments: [
        ("/", "/"), ("/a/b", "/a/b"), ("/a/b/", "/a/b/"), ("//a///b//", "/a/b/"), ("/./a/.", "/a"),
        ("/a/../b", "/b"), ("/../..", "/"), ("/a/..", "/"), ("/a/../", "/"), ("/a%2F..", "/a%252F.."),
        ("/tags/arn%3Aaws", "/tags/arn%253Aaws"), ("/a:b~c_d-e.f", "/a%3Ab~c_d-e.f"), ("/ü", "/%C3%BC"),
    ])
    func `paths are normalised and encoded`(_ path: String, _ expected: String) {
        #expect(text(CanonicalPath.encoded(Array(path.utf8))) == expected)
    }

    @Test(arguments: [
        ("", ""), ("a", "a="), ("b=1&a=2", "a=2&b=1"), ("a=2&a=10&a=1", "a=1&a=10&a=2"),
        ("ab=1&a=2&a-=3", "a=2&a-=3&ab=1"), ("a=%3a%3A:", "a=%3A%3A%3A"), ("a=b=c", "a=b%3Dc"),
        ("%61=1", "a=1"), ("a=~%7e*", "a=~~%2A"), ("&a=1", "=&a=1"), ("a=%C3%BC", "a=%C3%BC"),
    ])
    func `queries are decoded, encoded and sorted`(_ query: String, _ expected: String) {
        #expect(text(CanonicalQuery.sorted(Array(query.utf8))) == expected)
    }

    @Test(arguments: ["a=b+c", "+", "a=%", "a=%2", "a=%zz", "%g0=1"])
    func `a query that reads in two ways counts only as sent`(_ query: String) throws {
        #expect(CanonicalQuery.sorted(Array(query.utf8)) == nil)
        var signer = RequestSigner()
        signer.query = query
        signer.form = .raw
        try signer.verify()
    }

    struct Replay: CustomTestStringConvertible {
        let form: CanonicalForm
        let signed: (String, String)
        let sent: (String, String)

        var testDescription: String { "\(signed) sent as \(sent)" }
    }

    /// Each pair gives one canonical text in some two forms, and means two things.
    static let replays = [
        Replay(form: .specification, signed: ("/a%2Fb", ""), sent: ("/a%252Fb", "")),
        Replay(form: .specification, signed: ("/a", "n=x%2By"), sent: ("/a", "n=x+y")),
        Replay(form: .specification, signed: ("/a", "n=%25zz"), sent: ("/a", "n=%zz")),
        Replay(form: .raw, signed: ("/a", "n=2&n=1"), sent: ("/a", "n=1&n=2")),
    ]

    @Test(arguments: replays) func `no signature is good for a request that means something else`(
        _ replay: Replay
    ) throws {
        var signer = RequestSigner()
        (signer.path, signer.query) = replay.signed
        signer.form = replay.form
        try signer.verify()
        let sent = signer.head().targeting(replay.sent.0, replay.sent.1)
        #expect(throws: AuthenticationFailure.self) {
            try sent.verify(body: [], in: fixture.table, now: IdentityFixture.noon)
        }
    }

    @Test(arguments: CanonicalForm.allCases) func `every form is accepted`(_ form: CanonicalForm) throws {
        var signer = RequestSigner()
        signer.form = form
        signer.path = "/tags/arn%3aaws"
        signer.query = "b=%3a&a=1"
        #expect(try signer.verify() == fixture.admin)
    }

    @Test func `runs of blanks become one space`() {
        #expect(text(Whitespace.collapse(Array("\t a  b\t\tc \t".utf8))) == "a b c")
        #expect(text(Whitespace.collapse([])) == "")
        #expect(text(Whitespace.collapse(Array("  ".utf8))) == "")
    }

    @Test func `repeated headers are joined by a comma in the order they came`() throws {
        let head = SignedRequestHead(
            method: "GET",
            path: [],
            query: [],
            headers: ["b", " a  c "].map { .init(name: "X-A", value: Array($0.utf8)) }
        )
        let canonical = CanonicalRequest.text(
            head,
            form: .raw,
            signedHeaders: ["x-a"],
            payloadHash: "-"
        )
        #expect(text(canonical) == "GET\n/\n\nx-a:b,a c\n\nx-a\n-")
    }
}

import Testing

@testable import HTTPServer

@Suite struct RequestTests {
    @Test func `a raw query value is found by its name alone, and only where it has one`() throws {
        let request = try Request.parsed("GET /a?xb=0&b&c=1&b=%20y=z&b=2&d=")
        #expect(request.queryBytes("b").map { String(decoding: $0, as: UTF8.self) } == "%20y=z")
        #expect(request.queryBytes("d") == [])
        #expect(request.queryBytes("e") == nil)
        #expect(request.queryBytes("") == nil)
    }

    @Test func `query parameters are decoded, in order, and broken ones have no value`() throws {
        let request = try Request.parsed("GET /a?b=1&c=x+y%2B&&d&e=&b=2&f=%zz&%67=h=i&=j&%zz=k")
        let pairs = request.queryPairs.map { "\($0.name)=\($0.value ?? "broken")" }
        #expect(pairs == ["b=1", "c=x y+", "d=", "e=", "b=2", "f=broken", "g=h=i", "=j", "=k"])
        #expect(request.query("b") == "1")
        #expect(request.query("g") == "h=i")
        #expect(request.query("f") == nil)
        #expect(request.query("z") == nil)
        #expect(request.rawQuery == "b=1&c=x+y%2B&&d&e=&b=2&f=%zz&%67=h=i&=j&%zz=k")
    }

    @Test(arguments: [
        "", "b", "b=", "b=1", "b=1&b=2", "b&b=2", "&&b=1&", "=1", "=&b=1", "&=", "a=1&b=2", "bb=1&b=2",
        "a=b&b",
        "%62=1", "%62=1&b=2", "b=%31", "b=%zz&b=2", "%zz=1&b=2", "b=a+b", "b=%2B+%26", "+b=1&b=2", "b+=1&b=2",
        "b=%F0%9F%92%A5", "b=%FF", "b%3D=1&b=2", "b=1=2", "B=1", "x y=1",
    ])
    func `a parameter is the first of that name among all of them`(query: String) throws {
        let request = try Request.parsed("GET /a?\(query.replacing(" ", with: "%20"))")
        let pairs = request.queryPairs
        for name: StaticString in ["b", "a", "", "=", "x y", "b="] {
            let first = pairs.first { $0.name == "\(name)" }
            #expect(request.query(name) == first?.value, "\(name)")
        }
    }

    @Test(arguments: ["GET /a", "GET /a?", "GET http://b"])
    func `without a query there are no parameters`(line: String) throws {
        let request = try Request.parsed(line)
        #expect(request.queryPairs.isEmpty)
        #expect(request.rawQuery.isEmpty)
    }

    @Test func `headers are found in any case, the first of several`() throws {
        let request = try Request.parsed("GET /", headers: "HOST: a\r\nx-One: 1\r\nX-ONE: 2\r\nX-Empty:\r\n")
        #expect(request.header("x-one") == "1")
        #expect(request.header("host") == "a")
        #expect(request.header("x-empty") == "")
        #expect(request.header("x-on") == nil)
        #expect(request.headerBytes("x-one").map(Array.init) == [49])
        let all = request.allHeaders.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(all == ["HOST", "x-One", "X-ONE", "X-Empty"])
    }

    @Test func `one credential is one, two are none`() throws {
        let none = try Request.parsed("GET /")
        #expect(none.authorization == nil)
        #expect(!none.hasSeveralAuthorizations)
        let one = try Request.parsed("GET /", headers: "Host: a\r\nAUTHORIZATION: Bearer x\r\n")
        #expect(one.authorization.map(Array.init) == Array("Bearer x".utf8))
        #expect(!one.hasSeveralAuthorizations)
        for count in 2...4 {
            let lines = String(repeating: "Authorization: Bearer x\r\n", count: count)
            let several = try Request.parsed("GET /", headers: "Host: a\r\n" + lines)
            #expect(several.authorization == nil)
            #expect(several.hasSeveralAuthorizations)
        }
    }

    @Test func `detached, a request is the same and holds no more than its own bytes`() throws {
        let text =
            "GET /first HTTP/1.1\r\nHost: a\r\n\r\nPOST /b%2Fc?d=e HTTP/1.1\r\nHost: f\r\nAuthorization: g\r\nX:\r\n\r\n"
        let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 60_000)
        let parser = HeadParser(limits: Limits())
        var head = RequestHead()
        let first = try #require(try parser.parse(bytes.span, in: 0..<bytes.count, into: &head))
        _ = try #require(try parser.parse(bytes.span, in: first..<bytes.count, into: &head))
        let request = Request(head: head, bytes: bytes, body: [1], peer: .control)
        let detached = request.detached()
        #expect(detached.bytes.count < 100)
        for each in [request, detached] {
            #expect(each.methodName == "POST")
            #expect(each.rawPath == "/b%2Fc")
            #expect(Array(each.pathBytes) == Array("/b%2Fc".utf8))
            #expect(each.query("d") == "e")
            #expect(each.header("host") == "f")
            #expect(each.authorization.map(Array.init) == [103])
            #expect(each.header("x") == "")
            #expect(each.body == [1])
            #expect(each.with(body: [2]).body == [2])
        }
    }
}

@Suite struct PercentCodingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let coded: String
        let plain: String?
        let form: String?
        var testDescription: String { coded }

        init(_ coded: String, _ plain: String?, form: String?) {
            (self.coded, self.plain, self.form) = (coded, plain, form)
        }
    }

    @Test(arguments: [
        Case("", "", form: ""), Case("abc", "abc", form: "abc"), Case("a+b", "a+b", form: "a b"),
        Case("%2b%2B", "++", form: "++"), Case("%41%2f%2F", "A//", form: "A//"),
        Case("%00", "\0", form: "\0"),
        Case("%F0%9F%92%A5", "\u{1F4A5}", form: "\u{1F4A5}"), Case("100%25", "100%", form: "100%"),
        Case("%25%34%31", "%41", form: "%41"), Case("%", nil, form: nil), Case("a%4", nil, form: nil),
        Case("%4g", nil, form: nil), Case("%+1", nil, form: nil), Case("% 1", nil, form: nil),
        Case("%FF", nil, form: nil), Case("%C0%AF", nil, form: nil), Case("%ED%A0%80", nil, form: nil),
        Case("%e2%82", nil, form: nil), Case("%%41", nil, form: nil),
    ])
    func `escapes are decoded once, and only into valid text`(each: Case) {
        #expect(PercentCoding.decode(each.coded.utf8) == each.plain)
        #expect(PercentCoding.decode(each.coded.utf8, plusIsSpace: true) == each.form)
    }
}

import Base
import Testing

@testable import Store

@Suite struct AddressTests {
    @Test(arguments: [
        ("postgresql://u:p@h:5433/d", "h, port 5433, database d"),
        ("postgres://u@a,b:1/d?target_session_attrs=any", "a,b, port ,1, database d"),
        ("host=/run/x dbname=d password=geheim", "/run/x, database d"),
        ("postgresql:///d", "the default host, database d"),
        ("postgresql://u:p%40ss@h/d", "h, database d"),
    ])
    func `an address describes itself without its password`(text: String, description: String) throws {
        let address = try DatabaseAddress(text)
        #expect("\(address)" == description)
    }

    @Test(arguments: [
        ("", AddressProblem.unreadable), ("nonsense", .unreadable), ("host=h geheim", .unreadable),
        ("postgresql://u:geheim@[::1/d", .unreadable),
        ("postgresql://u:ge@heim@h/d", .passwordUnescaped),
        ("postgresql://u:ge/heim@h/d", .passwordUnescaped),
    ])
    func `a bad one is refused without a word of it`(text: String, problem: AddressProblem) {
        let error = #expect(throws: StoreError.address(problem)) { try DatabaseAddress(text) }
        for text in [error?.description, error?.logged.text] {
            #expect(text?.contains("geheim") == false)
            #expect(text?.contains("heim@") == false)
        }
    }

    @Test func `a socket folder may have any name`() throws {
        let address = try DatabaseAddress(socketFolder: #"/tmp/a b'c\d"#, user: "u", database: "d")
        #expect(address.description == #"/tmp/a b'c\d, database d"#)
    }

    @Test func `the user's word beats the defaults, and ours is last on encoding`() throws {
        let parameters = try DatabaseAddress("host=h").database("other")
            .parameters(limits: SessionLimits(), application: "a")
        let keywords = parameters.map(\.keyword)
        let own = try #require(parameters.firstIndex { $0.value == "host=h" })
        #expect(try #require(keywords.firstIndex(of: "target_session_attrs")) < own)
        #expect(try #require(keywords.firstIndex(of: "client_encoding")) > own)
        #expect(parameters.last?.value == "other")
    }

    @Test func `a password in a message is taken out`() throws {
        let address = try DatabaseAddress("postgresql://u:geheim@h/d")
        #expect(address.scrubbed("no geheim here") == "no (password) here")
    }
}

import Base
import Testing

@Suite struct IdentityTests {
    @Test(arguments: ["000000000000", "123456789012"])
    func `an account is twelve digits`(text: String) throws {
        #expect(try #require(AccountID(text)).description == text)
    }

    @Test(arguments: [
        "", "12345678901", "1234567890123", "12345678901a", "١٢٣٤٥٦٧٨٩٠١٢", "123456 89012", "+12345678901",
    ])
    func `anything else is no account`(text: String) {
        #expect(AccountID(text) == nil)
    }

    @Test func `a new key id reads back, and each is new`() {
        let ids = (0..<100).map { _ in KeyID.random() }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { KeyID($0.description) == $0 })
    }

    @Test(arguments: [
        "", "FP", "FPAAAAAAAAAAAAAAAAA", "FPAAAAAAAAAAAAAAAAAAA", "FPAAAAAAAAAAAAAAAAA1",
        "FPaAAAAAAAAAAAAAAAAA",
        "AKAAAAAAAAAAAAAAAAAA", "FPAAAAAAAAAAAAAAAAé",
    ])
    func `anything else is no key id`(text: String) {
        #expect(KeyID(text) == nil)
    }

    @Test func `roles have the names the API and the database use`() {
        #expect(Role.allCases.map(\.rawValue) == ["admin", "operator", "editor", "viewer", "agent"])
        #expect(Role("admin") == .admin)
        #expect(Role("root") == nil)
    }
}

import Base
import Testing

@testable import ControlPlane

@Suite struct MasterKeyTests {
    let key = IdentityFixture.masterKey
    let keyID = IdentityFixture.key("A")
    let account = IdentityFixture.account

    @Test func `a secret is 40 letters and digits, and stays the same for ever`() {
        let secret = key.secret(keyID: keyID, account: account, role: .admin, targets: nil).revealed
        // Computed apart from this code; a change would invalidate every key in the field.
        #expect(secret == "dk25n2YdkSFc2W1l0fyz5DFMRlk08mdXddJuKYOv")
        #expect(secret.utf8.allSatisfy { Character(UnicodeScalar($0)).isLetter || (48...57).contains($0) })
    }

    @Test func `an edited row has another secret`() throws {
        let pattern = try #require(TargetPattern("a*"))
        let wider = try #require(TargetPattern("*"))
        let secrets = [
            key.secret(keyID: keyID, account: account, role: .agent, targets: pattern),
            key.secret(keyID: keyID, account: account, role: .agent, targets: wider),
            key.secret(keyID: keyID, account: account, role: .agent, targets: nil),
            key.secret(keyID: keyID, account: account, role: .admin, targets: pattern),
            key.secret(keyID: keyID, account: account, role: .admin, targets: nil),
            key.secret(keyID: IdentityFixture.key("B"), account: account, role: .admin, targets: nil),
            key.secret(keyID: keyID, account: IdentityFixture.otherAccount, role: .admin, targets: nil),
            try #require(MasterKey([UInt8](repeating: 8, count: 32)))
                .secret(keyID: keyID, account: account, role: .admin, targets: nil),
        ]
        #expect(Set(secrets.map(\.revealed)).count == secrets.count)
    }

    @Test func `no two lists of fields are encoded alike`() {
        let lists = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], [], [""], ["", ""]]
        #expect(Set(lists.map(MasterKey.encode)).count == lists.count)
    }

    @Test func `the check value tells master keys apart`() throws {
        #expect(key.checkValue == "afd6a17e28ea229b8bb83453ffd44fdb35e1dda717e73f187c1aacfa8e08dfcc")
        #expect(try #require(MasterKey([UInt8](repeating: 8, count: 32))).checkValue != key.checkValue)
    }

    @Test(arguments: [0, 31, 33]) func `only 32 bytes are a master key`(_ count: Int) {
        #expect(MasterKey([UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func `base 62 is the number's last digits`() {
        #expect(Base62.digits(of: [0, 61], count: 2) == "0z")
        #expect(Base62.digits(of: [0, 62], count: 2) == "10")
        #expect(Base62.digits(of: [255, 255], count: 3) == "H31")
        #expect(Base62.digits(of: [255, 255], count: 2) == "31")
    }
}

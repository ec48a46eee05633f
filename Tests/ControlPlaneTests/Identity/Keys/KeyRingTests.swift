import Base
import ControlPlane
import Testing

@Suite struct KeyRingTests {
    let fixture = IdentityFixture()

    private func find(_ text: String, in table: KeyTable) -> Credential? {
        table.lookup(bytes: Array(text.utf8).span)
    }

    @Test func `a key is found by its raw bytes, with what it may do`() throws {
        let found = try #require(find(fixture.agent.keyID.description, in: fixture.table))
        #expect(found.record == fixture.agent)
        #expect(found.secret.revealed == fixture.secret(of: fixture.agent))
        #expect(
            found.principal
                == Principal(
                    proof: .key(fixture.agent.keyID),
                    account: IdentityFixture.otherAccount,
                    role: .agent,
                    targets: fixture.agent.targets
                )
        )
    }

    @Test(arguments: [
        "", "FP", "FPAAAAAAAAAAAAAAAAA", "FPAAAAAAAAAAAAAAAAAAA", "fpAAAAAAAAAAAAAAAAAA",
        "FPAAAAAAAAAAAAAAAAA1", "FPAAAAAAAAAAAAAAAAAa", "FPAAAAAAAAAAAAAAAAAB", "XPAAAAAAAAAAAAAAAAAA",
        "FPBAAAAAAAAAAAAAAAAA", "FPAAAAAAAAABAAAAAAAA", "FPAAAAAAAAAAAAAAAAA\0",
    ])
    func `what is not a known key's id finds nothing`(_ text: String) {
        #expect(find(text, in: fixture.table) == nil)
    }

    @Test func `ids are packed without loss`() throws {
        var seen: Set<PackedKeyID> = []
        for position in 0..<18 {
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" where letter != "A" || position == 0 {
                var text = Array(repeating: Character("A"), count: 18)
                text[position] = letter
                let keyID = try #require(KeyID("FP" + String(text)))
                seen.insert(try #require(PackedKeyID(keyID)))
            }
        }
        #expect(seen.count == 1 + 18 * 31)
    }

    @Test func `among many keys each is found, and none that is not there`() throws {
        let records = (0..<3_000).map { _ in
            KeyRecord(keyID: .random(), account: IdentityFixture.account, role: .viewer)
        }
        let table = KeyTable(records, accounts: [], masterKey: IdentityFixture.masterKey)
        #expect(table.count == 3_000)
        for record in records {
            #expect(find(record.keyID.description, in: table)?.record == record)
            #expect(find(KeyID.random().description, in: table) == nil)
        }
    }

    @Test func `keys whose ids fall into one slot are told apart`() throws {
        // The letters that pick the slot are the last ones: these differ in the first only.
        let records = try "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".map { letter in
            let text = "FP\(letter)" + String(repeating: "7", count: 17)
            let keyID = try #require(KeyID(text))
            return KeyRecord(keyID: keyID, account: IdentityFixture.account, role: .viewer)
        }
        let table = KeyTable(records.dropLast(), accounts: [], masterKey: IdentityFixture.masterKey)
        for record in records.dropLast() {
            #expect(find(record.keyID.description, in: table)?.record == record)
        }
        #expect(records.last.flatMap { find($0.keyID.description, in: table) } == nil)
    }

    @Test func `a revoked key is known as such`() throws {
        let id = try #require(PackedKeyID(fixture.revoked.keyID))
        #expect(fixture.table.lookup(id)?.record.isRevoked == true)
    }

    @Test
    func `a ring without keys refuses everybody until it is filled, and then holds just what it was given`() {
        let ring = KeyRing(masterKey: IdentityFixture.masterKey)
        let name = fixture.admin.keyID.description
        #expect(find(name, in: ring.current) == nil)
        ring.replace(with: [fixture.admin, fixture.viewer], accounts: [IdentityFixture.account])
        #expect(find(name, in: ring.current)?.record == fixture.admin)
        #expect(ring.current.accounts == [IdentityFixture.account])
        let before = ring.current
        ring.replace(with: [fixture.viewer], accounts: [])
        #expect(find(name, in: ring.current) == nil)
        #expect(ring.current.count == 1)
        #expect(find(name, in: before) != nil)
    }

    @Test func `an unchanged key keeps its derived secret, a changed one gets another`() throws {
        let ring = KeyRing(masterKey: IdentityFixture.masterKey)
        ring.replace(with: [fixture.admin, fixture.viewer], accounts: [])
        let id = try #require(PackedKeyID(fixture.admin.keyID))
        let other = try #require(PackedKeyID(fixture.viewer.keyID))
        let before = ring.current
        let promoted = KeyRecord(
            keyID: fixture.viewer.keyID,
            account: fixture.viewer.account,
            role: .admin
        )
        ring.replace(with: [fixture.admin, promoted], accounts: [])
        #expect(ring.current.lookup(id) === before.lookup(id))
        #expect(ring.current.lookup(other)?.secret.revealed != before.lookup(other)?.secret.revealed)
    }
}

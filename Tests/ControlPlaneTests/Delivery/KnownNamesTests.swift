import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Whoever was let in once is let in again, and nobody else is.
@Suite struct KnownNamesTests {
    private static func caller(_ account: String, _ pattern: String? = nil) -> Caller {
        let principal = Principal(
            proof: .key(KeyID.random()),
            account: required(AccountID(account)),
            role: pattern == nil ? .admin : .agent,
            targets: pattern.flatMap { TargetPattern($0) }
        )
        return Caller(principal, paceKey: 1)
    }

    private static func room(_ caller: Caller, _ target: String) -> TargetRoom {
        TargetRoom(TargetKey(account: caller.principal.account, target: target))
    }

    private static func name(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `a name is known to the very caller who gave it`() {
        let known = KnownNames<TargetRoom>()
        let one = Self.caller("111111111111")
        let room = Self.room(one, "t")
        known.remember(room, Self.name("t"), for: one)
        #expect(known.place(Self.name("t").span, for: one) === room)
        for other in ["", "T", "t%20", "tt", "%74"] {
            #expect(known.place(Self.name(other).span, for: one) == nil, "\(other)")
        }
        let others = [
            Self.caller("111111111111"), Self.caller("222222222222"), Self.caller("111111111111", "t"),
            Caller(one.principal, paceKey: one.paceKey),
        ]
        for other in others { #expect(known.place(Self.name("t").span, for: other) == nil) }
    }

    @Test func `two accounts that use one name have a room each`() {
        let known = KnownNames<TargetRoom>()
        let callers = [Self.caller("111111111111"), Self.caller("222222222222")]
        let rooms = callers.map { Self.room($0, "t") }
        for (caller, room) in zip(callers, rooms) { known.remember(room, Self.name("t"), for: caller) }
        for (caller, room) in zip(callers, rooms) {
            #expect(known.place(Self.name("t").span, for: caller) === room)
        }
    }

    @Test func `where all places are taken somebody is forgotten, and nobody gets another's room`() {
        let known = KnownNames<TargetRoom>(capacity: 128)
        let callers = (0..<4).map { Self.caller("\(111_111_111_111 + $0)") }
        let rooms = callers.map { caller in (0..<200).map { Self.room(caller, "t-\($0)") } }
        for (caller, own) in zip(callers, rooms) {
            for (number, room) in own.enumerated() {
                known.remember(room, Self.name("t-\(number)"), for: caller)
            }
        }
        var found = 0
        for (caller, own) in zip(callers, rooms) {
            for (number, room) in own.enumerated() {
                guard let known = known.place(Self.name("t-\(number)").span, for: caller) else { continue }
                found += 1
                #expect(known === room)
            }
        }
        #expect((1...128).contains(found))
    }
}

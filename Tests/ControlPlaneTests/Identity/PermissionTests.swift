import Base
import ControlPlane
import Testing

@Suite struct PermissionTests {
    static let everyone = Set(Role.allCases)

    /// Who may do what; the one place where it is written down a second time.
    static let table: [Permission: Set<Role>] = [
        .read: everyone.subtracting([.agent]),
        .start: [.admin, .operator],
        .stop: [.admin, .operator],
        .engage: [.admin, .operator],
        .disengage: [.admin],
        .edit: [.admin, .editor],
        .poll: [.admin, .agent],
        .acknowledge: [.admin, .agent],
        .report: [.admin, .agent],
        .manageKeys: [.admin],
        .manageAccounts: [.admin],
        .audit: [.admin],
    ]

    @Test(arguments: Permission.allCases) func `each permission belongs to its roles`(
        _ permission: Permission
    ) throws {
        let roles = try #require(Self.table[permission])
        #expect(Set(Role.allCases.filter { $0.allows(permission) }) == roles)
    }

    private func principal(_ role: Role, _ account: AccountID) -> Principal {
        Principal(proof: .key(IdentityFixture.key("A")), account: account, role: role, targets: nil)
    }

    @Test(arguments: [Permission.disengage, .manageAccounts])
    func `what concerns every account is for the first account's admin`(_ permission: Permission) throws {
        let first = IdentityFixture.account
        try principal(.admin, first).require(permission, firstAccount: first)
        #expect(throws: AuthenticationFailure.deploymentAdminOnly(permission)) {
            try principal(.admin, IdentityFixture.otherAccount).require(permission, firstAccount: first)
        }
        #expect(throws: AuthenticationFailure.roleDenies(.operator, permission)) {
            try principal(.operator, first).require(permission, firstAccount: first)
        }
    }

    @Test(arguments: Permission.allCases) func `the machine's operator may do all for any account`(
        _ permission: Permission
    ) throws {
        let machine = Principal.machineOperator(for: IdentityFixture.otherAccount)
        try machine.require(permission, firstAccount: IdentityFixture.account)
        #expect(machine.keyID == nil)
        #expect(machine.account == IdentityFixture.otherAccount)
    }

    @Test func `an agent has the targets of its pattern and no others`() throws {
        let pattern = try #require(TargetPattern("arn:aws:lambda:*:checkout"))
        let agent = Principal(
            proof: .controlSocket,
            account: IdentityFixture.account,
            role: .agent,
            targets: pattern
        )
        try agent.requireTarget(Array("arn:aws:lambda:x:checkout".utf8).span)
        #expect(throws: AuthenticationFailure.targetDenied(pattern)) {
            try agent.requireTarget(Array("arn:aws:lambda:x:billing".utf8).span)
        }
        #expect(throws: AuthenticationFailure.targetDenied(nil)) {
            try principal(.agent, IdentityFixture.account).requireTarget(Array("x".utf8).span)
        }
        try principal(.admin, IdentityFixture.account).requireTarget(Array("x".utf8).span)
    }
}

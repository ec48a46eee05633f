import Base

/// How many instances a node may remember, all told and for each account.
///
/// Instance names are the clients' own, so that their number must be bounded by somebody else.
final class InstanceCensus: Sendable {
    private struct Counts {
        var total = 0
        var byAccount: [AccountID: Int] = [:]
    }

    private let counts = Locked(Counts())
    private let limit: Int
    private let accountLimit: Int

    init(limit: Int = 200_000, accountLimit: Int = 100_000) {
        self.limit = limit
        self.accountLimit = accountLimit
    }

    /// Takes the place of one more instance; false where there is none left.
    func admit(_ account: AccountID) -> Bool {
        counts.withLock { counts in
            let own = counts.byAccount[account] ?? 0
            guard counts.total < limit, own < accountLimit else { return false }
            counts.total += 1
            counts.byAccount[account] = own + 1
            return true
        }
    }

    /// Gives places back.
    func leave(_ account: AccountID, _ count: Int) {
        counts.withLock { counts in
            counts.total -= count
            counts.byAccount[account, default: 0] -= count
        }
    }

    var total: Int { counts.withLock { $0.total } }
}

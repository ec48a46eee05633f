package import Base

/// An alarm whose state others tell us, as the database has it.
package struct Alarm: Equatable, Sendable {
    /// Who keeps telling its state.
    package enum Feed: String, CaseIterable, Sendable {
        /// Somebody who puts this one alarm.
        case api
        /// An Alertmanager, which tells many.
        case alertmanager
    }

    /// How old the news of an alarm may be of which nobody said.
    package static let ordinaryMaxAge: Duration = .seconds(300)

    package let account: AccountID
    package let name: String
    /// In CloudWatch's words.
    package let state: String
    package let reason: String?
    package let feed: Feed
    /// How old its last news may be.
    package let maxAge: Duration
    package let updatedAt: Timestamp
    /// Since when it is in its state.
    package let changedAt: Timestamp
    /// When an Alertmanager last told the account anything.
    package let alertmanagerAt: Timestamp?
    /// The fingerprints of alerts of its name that fire.
    package let firing: [String]

    static let columns: Query = """
        alarms.account, alarms.name, alarms.state, alarms.reason, alarms.fed_by, alarms.max_age, alarms.updated_at,
        alarms.changed_at, (SELECT seen.at FROM alertmanager_seen AS seen WHERE seen.account = alarms.account), alarms.firing
        """

    init(_ row: inout Row) throws(StoreError) {
        account = try row.next()
        name = try row.next()
        state = try row.next()
        reason = try row.nextIfAny()
        feed = Feed(rawValue: try row.next()) ?? .api
        maxAge = .seconds(try row.next(Int64.self))
        updatedAt = try row.next()
        changedAt = try row.next()
        alertmanagerAt = try row.nextIfAny()
        firing = (try row.next(JSON.self).elements ?? []).compactMap(\.text)
    }

    package var key: AlarmKey { AlarmKey(account: account, name: name) }

    /// When something was last heard that says how it stands: an Alertmanager that talks at all would have told of it.
    package var newsAt: Timestamp {
        feed == .alertmanager ? max(updatedAt, alertmanagerAt ?? updatedAt) : updatedAt
    }
}

/// One alarm of one account.
package struct AlarmKey: Hashable, Sendable {
    package let account: AccountID
    package let name: String

    package init(account: AccountID, name: String) {
        self.account = account
        self.name = name
    }

    /// Byte by byte, as the database does: two names that only look alike are two.
    package static func == (left: AlarmKey, right: AlarmKey) -> Bool {
        left.account == right.account && left.name.utf8.elementsEqual(right.name.utf8)
    }
}

/// An alarm after a message about it, and the state that it was in before; nil where it is new.
package struct AlarmChange: Equatable, Sendable {
    package let alarm: Alarm
    package let before: String?

    package var isChange: Bool { alarm.state != before }
}

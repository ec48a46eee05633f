import Base

extension Transaction {
    /// An alarm of the context's account.
    package func alarmRead(_ context: OperationContext, name: String) throws(StoreError) -> Alarm {
        let alarm = try first(
            "SELECT \(Alarm.columns) FROM alarms WHERE account = \(context.account) AND name = \(name)"
        ) { row throws(StoreError) in try Alarm(&row) }
        guard let alarm else { throw .refused(.alarmUnknown(name)) }
        return alarm
    }

    /// The account's alarms by name, a page at a time.
    package func alarmList(
        _ context: OperationContext,
        after name: String? = nil,
        limit: Int
    ) throws(StoreError) -> [Alarm] {
        let after: Query = if let name { "AND name > \(name)" } else { "" }
        return try all(
            """
            SELECT \(Alarm.columns) FROM alarms WHERE account = \(context.account) \(after)
            ORDER BY name
            LIMIT \(limit)
            """
        ) { row throws(StoreError) in try Alarm(&row) }
    }

    /// Those of these alarms that there are, of any account: for whoever watches them in the name of runs.
    package func alarmListWatched(_ keys: Set<AlarmKey>) throws(StoreError) -> [AlarmKey: Alarm] {
        let asked = JSON.array(
            keys.map { ["account": .string($0.account.description), "name": .string($0.name)] }
        )
        let found = try all(
            """
            SELECT \(Alarm.columns)
            FROM json_to_recordset(\(asked)::json) AS asked (account text, name text)
            JOIN alarms ON alarms.account = asked.account AND alarms.name = asked.name
            """
        ) { row throws(StoreError) in try Alarm(&row) }
        return found.reduce(into: [:]) { $0[$1.key] = $1 }
    }
}

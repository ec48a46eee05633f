package import Base

extension Transaction {
    /// Binds a name to a target, or to another one.
    ///
    /// Binding as it is already changes nothing and leaves no trace in the audit. `quota` is how many names an account may have.
    @discardableResult
    package func bindingPut(
        _ context: OperationContext,
        name: String,
        target: String,
        dialect: String,
        qualifier: String?,
        quota: Int,
        at now: Timestamp
    ) throws(StoreError) -> ParameterBinding {
        let changed = try first(
            """
            INSERT INTO parameter_bindings (account, name, target, dialect, qualifier, created_at, updated_at)
            VALUES (\(context.account), \(name), \(target), \(dialect), \(qualifier), \(now), \(now))
            ON CONFLICT (account, name) DO UPDATE
            SET target = excluded.target, dialect = excluded.dialect, qualifier = excluded.qualifier,
                updated_at = greatest(excluded.updated_at, parameter_bindings.updated_at)
            WHERE (parameter_bindings.target, parameter_bindings.dialect, parameter_bindings.qualifier)
                IS DISTINCT FROM (excluded.target, excluded.dialect, excluded.qualifier)
            RETURNING \(ParameterBinding.columns)
            """
        ) { row throws(StoreError) in try ParameterBinding(&row) }
        guard let changed else { return try bindingRead(context, name: name) }
        // Whoever binds keeps the row of the changes until the commit, so that two who bind count one after the other.
        let count = try one("SELECT count(*) FROM parameter_bindings WHERE account = \(context.account)") {
            row throws(StoreError) in try row.next(Int.self)
        }
        if count > quota { throw .refused(.bindingQuota(quota)) }
        try auditAppend(context, action: "binding.put", subject: name, details: changed.details, at: now)
        return changed
    }

    /// Takes a name away: whoever reads it is told that there is no such parameter.
    @discardableResult
    package func bindingDelete(
        _ context: OperationContext,
        name: String,
        at now: Timestamp
    ) throws(StoreError) -> ParameterBinding {
        let binding = try first(
            """
            DELETE FROM parameter_bindings WHERE account = \(context.account) AND name = \(name)
            RETURNING \(ParameterBinding.columns)
            """
        ) { row throws(StoreError) in try ParameterBinding(&row) }
        guard let binding else { throw .refused(.bindingUnknown(name)) }
        try auditAppend(context, action: "binding.deleted", subject: name, details: binding.details, at: now)
        return binding
    }
}

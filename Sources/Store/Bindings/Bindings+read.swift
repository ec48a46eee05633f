extension Transaction {
    /// A binding of the context's account.
    package func bindingRead(
        _ context: OperationContext,
        name: String
    ) throws(StoreError) -> ParameterBinding {
        let binding = try first(
            """
            SELECT \(ParameterBinding.columns) FROM parameter_bindings
            WHERE account = \(context.account) AND name = \(name)
            """
        ) { row throws(StoreError) in try ParameterBinding(&row) }
        guard let binding else { throw .refused(.bindingUnknown(name)) }
        return binding
    }

    /// The account's bindings by name, a page at a time.
    package func bindingList(
        _ context: OperationContext,
        after name: String? = nil,
        limit: Int
    ) throws(StoreError) -> [ParameterBinding] {
        let after: Query = if let name { "AND name > \(name)" } else { "" }
        return try all(
            """
            SELECT \(ParameterBinding.columns) FROM parameter_bindings
            WHERE account = \(context.account) \(after)
            ORDER BY name
            LIMIT \(limit)
            """
        ) { row throws(StoreError) in try ParameterBinding(&row) }
    }
}

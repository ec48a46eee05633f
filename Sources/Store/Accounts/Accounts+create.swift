package import Base

extension Transaction {
    /// Creates an account; only the deployment's admin may, which the caller has checked.
    @discardableResult
    package func accountCreate(
        _ context: OperationContext,
        id: AccountID,
        name: String,
        at now: Timestamp
    ) throws(StoreError) -> Account {
        try nameCheck(name)
        let account = Account(id: id, name: name, createdAt: now)
        do throws(StoreError) {
            try execute(
                """
                INSERT INTO accounts (\(Account.columns)) VALUES (\(id), \(name), \(now))
                """
            )
        } catch {
            throw error.translated([
                "accounts_pkey": .accountExists(id), "accounts_name_key": .accountNameTaken(name),
            ])
        }
        try auditAppend(
            context,
            action: "account.created",
            subject: id.description,
            details: ["name": .string(name)],
            at: now
        )
        return account
    }

    /// Names are for people: anything they can read, within bounds.
    func nameCheck(_ name: String) throws(StoreError) {
        guard (1...128).contains(name.unicodeScalars.count), !name.hasNUL else {
            throw .refused(.nameInvalid(name))
        }
    }
}

extension StoreError {
    /// What a broken constraint means to whoever asked; any other error stays as it is.
    func translated(_ refusals: [String: Refusal]) -> StoreError {
        guard case .server(let error) = self, let constraint = error.constraint,
            let refusal = refusals[constraint]
        else { return self }
        return .refused(refusal)
    }
}

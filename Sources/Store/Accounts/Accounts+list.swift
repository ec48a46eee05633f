extension Transaction {
    /// All accounts of the deployment, by id.
    ///
    /// No tenant's business: only the deployment's admin may read it, which the caller has checked.
    package func accountListOfDeployment() throws(StoreError) -> [Account] {
        try all("SELECT \(Account.columns) FROM accounts ORDER BY id") {
            row throws(StoreError) in try Account(&row)
        }
    }
}

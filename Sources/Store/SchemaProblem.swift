/// Why a database's schema and this binary do not go together, and what the operator can do.
package enum SchemaProblem: Equatable, Sendable, CustomStringConvertible {
    /// A later version has been here.
    case newer(database: Int, binary: Int)
    /// A migration that was applied reads differently in this binary.
    case edited(number: Int, name: String)
    /// This binary has a migration that the database passed by.
    case skipped(number: Int, name: String)
    /// The database has not all migrations of this binary.
    case older(database: Int, binary: Int)

    package var description: String {
        switch self {
        case .newer(let database, let binary):
            "the database has schema \(database), and this version knows schemas up to \(binary); "
                + "run the newer version that made it, or restore a backup from before"
        case .edited(let number, let name):
            "migration \(number) (\(name)) was applied in another wording; "
                + "run the version that applied it: a migration is never edited, only followed by another"
        case .skipped(let number, let name):
            "migration \(number) (\(name)) was never applied though later ones were; "
                + "this binary and the one that migrated the database come from different lines of development"
        case .older(let database, let binary):
            "the database has schema \(database), and this version needs \(binary); run `faultplane migrate`"
        }
    }
}

/// What is left to apply, decided from what the binary has and what the database says.
struct MigrationPlan {
    /// One line of the database's book.
    struct Applied: Equatable, Sendable {
        let number: Int
        let name: String
        let checksum: String
    }

    let pending: [Migration]

    /// `applied` in the order of its numbers.
    init(available: [Migration], applied: [Applied]) throws(StoreError) {
        let newest = available.last?.number ?? 0
        if let last = applied.last, last.number > newest {
            throw .schema(.newer(database: last.number, binary: newest))
        }
        for (migration, line) in zip(available, applied) {
            guard line.number == migration.number else {
                throw .schema(.skipped(number: migration.number, name: migration.name))
            }
            guard line.checksum == migration.checksum else {
                throw .schema(.edited(number: migration.number, name: migration.name))
            }
        }
        pending = Array(available.dropFirst(applied.count))
    }
}

import Store

/// Databases as things to be made and dropped, which only tests do.
extension Database {
    func databaseExists(_ name: String) async throws -> Bool {
        try await statement { transaction throws(StoreError) in
            try transaction.one("SELECT EXISTS (SELECT FROM pg_database WHERE datname = \(name))") {
                row throws(StoreError) in try row.next()
            }
        }
    }

    func databaseCreate(_ name: String, from template: String = "template0") async throws {
        _ = try await statement { transaction throws(StoreError) in
            try transaction.execute("CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: template)")
        }
    }

    func databaseRename(_ name: String, to other: String) async throws {
        _ = try await statement { transaction throws(StoreError) in
            try transaction.execute("ALTER DATABASE \(identifier: name) RENAME TO \(identifier: other)")
        }
    }

    func databaseDrop(_ name: String) async throws {
        _ = try await statement { transaction throws(StoreError) in
            try transaction.execute("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
        }
    }

    /// Lets nobody in, and puts everybody out.
    func databaseShut(_ name: String) async throws {
        _ = try await statement { transaction throws(StoreError) in
            try transaction.execute("ALTER DATABASE \(identifier: name) ALLOW_CONNECTIONS false")
        }
        _ = try await statement { transaction throws(StoreError) in
            try transaction.all(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \(name)"
            ) { row throws(StoreError) in try row.next(Bool.self) }
        }
    }

    func databaseOpen(_ name: String) async throws {
        _ = try await statement { transaction throws(StoreError) in
            try transaction.execute("ALTER DATABASE \(identifier: name) ALLOW_CONNECTIONS true")
        }
    }
}

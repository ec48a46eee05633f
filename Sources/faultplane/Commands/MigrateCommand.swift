import Base
import ControlPlane
import Glibc

extension Command {
    static let migrate = Command(
        name: "migrate",
        usage: "[--restored] [flags]",
        summary: "Bring the database to this version's schema, with no server running on the data directory.",
        flags: [
            .taking("database-url", "URL", "PostgreSQL to migrate; without it the data directory's own"),
            .taking("data-dir", "DIR", default: ".faultplane", "where the own cluster is"),
            .toggle(
                "restored",
                "the database was restored from a backup: forget the heartbeats it brought along"
            ),
        ],
        run: { arguments in
            try arguments.requireNoMore()
            let log = Logger(sink: try LogWriter(descriptor: STDERR_FILENO), minimum: .warning)
            let migration = Migration(
                databaseURL: arguments["database-url"],
                dataDirectory: arguments["data-dir"] ?? ".faultplane",
                isRestored: arguments.isSet("restored"),
                log: log
            )
            print(try await migration.run().text)
        }
    )
}

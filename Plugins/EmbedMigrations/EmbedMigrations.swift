import PackagePlugin

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Compiles `migrations/` into the binary, so that one copied elsewhere never meets another version's files.
///
/// `Sources/Store/Migrations/sql` is a link to the folder: SwiftPM plans a build anew only when the tree of a target changes,
/// and a migration that is added must be noticed like any source file.
@main
struct EmbedMigrations: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "migrations")
        let generator = context.package.directoryURL.appending(
            path: "Plugins/EmbedMigrations/embed-migrations.sh"
        )
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedMigrations.swift")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { folder.appending(path: $0) }
        return [
            .buildCommand(
                displayName: "Embedding migrations",
                executable: URL(filePath: "/bin/sh"),
                arguments: [generator.path, folder.path, output.path],
                inputFiles: [generator, folder] + files,
                outputFiles: [output]
            )
        ]
    }
}

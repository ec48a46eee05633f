import Base
import Glibc
import TestSupport
import Testing

@testable import ControlPlane

/// The folder that a node keeps what must survive it in.
@Suite struct DataDirectoryTests {
    @Test func `a node's name is made up once and kept`() throws {
        let folder = TemporaryFolder()
        let first = try DataDirectory(folder.path).nodeID
        #expect(first.hasPrefix("node-") && first.utf8.count == 17)
        #expect(try DataDirectory(folder.path).nodeID == first)
        #expect(try DataDirectory(folder.path + "/").path == folder.path)
        #expect(folder.names == ["lock", "node"])
        #expect(try DataDirectory(TemporaryFolder().path).nodeID != first)
    }

    @Test func `a name that was lost is made up anew`() throws {
        let folder = TemporaryFolder()
        try Files.replace(folder.path + "/node", with: Array("\n".utf8))
        #expect(try DataDirectory(folder.path).nodeID.hasPrefix("node-"))
    }

    @Test func `only one holds it, and whoever comes second is told who`() throws {
        let folder = TemporaryFolder()
        let held = try DataDirectory(folder.path)
        let expected = DataDirectory.Failure.inUse(folder.path, process: Int(getpid()))
        #expect(throws: expected) { try DataDirectory(folder.path) }
        #expect(
            expected.description
                == "Another server (process \(getpid())) uses the data directory \(folder.path). "
                + "Stop it, or give this one another with --data-dir."
        )
        withExtendedLifetime(held) {}
    }

    @Test func `a place that is no folder is said to be none`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/file"
        try Files.replace(path, with: [])
        let expected = DataDirectory.Failure.unusable(path, SystemError(call: "mkdir", code: ENOTDIR))
        #expect(throws: expected) { try DataDirectory(path) }
        #expect(expected.description == "The data directory \(path) cannot be used (mkdir: Not a directory).")
    }
}

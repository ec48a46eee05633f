import Base
import Glibc

/// A folder of one test's own with one socket in it, gone with the test.
final class Folder: Sendable {
    let path: String
    var socket: String { path + "/s" }

    /// `padding` makes its name longer.
    init(padding: Int = 0) throws {
        path = "/tmp/faultplane-web-" + Random.token(8 + padding)
        try Files.makeFolder(path)
    }

    deinit {
        _ = unlink(path + "/s")
        _ = rmdir(path)
    }
}

import CLinux
import Glibc

/// A way to a Unix socket however long its path is: the kernel takes 107 bytes, so a longer one goes through its folder.
///
/// It is good while this value lives, for the folder is held open.
package struct SocketPath: ~Copyable {
    /// What to hand to the kernel, or to a library.
    package let text: String
    private let folder: FileDescriptor?

    private static let limit = 107

    package init(_ path: String) throws(SystemError) {
        guard path.utf8.count > Self.limit else {
            text = path
            folder = nil
            return
        }
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let above = name == path.startIndex ? "." : String(path[..<name])
        let folder = try FileDescriptor.open(above, O_RDONLY | O_DIRECTORY)
        text = "/proc/self/fd/\(folder.raw)/\(path[name...])"
        self.folder = consume folder
    }
}

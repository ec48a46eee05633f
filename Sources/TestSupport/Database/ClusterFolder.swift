import Base
import CLinux
import Glibc

/// A folder for PostgreSQL clusters of tests, which takes whatever runs in it along when it goes.
///
/// It goes when its owner lets go of it or when this process ends, however that happens: a process of its own watches.
package final class ClusterFolder: Sendable {
    package let path: String
    /// Open for as long as this lives; its other end is what the watchdog reads.
    private let leash: FileDescriptor

    package init() throws {
        let path = "/tmp/faultplane-test-" + Random.token(8)
        try Files.makeFolder(path, mode: 0o755)
        let pipe = try Pipe()
        let output = try FileDescriptor.open("/dev/null", O_WRONLY)
        let shell = try Command("/bin/sh", ["-c", Self.script, "sh", path])
            .start(output: output.raw, input: pipe.readEnd.raw)
        _ = shell.reap()
        leash = pipe.closeReadEnd()
        self.path = path
    }

    /// The shell ends at once and leaves the watchdog to init: an ended child that nobody collects would keep Swift Testing's
    /// exit tests from noticing their own.
    private static let script = """
        exec 3<&0
        (
            read -r line <&3
            for round in 1 2 3 4 5 6 7 8 9 10; do
                alive=
                for file in $(find "$1" -name postmaster.pid); do
                    pid=$(head -n 1 "$file")
                    # The file outlives a server that was killed, and its number may be another process's by now.
                    [ "$(readlink "/proc/$pid/cwd")" = "$(dirname "$file")" ] || continue
                    alive=1
                    kill -QUIT "$pid" 2>/dev/null
                done
                [ -z "$alive" ] && break
                sleep 0.2
            done
            rm -rf "$1"
        ) &
        """
}

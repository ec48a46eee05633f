import Base
import Glibc
import TestSupport

/// Ends what the tests started, should the tests themselves be killed: a shell that waits for our end of a pipe to close.
///
/// It is told each process and each folder to be removed. What the tests end by themselves it finds gone.
actor Warden {
    static let shared = Warden()

    private var pipe: FileDescriptor?

    func watch(process: Int32, folder: String) throws { try tell("\(process) \(folder)\n") }

    private func tell(_ line: String) throws {
        if pipe == nil { pipe = try Self.start() }
        try pipe?.writeAll(Array(line.utf8))
    }

    private static func start() throws -> FileDescriptor {
        let script = """
            exec 2>/dev/null
            list=
            while read -r process folder; do list="$list $process:$folder"; done
            for item in $list; do
                process=${item%%:*} folder=${item#*:}
                case $(readlink "/proc/$process/exe") in *faultplane*) kill -TERM "$process" ;; esac
                for file in $(cat "$folder/cluster.location" 2>/dev/null) "$folder/postgres"; do
                    pid=$(head -n 1 "$file/cluster/postmaster.pid")
                    # The file outlives a server that was killed, and its number may be another process's by now.
                    [ "$(readlink "/proc/$pid/cwd")" != "$file/cluster" ] || kill -QUIT "$pid"
                    case $file in /var/lib/faultplane/?*) rm -rf "$file" ;; esac
                done
                rm -rf "$folder"
            done
            """
        let pipe = try Pipe()
        let output = try FileDescriptor.open("/dev/null", O_WRONLY)
        _ = try Command("/bin/sh", ["-c", script]).start(output: output.raw, input: pipe.readEnd.raw)
        return pipe.closeReadEnd()
    }
}

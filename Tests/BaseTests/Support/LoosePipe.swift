import Base
import CLinux
import Glibc

/// A pipe whose ends part ways, unlike `Pipe`, which keeps both: whoever takes the writing end closes it, or has it for good.
struct LoosePipe: ~Copyable {
    let reading: FileDescriptor
    let writing: CInt

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        _ = try retrying("pipe2") { pipe2(&ends, O_CLOEXEC) }
        reading = FileDescriptor(adopting: ends[0])
        writing = ends[1]
    }
}

/// Whether the descriptor has something to read, now or within the time.
func isReadable(_ raw: CInt, within limit: Duration = .zero) -> Bool {
    var asked = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
    return poll(&asked, 1, CInt(limit.nanoseconds / 1_000_000)) == 1 && asked.revents & Int16(POLLIN) != 0
}

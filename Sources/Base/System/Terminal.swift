import Glibc

/// The process's standard output and error, without buffers that an exit could lose.
package enum Terminal {
    package static func say(_ text: String) { write(text, STDOUT_FILENO) }

    package static func complain(_ text: String) { write(text, STDERR_FILENO) }

    private static func write(_ text: String, _ raw: CInt) {
        let descriptor = FileDescriptor(adopting: raw)
        // Whoever closed the terminal has nobody to tell.
        try? descriptor.writeAll(Array(text.utf8))
        _ = descriptor.release()
    }
}

import Base
import Glibc

/// The process's standard output and error, without buffers that an exit could lose.
enum Terminal {
    static func say(_ text: String) { write(text, STDOUT_FILENO) }

    static func complain(_ text: String) { write(text, STDERR_FILENO) }

    /// The size of the terminal that standard output is; nil where it is none, or cannot move its cursor.
    static var size: (columns: Int, rows: Int)? {
        guard isatty(STDOUT_FILENO) == 1, Environment.all["TERM"] != "dumb" else { return nil }
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    private static func write(_ text: String, _ raw: CInt) {
        let descriptor = FileDescriptor(adopting: raw)
        // Whoever closed the terminal has nobody to tell.
        try? descriptor.writeAll(Array(text.utf8))
        _ = descriptor.release()
    }
}

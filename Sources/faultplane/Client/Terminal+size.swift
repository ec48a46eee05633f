import Base
import Glibc

extension Terminal {
    /// The size of the terminal that standard output is; nil where it is none, or cannot move its cursor.
    static var size: (columns: Int, rows: Int)? {
        guard isatty(STDOUT_FILENO) == 1, Environment.all["TERM"] != "dumb" else { return nil }
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}

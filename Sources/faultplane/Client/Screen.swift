/// A block of lines at the end of what a terminal shows, drawn again in its own place.
struct Screen {
    private var height = 0

    /// The bytes that put these lines where the last ones stood, cut to what the terminal can show.
    mutating func draw(_ lines: [String], columns: Int, rows: Int) -> String {
        let room = max(2, rows - 1)
        var shown = Array(lines.prefix(room))
        if lines.count > room {
            shown.removeLast()
            shown.append("... and \(lines.count - shown.count) more lines")
        }
        let up = height > 0 ? "\u{1B}[\(height)A" : ""
        height = shown.count
        let cut = shown.map { "\r\u{1B}[K" + $0.prefix(max(1, columns - 1)) + "\n" }
        return up + cut.joined() + "\u{1B}[J"
    }
}

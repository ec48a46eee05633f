import CLinux
import Glibc

/// A small piece of data that is overwritten in place, so that a full disk cannot refuse it and a crash cannot lose it.
///
/// The file has two slots, written out when it is made. Each write goes over the older of the two, behind a number and a digest that tell a
/// whole slot from a torn one; so what was written before the last write is still there.
package final class SlotFile: Sendable {
    private struct State: ~Copyable {
        let file: FileDescriptor
        /// Of the newest slot; 0 where nothing was ever written.
        var number: UInt64
        var contents: [UInt8]?
    }

    /// What stands before the contents: number, length, digest.
    private static let headLength = 8 + 8 + 32

    private let slotLength: Int
    private let state: Locked<State>
    /// Neither slot is whole, though one was written to.
    package let isDamaged: Bool

    /// How much one write can hold.
    package var capacity: Int { slotLength - Self.headLength }

    /// Opens the file, or makes it with room for `capacity` bytes.
    package init(_ path: String, capacity: Int) throws(SystemError) {
        slotLength = (Self.headLength + capacity + 4_095) / 4_096 * 4_096
        if !Files.exists(path) {
            // Written rather than reserved: overwriting then needs nothing of the disk that it could lack.
            _ = try Files.createOnce(path, [UInt8](repeating: 0, count: 2 * slotLength))
        }
        let file = try FileDescriptor.open(path, O_RDWR)
        let bytes = try file.readAll(limit: 1 << 24)
        var found: (number: UInt64, contents: [UInt8])?
        for slot in 0..<2 {
            guard let whole = Self.parse(bytes.dropFirst(slot * slotLength).prefix(slotLength)) else {
                continue
            }
            if whole.number > found?.number ?? 0 { found = whole }
        }
        isDamaged = found == nil && bytes.contains { $0 != 0 }
        state = Locked(State(file: file, number: found?.number ?? 0, contents: found?.contents))
    }

    /// What was written last; nil where nothing ever was.
    package var contents: [UInt8]? { state.withLock { $0.contents } }

    /// Replaces the contents, on a thread that may block.
    ///
    /// With `durably` they survive a power cut when this returns.
    package func write(_ bytes: [UInt8], durably: Bool) throws(SystemError) {
        guard bytes.count <= capacity else { throw SystemError(call: "write", code: EFBIG) }
        let length = slotLength
        try state.withLock { state throws(SystemError) in
            let number = state.number + 1
            let place = off_t(number % 2) * off_t(length)
            try Self.overwrite(state.file.raw, Self.slot(number, bytes), at: place)
            if durably {
                let raw = state.file.raw
                _ = try retrying("fdatasync") { fdatasync(raw) }
            }
            state.number = number
            state.contents = bytes
        }
    }

    private static func overwrite(_ raw: CInt, _ bytes: [UInt8], at place: off_t) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            sent += try retrying("pwrite") {
                unsafe bytes.withUnsafeBytes { buffer in
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                    return unsafe pwrite(raw, rest.baseAddress, rest.count, place + off_t(sent))
                }
            }
        }
    }

    private static func slot(_ number: UInt64, _ contents: [UInt8]) -> [UInt8] {
        let signed = word(number) + word(UInt64(contents.count)) + contents
        return Array(signed.prefix(16)) + Hash.sha256(signed) + contents
    }

    private static func parse(_ slot: ArraySlice<UInt8>) -> (number: UInt64, contents: [UInt8])? {
        let head = Array(slot.prefix(headLength))
        guard head.count == headLength else { return nil }
        let (number, length) = (value(head[0..<8]), value(head[8..<16]))
        guard number > 0, length <= UInt64(slot.count - headLength) else { return nil }
        let contents = Array(slot.dropFirst(headLength).prefix(Int(length)))
        let digest = Hash.sha256(Array(head[0..<16]) + contents)
        return digest == Array(head[16..<headLength]) ? (number, contents) : nil
    }

    private static func word(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }

    private static func value(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

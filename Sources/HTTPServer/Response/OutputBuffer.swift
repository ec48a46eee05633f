import Base
import CLinux
import Glibc

/// Bytes on their way out: one block of memory that is filled and emptied again and again.
///
/// An array would ask at every append whether it is shared; this cannot be, so it only asks whether there is room.
@safe
struct OutputBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { unsafe base.deallocate() }

    var isEmpty: Bool { count == 0 }

    mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    mutating func append(_ text: StaticString) {
        unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// A header line, for one look at the room there is.
    mutating func append(header name: StaticString, _ value: StaticString) {
        let (nameLength, valueLength) = (name.utf8CodeUnitCount, value.utf8CodeUnitCount)
        reserve(nameLength + valueLength + 4)
        unsafe (base + count).copyMemory(from: name.utf8Start, byteCount: nameLength)
        unsafe base.storeBytes(of: Self.colonAndSpace, toByteOffset: count + nameLength, as: UInt16.self)
        unsafe (base + count + nameLength + 2).copyMemory(from: value.utf8Start, byteCount: valueLength)
        count += nameLength + valueLength + 4
        unsafe base.storeBytes(of: Self.lineEnd, toByteOffset: count - 2, as: UInt16.self)
    }

    /// A header line whose value is a number; nothing is copied twice.
    mutating func append(header name: StaticString, _ value: HeaderNumber) {
        let nameLength = name.utf8CodeUnitCount
        reserve(nameLength + HeaderNumber.longest + 4)
        unsafe (base + count).copyMemory(from: name.utf8Start, byteCount: nameLength)
        unsafe base.storeBytes(of: Self.colonAndSpace, toByteOffset: count + nameLength, as: UInt16.self)
        count += nameLength + 2
        count += unsafe value.write(
            to: UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
        )
        unsafe base.storeBytes(of: Self.lineEnd, toByteOffset: count, as: UInt16.self)
        count += 2
    }

    private static var colonAndSpace: UInt16 { UInt16(littleEndian: 0x203A) }
    private static var lineEnd: UInt16 { UInt16(littleEndian: 0x0A0D) }

    /// Empties the buffer; memory a rare large answer needed is given back.
    mutating func removeAll() {
        count = 0
        if capacity > 1 << 20 { resize(1 << 16) }
    }

    /// How much of it the kernel takes now.
    func send(to raw: CInt) throws(SystemError) -> Int {
        try unblocking("send") { unsafe Glibc.send(raw, base, count, CInt(MSG_NOSIGNAL)) } ?? 0
    }

    /// A copy of what stands from `start` on.
    func array(from start: Int) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: base + min(start, count), count: max(0, count - start)))
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        unsafe memcpy(base + count, source, bytes.count)
        count += bytes.count
    }

    private mutating func reserve(_ more: Int) {
        if count + more > capacity { resize(max(capacity * 2, count + more)) }
    }

    private mutating func resize(_ size: Int) {
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        unsafe memcpy(fresh, base, count)
        unsafe base.deallocate()
        unsafe base = fresh
        capacity = size
    }
}

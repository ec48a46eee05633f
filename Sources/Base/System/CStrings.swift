import Glibc

/// A list of C strings that lives as long as its owner: argument vectors and statement values.
@safe
package struct CStrings: ~Copyable {
    private var pointers: [UnsafeMutablePointer<CChar>?]
    /// All of them, one after the other.
    private let storage: UnsafeMutablePointer<CChar>

    /// A nil stays a null pointer, and one more null ends the list.
    package init(_ texts: [String?]) {
        let size = texts.reduce(0) { $0 + ($1.map { $0.utf8.count + 1 } ?? 0) }
        unsafe storage = .allocate(capacity: max(1, size))
        unsafe pointers = []
        unsafe pointers.reserveCapacity(texts.count + 1)
        var end = unsafe storage
        for text in texts {
            guard var text else {
                unsafe pointers.append(nil)
                continue
            }
            unsafe pointers.append(end)
            text.withUTF8 { bytes in
                if let start = bytes.baseAddress { unsafe memcpy(end, start, bytes.count) }
                unsafe end += bytes.count
            }
            unsafe end.pointee = 0
            unsafe end += 1
        }
        unsafe pointers.append(nil)
    }

    deinit { unsafe storage.deallocate() }

    /// Lends the list; what is lent ends with `body`.
    package borrowing func withPointers<Result>(
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
    ) -> Result {
        unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }

    /// The same list under the type that libpq declares.
    package borrowing func withConstantPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        let constant = unsafe pointers.map { unsafe $0.map { unsafe UnsafePointer($0) } }
        return unsafe constant.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}

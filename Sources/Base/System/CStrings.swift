import Glibc

/// A list of C strings that lives as long as its owner: argument vectors and statement values.
@safe
package struct CStrings: ~Copyable {
    private var pointers: [UnsafeMutablePointer<CChar>?]

    /// A nil stays a null pointer, and one more null ends the list.
    package init(_ texts: [String?]) {
        unsafe pointers = texts.map { text in unsafe text.flatMap { unsafe strdup($0) } } + [nil]
    }

    deinit { unsafe pointers.forEach { unsafe free($0) } }

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

import CLinux
import Glibc

/// What a failed system call said: which call, and the kernel's reason.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package let call: String
    package let code: CInt

    package init(call: StaticString, code: CInt) {
        self.call = "\(call)"
        self.code = code
    }

    /// Takes the reason from `errno`, so it must be made before anything else can overwrite it.
    package init(call: StaticString) {
        self.init(call: call, code: errno)
    }

    package var description: String { "\(call): \(reason)" }

    /// The kernel's reason in words.
    package var reason: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress, unsafe strerror_r(code, base, buffer.count) == 0 else {
                return "error \(code)"
            }
            return unsafe String(cString: base)
        }
    }
}

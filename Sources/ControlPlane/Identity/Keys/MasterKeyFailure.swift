package import Base

/// Why a master key file is refused; the text goes to the machine's operator and says how to mend it.
package enum MasterKeyFailure: Error, Equatable, CustomStringConvertible {
    case missing(String)
    case unreadable(String, SystemError)
    case cannotCreate(String, SystemError)
    case readableByOthers(String, mode: UInt32)
    case notHexadecimal(String)
    case wrongLength(String, digits: Int)

    package var description: String {
        switch self {
        case .missing(let path):
            "There is no master key at \(path). Every node of a deployment needs the first node's file."
        case .unreadable(let path, let error):
            "The master key \(path) cannot be read (\(error))."
        case .cannotCreate(let path, let error):
            "The master key \(path) cannot be created (\(error))."
        case .readableByOthers(let path, let mode):
            "The master key \(path) has mode 0\(String(mode, radix: 8)): others than its owner can reach it. "
                + "Run chmod 600 on it, and think of who may have read it."
        case .notHexadecimal(let path):
            "The master key \(path) is damaged: it must hold 64 hexadecimal digits and nothing else."
        case .wrongLength(let path, let digits):
            "The master key \(path) is damaged: it holds \(digits) hexadecimal digits, and 64 are needed."
        }
    }
}

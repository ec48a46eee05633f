/// Why a credentials file serves nobody; the text goes to whoever runs the command.
package enum CredentialsFileFailure: Error, Equatable, CustomStringConvertible {
    case missing(String)
    case cannotRead(String, SystemError)
    case cannotWrite(String, SystemError)
    case noProfile(String, String)
    case lacks(String, String, String)
    case foreignKey(String, String, EchoedText)

    package var description: String {
        switch self {
        case .missing(let path):
            "There is no credentials file at \(path)."
        case .cannotRead(let path, let error):
            "The credentials file \(path) cannot be read (\(error))."
        case .cannotWrite(let path, let error):
            "The credentials file \(path) cannot be written (\(error))."
        case .noProfile(let path, let profile):
            "The credentials file \(path) has no section [\(profile)]."
        case .lacks(let path, let profile, let name):
            "The credentials file \(path) has no \(name) in its section [\(profile)]."
        case .foreignKey(let path, let profile, let key):
            "The key \(key) in the section [\(profile)] of \(path) is not one of ours: those are FP and 18 "
                + "characters of A-Z and 2-7."
        }
    }
}

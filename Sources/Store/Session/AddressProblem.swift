/// Why a database address cannot be used.
///
/// None of the texts quotes the address: it may hold a password, and a malformed one may hold it anywhere.
package enum AddressProblem: Equatable, Sendable, CustomStringConvertible {
    case unreadable
    case passwordUnescaped

    package var description: String {
        switch self {
        case .unreadable:
            "the database URL cannot be read; expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE "
                + "or libpq's keyword=value form"
        case .passwordUnescaped:
            "the database URL has an @ or / too many; in a user name or password write @ as %40, / as %2F and : as %3A"
        }
    }
}

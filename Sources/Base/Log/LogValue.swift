/// What a log field may hold.
///
/// Secrets do not conform, so the compiler keeps them out.
package protocol LogValue: Sendable {
    var logged: JSON { get }
}

extension String: LogValue { package var logged: JSON { .string(self) } }
extension Substring: LogValue { package var logged: JSON { .string(String(self)) } }
extension Int: LogValue { package var logged: JSON { .integer(Int64(self)) } }
extension Int32: LogValue { package var logged: JSON { .integer(Int64(self)) } }
extension Int64: LogValue { package var logged: JSON { .integer(self) } }
extension Double: LogValue { package var logged: JSON { .number(self) } }
extension Bool: LogValue { package var logged: JSON { .bool(self) } }
extension SystemError: LogValue { package var logged: JSON { .string(description) } }

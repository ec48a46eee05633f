import Base
import CLinux
import Glibc

/// A user of the machine.
struct SystemUser: Equatable, Sendable {
    let name: String
    let id: UInt32
    let group: UInt32

    static func named(_ name: String) -> SystemUser? {
        unsafe lookUp { entry, buffer, size, found in
            unsafe getpwnam_r(name, entry, buffer, size, found)
        }
    }

    static func numbered(_ id: UInt32) -> SystemUser? {
        unsafe lookUp { entry, buffer, size, found in
            unsafe getpwuid_r(id, entry, buffer, size, found)
        }
    }

    private static func lookUp(
        _ read: (
            UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
            UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
        ) -> CInt
    ) -> SystemUser? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            var entry = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard let base = buffer.baseAddress, unsafe read(&entry, base, buffer.count, &found) == 0,
                unsafe found != nil, let name = unsafe entry.pw_name
            else { return nil }
            return unsafe SystemUser(name: String(cString: name), id: entry.pw_uid, group: entry.pw_gid)
        }
    }
}

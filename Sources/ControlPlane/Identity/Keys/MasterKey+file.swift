import Base

extension MasterKey {
    /// Reads the master key, and makes one where there is no file yet.
    ///
    /// Servers that start at once on one folder end up with the same key: one creates it, the others read it.
    package static func loadOrCreate(_ path: String) throws(MasterKeyFailure) -> MasterKey {
        if let present = try find(path) { return present }
        let fresh = Array((MasterKey.random().hexadecimal + "\n").utf8)
        do {
            _ = try Files.createOnce(path, fresh)
        } catch {
            throw .cannotCreate(path, error)
        }
        return try load(path)
    }

    /// Reads the master key of a file that must be there.
    package static func load(_ path: String) throws(MasterKeyFailure) -> MasterKey {
        guard let key = try find(path) else { throw .missing(path) }
        return key
    }

    private static func find(_ path: String) throws(MasterKeyFailure) -> MasterKey? {
        let found: (mode: UInt32, bytes: [UInt8])?
        do {
            found = try Files.readWithMode(path, limit: 4_096)
        } catch {
            throw .unreadable(path, error)
        }
        guard let (mode, bytes) = found else { return nil }
        guard mode & 0o077 == 0 else { throw .readableByOthers(path, mode: mode) }
        let text = bytes.prefix { !isSpace($0) }
        guard bytes.dropFirst(text.count).allSatisfy(isSpace), let decoded = Hex.decode(text) else {
            throw .notHexadecimal(path)
        }
        guard let key = MasterKey(decoded) else { throw .wrongLength(path, digits: text.count) }
        return key
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains(byte)
    }
}

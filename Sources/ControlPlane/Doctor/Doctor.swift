package import Base
import HTTPServer
import Store

/// Looks at everything a new operator gets wrong, and says how to mend it.
///
/// It changes nothing.
package struct Doctor: Sendable {
    let options: ServeOptions
    let log: Logger

    /// `options` are those that `serve` is, or would be, started with.
    package init(_ options: ServeOptions, log: Logger) {
        self.options = options
        self.log = log
    }

    /// Every check that needs no running server.
    package func examine() async -> [Finding] {
        var findings = [listener, descriptors, dataDirectory]
        if Files.exists(options.dataDirectory) { findings += [masterKey, credentials] }
        findings += await sources()
        return findings + (await database())
    }

    private var listener: Finding {
        if let warning = options.warning { return .warning("listener", "\(warning)") }
        return .ok("listener", "\(options.listen) is reached from this machine only")
    }

    private var descriptors: Finding {
        let limit = Descriptors.raiseLimit()
        if limit >= 4_096 { return .ok("descriptors", "\(limit) may be open") }
        return .warning(
            "descriptors",
            "only \(limit) may be open, and every waiting injector needs one: raise the hard limit (ulimit -Hn)"
        )
    }

    private var dataDirectory: Finding {
        let path = options.dataDirectory
        do throws(SystemError) {
            guard let mode = try Files.mode(path) else {
                return .ok("data directory", "\(path) does not exist yet; serve makes it")
            }
            if mode & 0o077 != 0 {
                return .warning(
                    "data directory",
                    "\(path) has mode 0\(String(mode & 0o777, radix: 8)), so others can look in: chmod 700 \(path)"
                )
            }
            return .ok("data directory", path)
        } catch {
            return .problem("data directory", "\(path) cannot be looked at (\(error))")
        }
    }

    private var masterKey: Finding {
        let path = options.masterKeyPath ?? "\(options.dataDirectory)/master.key"
        if !Files.exists(path), options.masterKeyPath == nil {
            return .ok("master key", "none yet; serve makes it")
        }
        do throws(MasterKeyFailure) {
            _ = try MasterKey.load(path)
            return .ok("master key", "\(path); without a copy of it elsewhere a lost disk loses every key")
        } catch {
            return .problem("master key", error.description)
        }
    }

    private var credentials: Finding {
        let path = DataDirectory.credentials(in: options.dataDirectory)
        if !Files.exists(path) {
            return .warning(
                "credentials",
                "none in \(path); `faultplane key create --role admin --name NAME` makes some"
            )
        }
        do throws(CredentialsFileFailure) {
            let file = try CredentialsFile.read(path)
            if let mode = try? Files.mode(path), mode & 0o077 != 0 {
                return .problem(
                    "credentials",
                    "\(path) can be read by others: chmod 600 \(path), and revoke \(file.keyID)"
                )
            }
            return .ok("credentials", "\(path) holds key \(file.keyID)")
        } catch {
            return .problem("credentials", error.description)
        }
    }
}

import CLinux
import Glibc

/// A program and its arguments, which no shell ever reads.
///
/// Arguments are visible to every user of the machine: a secret must not be among them.
package struct Command: Sendable {
    package var path: String
    package var arguments: [String]
    package var environment: [String: String]
    package var folder: String

    package init(
        _ path: String,
        _ arguments: [String] = [],
        environment: [String: String] = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"],
        folder: String = "/"
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }
}

extension Command {
    /// Starts it in a session of its own, so that a key pressed at our terminal is not meant for it.
    ///
    /// Standard output and error both go to `output`, and input comes from `input` or nowhere. Its signals are as at boot,
    /// whatever this process blocks. It inherits nothing else: a pipe that another library left open would not end before it.
    package func start(output: CInt, input: CInt? = nil) throws(SystemError) -> ProcessHandle {
        var actions = unsafe posix_spawn_file_actions_t()
        _ = unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        if let input {
            _ = unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            _ = unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        _ = unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        _ = unsafe posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        _ = unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        _ = unsafe posix_spawn_file_actions_addchdir_np(&actions, folder)

        var attributes = posix_spawnattr_t()
        _ = unsafe posix_spawnattr_init(&attributes)
        defer { _ = unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        _ = unsafe sigemptyset(&none)
        _ = unsafe sigfillset(&all)
        _ = unsafe posix_spawnattr_setsigmask(&attributes, &none)
        _ = unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        _ = unsafe posix_spawnattr_setflags(&attributes, Self.flags)

        var id = pid_t()
        let argv = CStrings([path] + arguments)
        let environ = CStrings(environment.map { "\($0.key)=\($0.value)" })
        let status = unsafe argv.withPointers { argv in
            unsafe environ.withPointers { environ in
                guard let argv = unsafe argv, let environ = unsafe environ else { return EINVAL }
                return unsafe posix_spawn(&id, path, &actions, &attributes, argv, environ)
            }
        }
        guard status == 0 else { throw SystemError(call: "posix_spawn", code: status) }
        // Nobody else waits for it, so the number is its own until it is reaped.
        return try ProcessHandle(of: id)
    }

    /// glibc shows POSIX_SPAWN_SETSID to GNU sources only.
    private static let flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80)
}

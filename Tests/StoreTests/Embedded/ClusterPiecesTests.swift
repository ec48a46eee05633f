import Base
import CLinux
import Glibc
import TestSupport
import Testing

@testable import Store

@Suite struct ClusterPiecesTests {
    @Test(
        arguments: [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", 15),
            ("postgres (PostgreSQL) 18beta1", 18),
            ("postgres (EnterpriseDB) 15", nil), ("", nil),
        ] as [(String, Int?)]
    )
    func `the version is read from what the program says`(text: String, major: Int?) {
        #expect(PostgresBinaries.major(in: text) == major)
    }

    private func installed(_ majors: [Int]) -> [PostgresBinaries] {
        majors.map { PostgresBinaries(folder: "/pg/\($0)", major: $0) }
    }

    @Test func `the newest is chosen, or the cluster's own`() throws {
        #expect(try PostgresBinaries.choose(from: installed([15, 17, 13]), cluster: nil).major == 17)
        #expect(try PostgresBinaries.choose(from: installed([15, 17, 13]), cluster: 15).major == 15)
        #expect(throws: StoreError.cluster(.versionMissing(cluster: 16, installed: [15, 17]))) {
            try PostgresBinaries.choose(from: installed([15, 17, 13]), cluster: 16)
        }
        for few in [[], [14]] {
            #expect(throws: StoreError.cluster(.notInstalled(oldest: 15))) {
                try PostgresBinaries.choose(from: installed(few), cluster: nil)
            }
        }
    }

    @Test func `a postmaster file is read line by line`() throws {
        let text = "123\n/d\n1790000000\n5432\n/s\n\n  5001 7\nready   \n"
        let file = try #require(PostmasterFile(text))
        #expect(file.process == 123)
        #expect(file.data == "/d")
        #expect(file.socketFolder == "/s")
        #expect(file.status == "ready")
    }

    @Test(arguments: ["", "x\n/d\n", "-5\n/d\n", "0\n/d\n", "123", "99999999999\n/d"])
    func `what is no postmaster file is none`(text: String) {
        #expect(PostmasterFile(text) == nil)
    }

    @Test func `a file at its very beginning names the process`() throws {
        let file = try #require(PostmasterFile("123\n/d\n"))
        #expect(file.status == "")
        #expect(file.socketFolder == "")
    }

    @Test(arguments: [(93, true), (94, false)])
    func `a socket path is short enough up to 107 bytes`(length: Int, isShort: Bool) {
        #expect(ClusterLayout.isShortEnough(socketFolder: String(repeating: "s", count: length)) == isShort)
    }

    @Test func `settings survive any path`() {
        #expect(ClusterSettings.quoted(#"/a'b\c"#) == #"'/a''b\\c'"#)
        #expect(ClusterSettings.quotedPath(#"/a,"b"#) == #"'"/a,""b"'"#)
    }

    @Test func `the map lets the server's user and the owner in, once each`() throws {
        let user = SystemUser(name: "postgres", id: 101, group: 104)
        let root = SystemUser(name: "root", id: 0, group: 0)
        let layout = ClusterLayout(home: "/h", socketFolder: "/s")
        let settings = ClusterSettings(layout: layout, durability: .durable)
        #expect(
            settings.users(ClusterOwner(user: user, server: root)) == """
                faultplane "postgres" faultplane
                faultplane "root" faultplane

                """
        )
        #expect(
            settings.users(ClusterOwner(user: user, server: user)) == "faultplane \"postgres\" faultplane\n"
        )
    }

    @Test func `root's commands are run by the owner, anybody else's as they are`() {
        let user = SystemUser(name: "postgres", id: 101, group: 104)
        let root = SystemUser(name: "root", id: 0, group: 0)
        let switched = ClusterOwner(user: user, server: root).command("/x", ["y"])
        #expect(switched.path == "/usr/bin/setpriv")
        #expect(switched.arguments.suffix(2) == ["/x", "y"])
        #expect(switched.arguments.contains("--reuid=101"))
        let plain = ClusterOwner(user: user, server: user).command("/x", ["y"])
        #expect(plain.path == "/x")
        #expect(plain.arguments == ["y"])
    }

    @Test
    func `a user who is not root keeps the cluster in the data folder, its socket too if the path allows`()
        throws
    {
        let folder = try ClusterFolder()
        let me = SystemUser(name: "me", id: getuid(), group: getgid())
        let owner = ClusterOwner(user: me, server: me)
        let short = try ClusterLayout.locate(
            dataFolder: folder.path + "/d",
            systemFolder: "/none",
            owner: owner
        )
        #expect(short.data == folder.path + "/d/postgres/cluster")
        #expect(short.socketFolder == folder.path + "/d/postgres/socket")
        let deep = folder.path + "/" + String(repeating: "x", count: 100)
        let long = try ClusterLayout.locate(dataFolder: deep, systemFolder: "/none", owner: owner)
        #expect(long.data == deep + "/postgres/cluster")
        #expect(long.socketFolder.hasPrefix("/tmp/faultplane-"))
        #expect(try ClusterLayout.locate(dataFolder: deep, systemFolder: "/none", owner: owner) == long)
    }

    @Test func `a folder that others can write, or that is a link, is refused`() throws {
        let folder = try ClusterFolder()
        let me = SystemUser(name: "me", id: getuid(), group: getgid())
        let (open, link, file) = (folder.path + "/open", folder.path + "/link", folder.path + "/file")
        try Files.makeFolder(open, mode: 0o700)
        #expect(chmod(open, 0o777) == 0)
        #expect(symlink(folder.path, link) == 0)
        try Files.replace(file, with: [])
        for path in [open, link, file] {
            #expect(
                throws: StoreError.cluster(.folderUnusable(path: path, reason: "Operation not permitted"))
            ) {
                try ClusterLayout.makeFolder(path, mode: 0o700, user: me)
            }
        }
    }

    @Test func `a log over its limit starts again, and its end is kept`() throws {
        let folder = try ClusterFolder()
        let log = BoundedLog(path: folder.path + "/log", limit: 10)
        let file = try log.open()
        try file.writeAll(Array("one\ntwo".utf8))
        try log.trim()
        #expect(log.end == "one; two")
        try file.writeAll(Array("\nthree\nfour".utf8))
        try log.trim()
        #expect(log.end == "")
        #expect(try Files.read(log.path + ".1") == Array("three\nfour".utf8))
        try file.writeAll(Array("five".utf8))
        #expect(log.end == "five")
    }
}

import Base
import Glibc
import Testing

@Suite struct SeededBugTests {
    @Test func `without its flag a build has no bug on purpose, whatever the environment asks for`() async {
        await #expect(processExitsWith: .success) {
            for bug in SeededBug.allCases {
                setenv("FAULTPLANE_SEEDED_BUG", bug.rawValue, 1)
                for each in SeededBug.allCases { try #require(!SeededBug.isOn(each)) }
            }
        }
    }
}

// swift-tools-version: 6.2
import PackageDescription

/// What every target is held to: Swift 6, imports that say what leaks, and no warning left standing.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// Targets that touch C or raw memory must also say `unsafe` where they do.
let nearC = house + [.strictMemorySafety()]

/// For the event loops: no check at run time whether two accesses to their state overlap.
///
/// That state belongs to one thread, and the check would cost a fifth of the instructions of a request. Debug builds, in which every test runs, do ask; the compiler's own checks stay everywhere.
let hot = nearC + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// Tests keep the older default for async functions: swift-testing's own protocols are declared with it.
let tests: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "faultplane",
    products: [
        .executable(name: "faultplane", targets: ["faultplane"]),
        .executable(name: "faultplane-injector", targets: ["faultplane-injector"]),
    ],
    targets: [
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        .target(name: "Base", dependencies: ["CLinux", "CCrypto"], swiftSettings: nearC),
        .target(name: "HTTPServer", dependencies: ["Base", "CLinux"], swiftSettings: hot),
        .plugin(name: "EmbedMigrations", capability: .buildTool()),
        .target(
            name: "Store",
            dependencies: ["Base", "CLinux", "CPostgres"],
            exclude: ["Migrations/sql"],
            swiftSettings: nearC,
            plugins: ["EmbedMigrations"]
        ),
        .target(name: "SafetyLever", swiftSettings: house),
        .target(name: "Experiments", dependencies: ["Base"], swiftSettings: house),
        .target(name: "FaultClient", dependencies: ["Base"], swiftSettings: house),
        .target(name: "WebClient", dependencies: ["Base", "CCurl"], swiftSettings: nearC),
        .target(
            name: "ControlPlane",
            dependencies: ["Base", "Experiments", "HTTPServer", "SafetyLever", "Store", "WebClient"],
            swiftSettings: house
        ),
        .executableTarget(
            name: "faultplane",
            dependencies: ["Base", "ControlPlane", "Experiments", "HTTPServer", "WebClient"],
            swiftSettings: nearC
        ),
        .executableTarget(
            name: "faultplane-injector",
            dependencies: ["Base", "FaultClient", "WebClient"],
            swiftSettings: nearC
        ),
        .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
        .executableTarget(
            name: "bench-server",
            dependencies: ["Base", "CAllocations", "ControlPlane", "HTTPServer"],
            path: "Benchmarks/Server",
            swiftSettings: nearC
        ),
        .target(name: "TestSupport", dependencies: ["Base", "CLinux", "Store"], swiftSettings: tests),

        .testTarget(name: "BaseTests", dependencies: ["Base"], swiftSettings: tests),
        .testTarget(name: "FaultClientTests", dependencies: ["Base", "FaultClient"], swiftSettings: tests),
        .testTarget(name: "SafetyLeverTests", dependencies: ["Base", "SafetyLever"], swiftSettings: tests),
        .testTarget(
            name: "WebClientTests",
            dependencies: ["Base", "CLinux", "TestSupport", "WebClient"],
            swiftSettings: tests
        ),
        .testTarget(name: "ExperimentsTests", dependencies: ["Base", "Experiments"], swiftSettings: tests),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: ["Base", "HTTPServer", "TestSupport"],
            swiftSettings: tests
        ),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Base", "CLinux", "Store", "TestSupport"],
            swiftSettings: tests
        ),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "Base", "ControlPlane", "Experiments", "HTTPServer", "SafetyLever", "Store", "TestSupport",
                "WebClient",
            ],
            swiftSettings: tests
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Base", "CLinux", "FaultClient", "TestSupport"],
            exclude: ["Snapshots"],
            swiftSettings: tests
        ),
    ]
)

# The Swift test targets, for scripts that run them one after the other: tests wait with real bounds, and hundreds at
# once on two cores starve each other. To be sourced from the top folder.
swift_targets() { find Tests -mindepth 1 -maxdepth 1 -type d -name '*Tests' -printf '%f\n' | sort; }

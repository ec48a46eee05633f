"""The benchmark harness: servers started and pinned, the load generator run beside them, a table written."""

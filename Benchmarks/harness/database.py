"""The embedded cluster of a server under test, asked beside it: the same inserts bare, and rows by the thousand."""

import subprocess
import tempfile
import time
from pathlib import Path

from .processes import ServerFailed

# A run and its three actions as small as they can be, in one statement, as plain PostgreSQL does them.
TABLES = """
CREATE TABLE bench_experiments (id uuid PRIMARY KEY, created_at timestamptz NOT NULL, body jsonb NOT NULL);
CREATE TABLE bench_actions (experiment uuid NOT NULL, name text NOT NULL, body jsonb NOT NULL,
                            PRIMARY KEY (experiment, name));
"""
INSERT = """
WITH made AS (
    INSERT INTO bench_experiments VALUES (gen_random_uuid(), now(), '{"status": "pending"}') RETURNING id)
INSERT INTO bench_actions SELECT id, name, '{"status": "pending"}'
FROM made, (VALUES ('First'), ('Second'), ('Third')) AS actions (name);
"""
# The rows that a start writes, as it writes them, into tables of the same shape with the same indexes, without asking anything.
SAME_TABLES = """
CREATE TABLE bench_runs (LIKE experiments INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE bench_events (LIKE experiment_events INCLUDING INDEXES);
CREATE TABLE bench_audit (LIKE audit_events INCLUDING IDENTITY INCLUDING INDEXES);
CREATE TABLE bench_run AS SELECT * FROM experiments LIMIT 1;
CREATE TABLE bench_step AS SELECT * FROM experiment_events WHERE experiment = (SELECT id FROM bench_run);
CREATE TABLE bench_asked AS SELECT * FROM audit_events WHERE subject = (SELECT id FROM bench_run);
"""
SAME_INSERT = """
WITH made AS (
    INSERT INTO bench_runs (id, account, template, start_token, request_digest, tags, account_configurations, status, epoch,
                            run, summary, created_at, ended_at, next_due, event_count, event_head)
    SELECT new.id, account, template, 'bench ' || new.id, request_digest, tags, account_configurations, status, epoch,
           run, summary, clock_timestamp(), ended_at, next_due, event_count, event_head
    FROM bench_run, (SELECT 'EXP' || substr(md5(random()::text || clock_timestamp()::text), 1, 15) AS id) AS new
    RETURNING id
), recorded AS (
    INSERT INTO bench_events SELECT made.id, last, events FROM made, bench_step
)
INSERT INTO bench_audit (account, at, actor, origin, address, request_id, action, subject, details)
SELECT account, clock_timestamp(), actor, origin, address, request_id, action, made.id, details FROM made, bench_asked;
"""
# Copies of a run that is there, each of another moment, ended and sealed as runs of yesterday are.
FILL = """
INSERT INTO experiments (id, account, template, start_token, request_digest, tags, account_configurations, status,
                         epoch, run, summary, created_at, ended_at, event_count, event_head,
                         sealed_count, seal)
SELECT 'EXPfill' || lpad(number::text, 11, '0'), account, template, 'fill-' || number, request_digest, tags,
       account_configurations, 'completed', epoch, run, summary, created_at - number * interval '1 second', created_at,
       event_count, event_head, event_count, 1
FROM (SELECT * FROM experiments LIMIT 1) AS one, generate_series(1, {count}) AS number
"""
DOCUMENTS = """
INSERT INTO fault_documents (account, target, change, epoch, faults)
SELECT accounts.id, replace('{target}', '@', lpad((number - 1)::text, 8, '0')), 1, 0, '[]'
FROM accounts, generate_series(1, {count}) AS number
"""
TRANSACTIONS = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Embedded:
    """Reached by its socket: whoever runs the server may."""

    def __init__(self, data: Path):
        location = data / "cluster.location"
        home = Path(location.read_text().strip()) if location.exists() else data / "postgres"
        elsewhere = data / "socket.location"
        socket = elsewhere.read_text().strip() if elsewhere.exists() else str(home / "socket")
        self.flags = ["-h", socket, "-U", "faultplane"]

    def ask(self, statement: str) -> str:
        done = subprocess.run(["psql", *self.flags, "-d", "faultplane", "-XAtqc", statement],
                              capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise ServerFailed(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def prepare_plain(self) -> None:
        """Makes the tables that `inserts` writes to."""
        for statement in TABLES.split(";")[:-1]:
            self.ask(statement)

    def prepare_same(self) -> None:
        """Makes the tables that `inserts(..., same=True)` writes to, after the first run was started."""
        for statement in SAME_TABLES.split(";")[:-1]:
            self.ask(statement)

    def inserts(self, clients: int, seconds: float, same: bool = False) -> dict:
        """Plain PostgreSQL: rate and latencies of a bare transaction, by pgbench's own log."""
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "insert.sql"
            script.write_text((SAME_INSERT if same else INSERT).replace("\n", " ") + "\n")
            command = ["pgbench", *self.flags, "-n", "-M", "prepared", "-c", str(clients), "-T", f"{seconds:.0f}",
                       "-f", str(script), "-l", "faultplane"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
            taken = [float(line.split()[2]) for log in Path(folder).glob("pgbench_log.*")
                     for line in log.read_text().splitlines()]
        return {"per_second": len(taken) / seconds, "p50": percentile(taken, 0.5), "p99": percentile(taken, 0.99)}

    def settle(self, seconds: float = 300) -> None:
        """Returns when no run waits to be taken up, and what was written has gone to disk."""
        until = time.monotonic() + seconds
        while self.ask("SELECT EXISTS (SELECT FROM experiments WHERE next_due <= clock_timestamp())") == "t":
            if time.monotonic() > until:
                raise ServerFailed(f"runs are still not taken up after {seconds} s")
            time.sleep(0.05)
        self.ask("CHECKPOINT")

    def documents(self, target: str, count: int) -> None:
        """Publishes an empty document to so many targets, in whose name @ stands for the number."""
        self.ask(DOCUMENTS.format(target=target, count=count))

    def transactions(self) -> int:
        """How many have ended, this one left out."""
        return int(self.ask(TRANSACTIONS))

    def fill(self, count: int) -> None:
        self.ask(FILL.format(count=count))
        self.ask("VACUUM ANALYZE experiments")
        # What was stored long ago is on disk, and nobody is still writing it there.
        self.ask("CHECKPOINT")

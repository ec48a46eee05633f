"""The sources themselves, on free ports of loopback: Debian's Prometheus and Alertmanager, and moto's CloudWatch."""

import base64
import http.client
import json
import pathlib
import re
import sys
import urllib.parse
from collections.abc import Callable

import boto3
import botocore.exceptions
from botocore.config import Config
from processes import Child, Trouble, free_port, until

# The password of all users, and what bcrypt makes of it: nothing here is a secret, and Python has no bcrypt of its own.
PASSWORD = "sesame"
_HASHED = "$2b$04$14b4uYKwfsY4aIc9lBzbc.sQw0LW3pToQm5o8005Oz4kft8DL8wNS"
# The account that moto's alarms belong to.
ACCOUNT, REGION = "123456789012", "us-east-1"
_EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def asked(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    """Status and body; raises OSError where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise OSError(f"{method} {path}: {error}") from error
    finally:
        connection.close()


class Server:
    """A child process that listens on one port and says by a page when it is ready."""

    ready = "/-/ready"

    def __init__(self, folder: pathlib.Path, command: Callable[[int], list], **environment: str):
        self.folder = folder
        # A port that was free may be somebody's when the server comes to it.
        for is_last in (False, False, True):
            self.port = free_port()
            self.child = Child(command(self.port), folder / "log", folder, **environment)
            try:
                until(self._is_ready, lambda found: found, f"the server to be ready; {self.child.tail()}", 60)
                return
            except Trouble:
                self.close()
                if is_last:
                    raise

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def headers(self) -> dict[str, str]:
        return {}

    def _is_ready(self) -> bool:
        if not self.child.is_running:
            raise Trouble(f"it ended at once; its log: {self.child.tail()}")
        try:
            return asked(self.port, self.ready, **self.headers())[0] == 200
        except OSError:
            return False

    def close(self) -> None:
        self.child.end(seconds=5)


class Prometheus(Server):
    """Scrapes the exporter every second, and lets in whoever has a user here and the password."""

    password = PASSWORD

    def __init__(self, folder: pathlib.Path, exporter: int, alertmanager: int | None = None):
        self.users = {"test"}
        self.web = folder / "web.yml"
        peers = "" if alertmanager is None else (
            f"alerting: {{alertmanagers: [{{static_configs: [{{targets: ['127.0.0.1:{alertmanager}']}}]}}]}}\n")
        (folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
            f"rule_files: ['{folder}/rules.yml']\n{peers}"
            f"scrape_configs: [{{job_name: watched, static_configs: [{{targets: ['127.0.0.1:{exporter}']}}]}}]\n")
        # A gauge above 10 is an alarm of its own name; the watchdog always fires, as a sign of life.
        (folder / "rules.yml").write_text(
            "groups:\n- name: watched\n  rules:\n"
            "  - {alert: Watchdog, expr: vector(1)}\n"
            "  - {alert: Watched, expr: watched > 10, labels: {faultplane_alarm: '{{ $labels.name }}'}}\n")
        self._write_users()
        super().__init__(folder, lambda port: [
            "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
            f"--web.listen-address=127.0.0.1:{port}", f"--web.config.file={self.web}", "--log.level=warn",
            "--rules.alert.resend-delay=1s"])

    def headers(self) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"test:{PASSWORD}".encode()).decode()}

    def _write_users(self) -> None:
        """It reads them anew for every request, so a half-written file must never be there."""
        users = ", ".join(f"{name}: '{_HASHED}'" for name in sorted(self.users))
        written = self.web.with_suffix(".new")
        written.write_text(f"basic_auth_users: {{{users}}}\n")
        written.rename(self.web)

    def let_in(self, user: str) -> None:
        self.users.add(user)
        self._write_users()

    def turn_away(self, user: str) -> None:
        self.users.discard(user)
        self._write_users()

    def query(self, expression: str) -> list[dict]:
        """The elements that an instant query yields."""
        status, body = asked(self.port, f"/api/v1/query?query={urllib.parse.quote(expression)}", **self.headers())
        if status != 200:
            raise Trouble(f"Prometheus answers {status} to {expression}: {body[:200]!r}")
        return json.loads(body)["data"]["result"]

    def await_value(self, name: str, value: float) -> None:
        """Returns when the gauge of that name was scraped with that value."""
        until(lambda: self.query(f'watched{{name="{name}"}}'),
              lambda found: [float(one["value"][1]) for one in found] == [value], f"{name} to be scraped")


class Alertmanager(Server):
    """Tells a webhook of every alert, and again every second or two while it fires."""

    def __init__(self, folder: pathlib.Path, webhook: str, bearer: str):
        (folder / "bearer").write_text(bearer)
        (folder / "alertmanager.yml").write_text(
            "route: {receiver: plane, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1s}\n"
            "receivers:\n- name: plane\n  webhook_configs:\n"
            f"  - {{url: '{webhook}', send_resolved: true, http_config: {{authorization: {{credentials_file: '{folder}/bearer'}}}}}}\n")
        super().__init__(folder, lambda port: [
            "prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=warn"])


class CloudWatch(Server):
    """moto's, which checks keys and signatures once `lock` was called."""

    ready = "/moto-api/"

    def __init__(self, folder: pathlib.Path):
        moto = pathlib.Path(__file__).with_name("moto_cloudwatch.py")
        super().__init__(folder, lambda port: [sys.executable, moto, "-H", "127.0.0.1", "-p", port], AWS_DEFAULT_REGION=REGION)
        self.key = ("test", "test")
        self._iam = self._client("iam")
        self.admin = self.new_key("admin")
        self.alarms = self._client("cloudwatch", self.admin)
        self._iam = self._client("iam", self.admin)
        asked(self.port, "/moto-api/reset-auth", "POST", b"0")

    def _client(self, service: str, key: tuple[str, str] = ("test", "test")):
        return boto3.session.Session().client(
            service, endpoint_url=self.url, region_name=REGION, aws_access_key_id=key[0], aws_secret_access_key=key[1],
            config=Config(retries={"total_max_attempts": 1}, proxies={}))

    def new_key(self, user: str) -> tuple[str, str]:
        """A key of a new user who may do everything."""
        self._iam.create_user(UserName=user)
        self._iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=_EVERYTHING)
        made = self._iam.create_access_key(UserName=user)["AccessKey"]
        return made["AccessKeyId"], made["SecretAccessKey"]

    def forget_key(self, user: str, key: str) -> None:
        self._iam.delete_access_key(UserName=user, AccessKeyId=key)

    def alarm(self, name: str, state: str = "OK") -> str:
        """A metric alarm in that state; gives its ARN."""
        self.alarms.put_metric_alarm(
            AlarmName=name, Namespace="test", MetricName="errors", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
            ComparisonOperator="GreaterThanThreshold")
        self.set(name, state)
        return f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"

    def composite(self, name: str, rule: str) -> str:
        """A composite alarm; its rule is kept and not followed."""
        self.alarms.put_composite_alarm(AlarmName=name, AlarmRule=rule)
        return f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"

    def set(self, name: str, state: str) -> None:
        self.alarms.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")

    def refuses(self, key: tuple[str, str]) -> str | None:
        """The code of its refusal of a question signed with that key; None where it answers."""
        try:
            self._client("cloudwatch", key).describe_alarms(MaxRecords=1)
        except botocore.exceptions.ClientError as error:
            # moto refuses keys in XML whatever it was asked in, and boto3 keeps that as a message.
            return re.search(r"<Code>(\w+)</Code>", str(error)).group(1)
        return None

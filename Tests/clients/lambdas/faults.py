"""What chaos_lambda makes of each of its faults, and the run that asks for it."""

import contextlib
import pathlib

from lambdas.function import FORMS, Outcome
from ssm import OFF, by_path, client, own_name, value
from team import FINAL, Team, action, functions, until

DELAY = 0.5
ORDER = {"statusCode": 200, "body": "one book"}
ANSWER = {"statusCode": "503", "contentTypeHeader": "text/plain"}
PARAMETERS = {
    "latency": ("invocation-add-delay", {"startupDelayMilliseconds": "500"}),
    "exception": ("invocation-error", {"preventExecution": "true"}),
    "status code": ("invocation-http-integration-response", {**ANSWER, "preventExecution": "false"}),
}
KINDS = list(PARAMETERS)


def seen(outcome: Outcome):
    """What the caller of a function sees, whether it was delayed, and how often the handler ran."""
    error = outcome.error and (outcome.error["errorType"], outcome.error["errorMessage"])
    return outcome.payload, error, outcome.seconds >= DELAY, outcome.calls


NORMAL = (ORDER, None, False, 1)


def faulty(kind: str, run: str):
    """What is seen of an invocation while a run's fault is on."""
    return {
        "latency": (ORDER, None, True, 1),
        "exception": (None, ("Exception", f"Faultplane injected this error: {run}/Fault"), False, 0),
        "status code": ({**ORDER, "statusCode": 503}, None, False, 1),
    }[kind]


class Shop:
    """A team whose functions read their faults from the plane, each in both forms; nothing of theirs says where else to look."""

    def __init__(self, plane, folder: pathlib.Path, *names: str):
        self.team = Team(plane)
        self.key = self.team.new_key("agent", targetPattern="*")
        self.arns = {name: self.team.register(name) for name in names}
        self.ssm = client(by_path(plane, self.key))
        self.forms: dict[str, dict] = {name: {} for name in names}
        for name, forms in self.forms.items():
            for form, made in FORMS.items():
                (own := folder / f"{name}-{form}").mkdir()
                forms[form] = made(own, own_name("chaos_lambda", name), by_path(plane, self.key))
        # The first invocation of each takes as long as it takes to load.
        for name in names:
            self.seen(name)

    def close(self):
        for forms in self.forms.values():
            for function in forms.values():
                function.close()

    def seen(self, name: str = "checkout"):
        """One invocation of a function in each form, and what was seen of it."""
        return {form: seen(function.invoke()) for form, function in self.forms[name].items()}

    def told(self, name: str = "checkout"):
        return value(self.ssm, own_name("chaos_lambda", name))

    def start(self, kind: str, duration: str, name: str = "checkout", **more: str) -> str:
        """A run with one fault on a function, which somebody must have read when it ends."""
        which, parameters = PARAMETERS[kind]
        fault = action(which, duration, (), "Named", **{"ifUnheld": "fail", **parameters, **more})
        return self.team.start(self.team.template({"Fault": fault}, {"Named": functions(self.arns[name])}))

    def until_told(self, name: str = "checkout"):
        until(lambda: self.told(name), lambda told: told != OFF["chaos_lambda"])

    def stop(self, run: str):
        if self.team.read(run)["state"]["status"] not in FINAL:
            self.team.fis.stop_experiment(id=run)
        return self.team.ended(run)

    @contextlib.contextmanager
    def fault(self, kind: str, duration: str = "PT1H", **more: str):
        """The run of a fault that is on."""
        run = self.start(kind, duration, **more)
        try:
            self.until_told()
            yield run
        finally:
            self.stop(run)

    def coverage(self, run: str):
        """What is known of the one fault of a run."""
        answer = self.team.ask("GET", f"/experiments/{run}/coverage")
        assert answer.status == 200, answer.body
        [found] = answer.json["targets"]
        return found


@contextlib.contextmanager
def opened(plane, folder: pathlib.Path, *names: str):
    """A shop with these functions, which are gone afterwards; nothing is halted when it opens."""
    shop = Shop(plane, folder, *names)
    try:
        shop.team.disengage()
        yield shop
    finally:
        shop.close()


def all_forms(what):
    """The same for both forms."""
    return dict.fromkeys(FORMS, what)

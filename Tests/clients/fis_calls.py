"""How each operation of FIS is called well: one entry for each, with every member that it takes somewhere."""

import functools

from team import ROLE, Team, body, client, delay, functions, wait

ALARM = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:too-many-errors"
DASHBOARD = "arn:aws:cloudwatch::111122223333:dashboard/checkout"
LOG_GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:experiments:*"
REPORT = {
    "outputs": {"s3Configuration": {"bucketName": "reports", "prefix": "fis"}},
    "dataSources": {"cloudWatchDashboards": [{"dashboardIdentifier": DASHBOARD}]},
    "preExperimentDuration": "PT5M",
    "postExperimentDuration": "PT10M",
}
LOG = {
    "logSchemaVersion": 2,
    "cloudWatchLogsConfiguration": {"logGroupArn": LOG_GROUP},
    "s3Configuration": {"bucketName": "logs", "prefix": "runs of checkout"},
}
UPDATED = ("description", "stopConditions", "targets", "actions", "roleArn", "logConfiguration")
REPORTED = "experimentReportConfiguration"


class World:
    """A team with one of everything that FIS can be asked for."""

    def __init__(self, plane):
        self.plane = plane
        self.sent, self.answers = [], []
        self.team = self.another_team()
        self.fis = self.team.fis
        self.admin = self.listen(client(plane))
        self.functions = [self.team.register(f"f{n}", {"team": "checkout"}, {"Runtime": "java21"}) for n in range(2)]

    def another_team(self):
        """One whose quotas may be used up."""
        team = Team(self.plane)
        self.listen(team.fis)
        return team

    def listen(self, fis):
        """Notes what a client sends and what comes back, before boto3 has read it."""
        fis.meta.events.register("provide-client-params.fis.*", self._note_sent)
        fis.meta.events.register("after-call.fis.*", self._note_answer)
        return fis

    def _note_sent(self, params, model, **_):
        self.sent.append((model.name, params))

    def _note_answer(self, http_response, model, **_):
        self.answers.append((model.name, http_response))

    def whole(self):
        """A template that says everything that can be said."""
        chosen = functions(
            resourceTags={"team": "checkout"},
            filters=[{"path": "Runtime", "values": ["java21", "java17"]}],
            parameters={"functionQualifier": "live"},
        )
        first = {**wait("PT1S"), "description": "Wait first."}
        return body(
            {"First": first, "Slow": delay("Chosen", "PT1S", "First"), "Late": delay("Named", "PT1S", "Slow")},
            {"Chosen": chosen, "Named": functions(self.functions[0])},
            stopConditions=[{"source": "aws:cloudwatch:alarm", "value": ALARM}],
            tags={"team": "checkout"},
            logConfiguration=LOG,
            experimentOptions={"accountTargeting": "multi-account", "emptyTargetResolutionMode": "skip"},
            experimentReportConfiguration=REPORT,
        )

    def update(self):
        """All of it that an update takes too."""
        whole = self.whole()
        options = {"emptyTargetResolutionMode": "fail"}
        return {**{name: whole[name] for name in (*UPDATED, REPORTED)}, "experimentOptions": options}

    def new_template(self):
        return self.fis.create_experiment_template(**self.whole())["experimentTemplate"]["id"]

    @functools.cached_property
    def template(self):
        """A whole template with roles in two accounts."""
        template = self.new_template()
        for account in ("222233334444", "333344445555"):
            self.new_configuration(template, account)
        return template

    def new_configuration(self, template, account):
        return self.fis.create_target_account_configuration(
            clientToken=f"{template}-{account}", experimentTemplateId=template, accountId=account, roleArn=ROLE,
            description="their role",
        )

    @functools.cached_property
    def preview(self):
        """A run of the whole template: nothing is done, and everything is shown."""
        run = self.team.start(self.template, experimentOptions={"actionsMode": "skip-all"}, tags={"team": "checkout"})
        return self.team.ended(run)

    @functools.cached_property
    def other_runs(self):
        """One run that did something, and one that failed."""
        slow = {"Slow": delay("Named")}
        done = self.team.run(slow, {"Named": functions(self.functions[0])})
        failed = self.team.run(slow, {"Named": functions(self.team.arn("nobody"))})
        assert (done["state"]["status"], failed["state"]["status"]) == ("completed", "failed")
        return [done, failed]

    def arn(self, template):
        return self.fis.get_experiment_template(id=template)["experimentTemplate"]["arn"]

    def pages(self, call, **members):
        """The first page, of one element, and the one after it."""
        first = call(maxResults=1, **members)
        call(maxResults=100, nextToken=first["nextToken"], **members)


def _started(world):
    world.team.ended(world.preview["id"])
    run = world.fis.start_experiment(
        clientToken=f"again-{world.template}", experimentTemplateId=world.template, tags={"team": "checkout"},
        experimentOptions={"actionsMode": "skip-all"},
    )
    world.team.ended(run["experiment"]["id"])


def _stopped(world):
    run = world.team.start()
    world.fis.stop_experiment(id=run)
    world.team.reached(run, "stopped")
    world.fis.stop_experiment(id=run)


def _runs_shown(world):
    for run in [world.preview, *world.other_runs]:
        world.fis.get_experiment(id=run["id"])


def _runs_listed(world):
    assert world.other_runs
    world.pages(world.fis.list_experiments)
    world.fis.list_experiments(experimentTemplateId=world.template)


def _resolved(world):
    run = world.preview["id"]
    world.pages(world.fis.list_experiment_resolved_targets, experimentId=run)
    world.fis.list_experiment_resolved_targets(experimentId=run, targetName="Named")


def _configuration_deleted(world):
    template = world.new_template()
    world.new_configuration(template, "222233334444")
    world.fis.delete_target_account_configuration(experimentTemplateId=template, accountId="222233334444")


def _templates_listed(world):
    world.new_template()
    world.pages(world.fis.list_experiment_templates)


GOOD = {
    "CreateExperimentTemplate": lambda w: w.fis.create_experiment_template(**w.whole(), clientToken=f"a-{w.template}"),
    "GetExperimentTemplate": lambda w: w.fis.get_experiment_template(id=w.template),
    "UpdateExperimentTemplate": lambda w: w.fis.update_experiment_template(id=w.new_template(), **w.update()),
    "DeleteExperimentTemplate": lambda w: w.fis.delete_experiment_template(id=w.new_template()),
    "ListExperimentTemplates": _templates_listed,
    "StartExperiment": _started,
    "GetExperiment": _runs_shown,
    "StopExperiment": _stopped,
    "ListExperiments": _runs_listed,
    "ListExperimentResolvedTargets": _resolved,
    "ListExperimentTargetAccountConfigurations": lambda w: w.fis.list_experiment_target_account_configurations(
        experimentId=w.preview["id"]
    ),
    "GetExperimentTargetAccountConfiguration": lambda w: w.fis.get_experiment_target_account_configuration(
        experimentId=w.preview["id"], accountId="222233334444"
    ),
    "CreateTargetAccountConfiguration": lambda w: w.new_configuration(w.new_template(), "444455556666"),
    "GetTargetAccountConfiguration": lambda w: w.fis.get_target_account_configuration(
        experimentTemplateId=w.template, accountId="222233334444"
    ),
    "UpdateTargetAccountConfiguration": lambda w: w.fis.update_target_account_configuration(
        experimentTemplateId=w.template, accountId="333344445555", roleArn=ROLE + "-2", description=""
    ),
    "DeleteTargetAccountConfiguration": _configuration_deleted,
    "ListTargetAccountConfigurations": lambda w: w.pages(
        w.fis.list_target_account_configurations, experimentTemplateId=w.template
    ),
    "GetAction": lambda w: [w.fis.get_action(id=f"aws:{name}") for name in ("fis:wait", "lambda:invocation-error")],
    "ListActions": lambda w: w.pages(w.fis.list_actions),
    "GetTargetResourceType": lambda w: [
        w.fis.get_target_resource_type(resourceType=f"aws:{name}") for name in ("lambda:function", "s3:bucket")
    ],
    "ListTargetResourceTypes": lambda w: w.pages(w.fis.list_target_resource_types),
    "GetSafetyLever": lambda w: w.fis.get_safety_lever(id="default"),
    "UpdateSafetyLeverState": lambda w: w.admin.update_safety_lever_state(
        id="default", state={"status": "disengaged", "reason": "a test of the model"}
    ),
    "TagResource": lambda w: w.fis.tag_resource(resourceArn=w.preview["arn"], tags={"tier": "1"}),
    "UntagResource": lambda w: w.fis.untag_resource(resourceArn=w.arn(w.new_template()), tagKeys=["team", "tier"]),
    "ListTagsForResource": lambda w: w.fis.list_tags_for_resource(resourceArn=w.preview["arn"]),
}

# What no call can send or no answer can have, and why.
UNUSED = {
    "ListExperimentTargetAccountConfigurationsRequest.nextToken": "a template's configurations fit on one page",
    "ListExperimentTargetAccountConfigurationsResponse.nextToken": "a template's configurations fit on one page",
    "Experiment.experimentReport": "no report goes to a bucket",
    "ExperimentReport.state": "no report goes to a bucket",
    "ExperimentReport.s3Reports": "no report goes to a bucket",
    "ExperimentReportState.status": "no report goes to a bucket",
    "ExperimentReportState.reason": "no report goes to a bucket",
    "ExperimentReportState.error": "no report goes to a bucket",
    "ExperimentReportError.code": "no report goes to a bucket",
    "ExperimentReportS3Report.arn": "no report goes to a bucket",
    "ExperimentReportS3Report.reportType": "no report goes to a bucket",
}

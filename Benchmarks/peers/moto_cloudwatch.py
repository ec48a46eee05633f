"""moto's CloudWatch with so many alarms that are OK, in whose name @@@@@@@@ stands for the number: NAME COUNT.

Under waitress, which keeps connections; moto's own server closes each after one answer.
"""

import sys

import waitress
from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

name, count = sys.argv[1:]
store = cloudwatch_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
for number in range(int(count)):
    alarm = name.replace("@@@@@@@@", f"{number:08d}")
    store.put_metric_alarm(
        name=alarm, namespace="bench", metric_name="errors", metric_data_queries=None, comparison_operator="GreaterThanThreshold",
        evaluation_periods=1, datapoints_to_alarm=None, period=60, threshold=1.0, statistic="Sum", extended_statistic=None,
        description="", dimensions=[], alarm_actions=[], ok_actions=[], insufficient_data_actions=[], unit=None,
        actions_enabled=True, treat_missing_data=None, evaluate_low_sample_count_percentile=None, threshold_metric_id=None,
        rule=None, tags=[])
    store.set_alarm_state(alarm, "bench", "{}", "OK")
server = waitress.create_server(DomainDispatcherApplication(create_backend_app), host="127.0.0.1", port=0, threads=2)
print(f"listening on http://127.0.0.1:{server.effective_port}", flush=True)
server.run()

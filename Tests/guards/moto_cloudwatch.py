"""moto's server with PutCompositeAlarm: its alarms can have rules, and it has no operation that gives them one."""

from moto.cloudwatch.responses import CloudWatchResponse
from moto.server import main

CloudWatchResponse.put_composite_alarm = CloudWatchResponse.put_metric_alarm

if __name__ == "__main__":
    main()

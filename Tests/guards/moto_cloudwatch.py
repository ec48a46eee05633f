"""moto's server, as CloudWatch is where moto is not: with PutCompositeAlarm, and with every header checked that was signed."""

import botocore.auth
from moto.cloudwatch.responses import CloudWatchResponse
from moto.server import main

# Its alarms can have rules, and it has no operation that gives them one.
CloudWatchResponse.put_composite_alarm = CloudWatchResponse.put_metric_alarm
# It checks signatures with botocore, which never signs this one; AWS goes by what the request says was signed.
botocore.auth.SIGNED_HEADERS_BLACKLIST = [name for name in botocore.auth.SIGNED_HEADERS_BLACKLIST if name != "user-agent"]

if __name__ == "__main__":
    main()

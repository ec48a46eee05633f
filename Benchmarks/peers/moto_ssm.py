"""moto's SSM with so many parameters of one value, in whose name @@@@@@@@ stands for the number: NAME VALUE COUNT.

Under waitress, which keeps connections; moto's own server closes each after one answer.
"""

import sys

import waitress
from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.ssm.models import ssm_backends

name, value, count = sys.argv[1:]
store = ssm_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
for number in range(int(count)):
    store.put_parameter(
        name=name.replace("@@@@@@@@", f"{number:08d}"), description="", value=value, parameter_type="String", allowed_pattern="",
        keyid="", overwrite=False, tags=[], data_type="text", tier=None, policies=None)
server = waitress.create_server(DomainDispatcherApplication(create_backend_app), host="127.0.0.1", port=0, threads=1)
print(f"listening on http://127.0.0.1:{server.effective_port}\nbearer none.none", flush=True)
server.run()

"""Keeps chaos_lambda from failing or stalling a function when its parameter cannot be read: import it before the handler."""

import logging

import boto3
import chaos_lambda
from botocore.config import Config
from ssm_cache import SSMParameter

# An answer takes Faultplane 0.2 s at most. boto3 waits for a minute, three times, and no environment variable shortens that.
SSMParameter.set_ssm_client(
    boto3.client("ssm", config=Config(connect_timeout=0.3, read_timeout=0.5, retries={"total_max_attempts": 1}))
)

_read = chaos_lambda.get_config


def get_config():
    try:
        return _read()
    except Exception as error:
        logging.getLogger(__name__).warning("no fault is injected, since the parameter cannot be read: %r", error)
        # What chaos_lambda itself takes for "off".
        return 0


# The decorator looks this name up at every call.
chaos_lambda.get_config = get_config

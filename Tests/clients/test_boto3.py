"""boto3's own FIS client, which knows nothing of Faultplane."""

import pytest
from botocore.exceptions import ClientError
from team import client

ARN = "arn:aws:fis:us-east-1:000000000000:experiment-template/EXT1a2b"


def refusal(call):
    with pytest.raises(ClientError) as caught:
        call()
    return caught.value.response


def not_found(what):
    return 404, "ResourceNotFoundException", f"There is no {what}."


CALLS = {
    "GET /experiments": (
        lambda fis: fis.list_experiments(maxResults=7, nextToken="a b+c/d=&e%41~é"),
        (
            400,
            "ValidationException",
            'nextToken is "a b+c/d=&e%41~??": a token that ListExperiments gave for the same request is accepted.',
        ),
    ),
    f"GET /tags/{ARN}": (
        lambda fis: fis.list_tags_for_resource(resourceArn=ARN),
        not_found("experiment template EXT1a2b in this account"),
    ),
    f"DELETE /tags/{ARN}": (
        lambda fis: fis.untag_resource(resourceArn=ARN, tagKeys=["b", "a c", "ü"]),
        not_found("experiment template EXT1a2b in this account"),
    ),
    f"POST /tags/{ARN}": (
        lambda fis: fis.tag_resource(resourceArn=ARN, tags={"Name": "中文"}),
        not_found("experiment template EXT1a2b in this account"),
    ),
    "PATCH /experimentTemplates/EXT1": (
        lambda fis: fis.update_experiment_template(id="EXT1", description="new"),
        not_found("experiment template EXT1 in this account"),
    ),
    "DELETE /experiments/EXP1": (lambda fis: fis.stop_experiment(id="EXP1"), not_found("experiment EXP1 in this account")),
}


@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzEBYaDK/+token=="], ids=["no session token", "session token"])
@pytest.mark.parametrize(("call", "told"), CALLS.values(), ids=CALLS.keys())
def test_whatever_is_signed_is_understood(plane, call, told, token):
    response = refusal(lambda: call(client(plane, token=token)))
    headers = response["ResponseMetadata"]["HTTPHeaders"]
    error = response["Error"]
    assert (response["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error["Message"]) == told
    assert response["ResponseMetadata"]["RequestId"] == headers["x-amzn-requestid"]


def test_a_wrong_secret_is_a_wrong_signature(plane):
    response = refusal(client(plane, key=plane.key.reversed).list_actions)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert response["Error"]["Code"] == "InvalidSignatureException"
    assert response["Error"]["Message"].startswith("The signature is not the one that the key's secret gives")


def test_an_unknown_key_is_an_unrecognized_client(plane):
    stranger = type(plane.key)("FPAAAAAAAAAAAAAAAAAA", plane.key.secret)
    response = refusal(client(plane, key=stranger).list_actions)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert response["Error"]["Code"] == "UnrecognizedClientException"

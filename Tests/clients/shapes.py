"""Holds answers to botocore's model of FIS: each member known, of its type and within its bounds."""

import json
import re

_KINDS = {"string": str, "boolean": bool, "integer": int, "long": int, "timestamp": (int, float)}


def problems(shape, value, path="answer"):
    """What is wrong with a JSON value, as the model has it."""
    if shape.type_name == "structure":
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        found = [f"{path}.{name} is not in the model" for name in value if name not in shape.members]
        for name, member in shape.members.items():
            if name in value:
                found += problems(member, value[name], f"{path}.{name}")
        return found
    if shape.type_name == "list":
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [each for at, item in enumerate(value) for each in problems(shape.member, item, f"{path}[{at}]")]
    if shape.type_name == "map":
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        found = [each for key in value for each in problems(shape.key, key, f"{path} key {key}")]
        return found + [each for key, item in value.items() for each in problems(shape.value, item, f"{path}.{key}")]
    return _scalar_problems(shape, value, path)


def _scalar_problems(shape, value, path):
    kind = _KINDS[shape.type_name]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return [f"{path} is {value!r} and should be a {shape.type_name}"]
    if shape.type_name != "string":
        return []
    found = []
    enum, low, high = shape.enum, shape.metadata.get("min", 0), shape.metadata.get("max")
    if enum and value not in enum:
        found.append(f"{path} is {value!r}, none of {enum}")
    if len(value) < low or (high is not None and len(value) > high):
        found.append(f"{path} has {len(value)} characters, not {low} to {high}")
    pattern = shape.metadata.get("pattern")
    if pattern and r"\p" not in pattern and not re.search(pattern, value):
        found.append(f"{path} is {value!r}, which is not {pattern}")
    return found


def hold(fis):
    """Makes a client fail for every successful answer that the model does not allow; counts those it saw."""
    seen = []

    def check(http_response, parsed, model, **_):
        if http_response.status_code >= 300:
            return
        value = json.loads(http_response.content)
        assert http_response.status_code == 200
        found = problems(model.output_shape, value) if model.output_shape else []
        assert not found, f"{model.name}: {found}"
        seen.append(model.name)

    fis.meta.events.register("after-call.fis", check)
    return seen

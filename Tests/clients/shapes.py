"""Holds answers to botocore's model of FIS: each member known, of its type and within its bounds."""

import json
import re

import botocore.session

_LOADER = botocore.session.get_session().get_component("data_loader")
MODEL = botocore.session.get_session().get_service_model("fis", "2020-12-01")
OPERATIONS = {name: MODEL.operation_model(name) for name in MODEL.operation_names}
PAGINATED = _LOADER.load_service_model("fis", "paginators-1", "2020-12-01")["pagination"]

# Members of ours that the model does not know, as `Structure.member`; FIS's shapes are shown as they are.
EXTENSIONS = frozenset(
    f"{operation}Response.warnings"
    for operation in (
        "CreateExperimentTemplate", "GetExperimentTemplate", "UpdateExperimentTemplate", "GetExperiment", "StartExperiment",
    )
) | frozenset(
    f"{shape}StopCondition.{name}"
    for shape in ("Experiment", "ExperimentTemplate") for name in ("requires", "for", "breaches", "of")
) | {"ExperimentTemplate.steadyStateHypothesis", "Experiment.steadyStateHypothesis", "Experiment.steadyState"}
# What the model forbids and FIS sends all the same.
EXCUSED = {("ExperimentActionStatusReason", "")}
# 2001 and 2286: what lies outside is no time in seconds.
_TIMES = (1e9, 1e10)
_KINDS = {
    "structure": (dict, "object"), "map": (dict, "object"), "list": (list, "list"), "string": (str, "string"),
    "boolean": (bool, "boolean"), "integer": (int, "integer"), "long": (int, "long"),
    "timestamp": ((int, float), "timestamp"),
}


def problems(shape, value, path="answer"):
    """What is wrong with a JSON value, as the model has it."""
    kind, name = _KINDS[shape.type_name]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return [f"{path} is {value!r} and should be a {name}"]
    if (shape.name, value if kind is str else None) in EXCUSED:
        return []
    return [*_size(shape, value, path), *_content(shape, value, path)]


def _size(shape, value, path):
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max")
    counted = {"string": "characters", "list": "elements", "map": "entries"}.get(shape.type_name)
    size = len(value) if counted else value
    if ("min" in shape.metadata and size < low) or (high is not None and size > high):
        yield f"{path} has {size} {counted}, not {low} to {high}" if counted else f"{path} is {size}, not {low} to {high}"


def _content(shape, value, path):
    match shape.type_name:
        case "structure":
            yield from _members(shape, value, path)
        case "map":
            for key in value:
                yield from problems(shape.key, key, f"{path} key {key}")
            for key, inner in value.items():
                yield from problems(shape.value, inner, f"{path}.{key}")
        case "list":
            for place, inner in enumerate(value):
                yield from problems(shape.member, inner, f"{path}[{place}]")
        case "timestamp":
            if not _TIMES[0] < value < _TIMES[1]:
                yield f"{path} is {value}, which is no time in seconds"
        case "string":
            if shape.enum and value not in shape.enum:
                yield f"{path} is {value!r}, none of {shape.enum}"
            pattern = shape.metadata.get("pattern")
            if pattern and not _compiled(pattern).fullmatch(value):
                yield f"{path} is {value!r}, which is not {pattern}"


def _members(shape, value, path):
    for name in shape.required_members:
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, inner in value.items():
        if name in shape.members:
            yield from problems(shape.members[name], inner, f"{path}.{name}")
        elif f"{shape.name}.{name}" not in EXTENSIONS:
            yield f"{path}.{name} is not in the model"


def _compiled(pattern):
    """Python has no classes of Unicode; letters, digits and the underscore are its word."""
    return re.compile(pattern.replace(r"\p{L}", r"\w").replace(r"\p{N}", "").replace(r"\p{Z}", r"\s"))


def members(shape):
    """Every member of every structure that a shape leads to, as `Structure.member`."""
    if shape.type_name == "structure":
        own = {f"{shape.name}.{name}" for name in shape.members}
        return own.union(*(members(inner) for inner in shape.members.values()))
    inner = {"map": "value", "list": "member"}.get(shape.type_name)
    return members(getattr(shape, inner)) if inner else set()


def used(shape, value):
    """Those of the members that a value has."""
    if shape.type_name == "structure":
        known = {name: inner for name, inner in value.items() if name in shape.members}
        own = {f"{shape.name}.{name}" for name in known}
        return own.union(*(used(shape.members[name], inner) for name, inner in known.items()))
    if shape.type_name == "map":
        return set().union(*(used(shape.value, inner) for inner in value.values()))
    if shape.type_name == "list":
        return set().union(*(used(shape.member, inner) for inner in value))
    return set()


def hold(fis):
    """Makes a client fail for every successful answer that the model does not allow; counts those it saw."""
    seen = []

    def check(http_response, parsed, model, **_):
        if http_response.status_code >= 300:
            return
        assert http_response.status_code == 200
        assert http_response.headers["content-type"] == "application/json"
        found = problems(model.output_shape, json.loads(http_response.content))
        assert not found, f"{model.name}: {found}"
        seen.append(model.name)

    fis.meta.events.register("after-call.fis", check)
    return seen

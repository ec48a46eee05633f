"""A control of Chaos Toolkit: what a run is called becomes part of its configuration, so that later steps can name it."""


def after_activity_control(context, state, configuration=None, **_):
    """Keeps the id of the run that an action started."""
    if context["name"] == "start the run" and state["status"] == "succeeded":
        configuration["run"] = state["output"]["experiment"]["id"]

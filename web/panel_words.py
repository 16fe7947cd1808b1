"""Words of the properties panel beside a drawing: English as its parts say it -> what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

#: texts of the panel
PANEL: Final[Mapping[str, object]] = {
    "Unparsable FEEL expression.": _l("Unparsable FEEL expression."),
    "FEEL expression is mandatory": _l("FEEL expression is mandatory"),
    "FEEL expression": _l("FEEL expression"),
    "Scientific notation is disallowed in FEEL.": _l("Scientific notation is disallowed in FEEL."),
    "Click to set a dynamic value with FEEL expression": _l(
        "Click to set a dynamic value with FEEL expression"
    ),
    "Click to remove dynamic value with FEEL expression": _l(
        "Click to remove dynamic value with FEEL expression"
    ),
    "Opened in editor": _l("Opened in editor"),
    "Open pop-up editor": _l("Open pop-up editor"),
    "Open documentation": _l("Open documentation"),
    "Section contains an error": _l("Section contains an error"),
    "Section contains edits": _l("Section contains edits"),
    "JSON contains errors": _l("JSON contains errors"),
    "List contains {numOfItems} item": _l("List contains {numOfItems} item"),
    "List contains {numOfItems} items": _l("List contains {numOfItems} items"),
    "Toggle section": _l("Toggle section"),
    "Toggle list item": _l("Toggle list item"),
    "Delete item": _l("Delete item"),
    "Create new list item": _l("Create new list item"),
    "Create": _l("Create"),
    "Create new ...": _l("Create new ..."),
    "Remove": _l("Remove"),
    "Change": _l("Change"),
    "Edit": _l("Edit"),
    "Update": _l("Update"),
    "<empty>": _l("<empty>"),
    "<unnamed>": _l("<unnamed>"),
    "<custom type>": _l("<custom type>"),
    "Select an element to edit its properties.": _l("Select an element to edit its properties."),
    "Multiple elements are selected. Select a single element to edit its properties.": _l(
        "Multiple elements are selected. Select a single element to edit its properties."
    ),
    "ID must be a valid QName.": _l("ID must be a valid QName."),
    "ID must be unique.": _l("ID must be unique."),
    "ID must not be empty.": _l("ID must not be empty."),
    "ID must not contain prefix.": _l("ID must not contain prefix."),
    "ID must not contain spaces.": _l("ID must not contain spaces."),
    "Process name": _l("Process name"),
    "Participant Name": _l("Participant Name"),
    "Participant ID": _l("Participant ID"),
    "Label": _l("Label"),
    "Key": _l("Key"),
    "Values": _l("Values"),
    "List": _l("List"),
    "Map": _l("Map"),
    "String": _l("String"),
    "Code": _l("Code"),
    "Source": _l("Source"),
    "Target": _l("Target"),
    "Link": _l("Link"),
    "Cycle": _l("Cycle"),
    "Date": _l("Date"),
    "Duration": _l("Duration"),
    "Compensation": _l("Compensation"),
    "Completion": _l("Completion"),
    "Expression": _l("Expression"),
    "Format": _l("Format"),
    "Local": _l("Local"),
    "Scope": _l("Scope"),
    "Binding": _l("Binding"),
    "Off": _l("Off"),
    "On": _l("On"),
    "After": _l("After"),
    "Before": _l("Before"),
    "latest": _l("latest"),
    "deployment": _l("deployment"),
    "version tag": _l("version tag"),
    "versionTag": _l("versionTag"),
    "Latest binding": _l("Latest binding"),
    "Deployment binding": _l("Deployment binding"),
    "Version tag binding": _l("Version tag binding"),
    "Uses the most recent deployed resource with the given version tag.": _l(
        "Uses the most recent deployed resource with the given version tag."
    ),
    "Uses the most recent deployed resource.": _l("Uses the most recent deployed resource."),
    "Uses the resource found in the same deployment.": _l(
        "Uses the resource found in the same deployment."
    ),
    "Version tag by which the called decision will be referenced.": _l(
        "Version tag by which the called decision will be referenced."
    ),
    "Version tag by which the called process will be referenced.": _l(
        "Version tag by which the called process will be referenced."
    ),
    "Version tag by which the linked form will be referenced.": _l(
        "Version tag by which the linked form will be referenced."
    ),
    "Version tag by which this process can be referenced.": _l(
        "Version tag by which this process can be referenced."
    ),
    "Version {version} · Requires version {minimumVersion}+": _l(
        "Version {version} · Requires version {minimumVersion}+"
    ),
    "Implementation type": _l("Implementation type"),
    "Camunda user task": _l("Camunda user task"),
    "Job worker": _l("Job worker"),
    "DMN decision": _l("DMN decision"),
    "FEEL expression script": _l("FEEL expression script"),
    "Camunda Form": _l("Camunda Form"),
    "Camunda Form (linked)": _l("Camunda Form (linked)"),
    "Camunda Form (embedded)": _l("Camunda Form (embedded)"),
    "Custom form key": _l("Custom form key"),
    "External form reference": _l("External form reference"),
    "Form key": _l("Form key"),
    "Form reference": _l("Form reference"),
    "Form JSON configuration": _l("Form JSON configuration"),
    "Task Listener": _l("Task Listener"),
    "Tasklist": _l("Tasklist"),
    "Job execution": _l("Job execution"),
    "Event type": _l("Event type"),
    "Listener type": _l("Listener type"),
    "Retry time cycle": _l("Retry time cycle"),
    (
        "The number of times the engine tries executing this activity if a worker "
        "signals a failure. The default is three."
    ): _l(
        "The number of times the engine tries executing this activity if a worker "
        "signals a failure. The default is three."
    ),
    "assignment": _l("assignment"),
    "assigning": _l("assigning"),
    "creating": _l("creating"),
    "completing": _l("completing"),
    "updating": _l("updating"),
    "canceling": _l("canceling"),
    "complete": _l("complete"),
    "create": _l("create"),
    "delete": _l("delete"),
    "start": _l("start"),
    "end": _l("end"),
    "take": _l("take"),
    "timeout": _l("timeout"),
    "update": _l("update"),
    "{eventType}: {type}": _l("{eventType}: {type}"),
    "Assignment type": _l("Assignment type"),
    "User assignment": _l("User assignment"),
    "Due date expression": _l("Due date expression"),
    "Process variables": _l("Process variables"),
    "Process variable assignment": _l("Process variable assignment"),
    "Process variable name must not be empty.": _l("Process variable name must not be empty."),
    "Process variable name must not contain spaces.": _l(
        "Process variable name must not contain spaces."
    ),
    "Local variable name": _l("Local variable name"),
    "Local variable assignment": _l("Local variable assignment"),
    "Assign to process variable": _l("Assign to process variable"),
    "Variable name": _l("Variable name"),
    "Variable names": _l("Variable names"),
    "Variable assignment value": _l("Variable assignment value"),
    "Variable events": _l("Variable events"),
    (
        "Variable events that trigger the condition evaluation.\n\nIf none selected, "
        "all variable events will trigger the condition evaluation."
    ): _l(
        "Variable events that trigger the condition evaluation.\n\nIf none selected, "
        "all variable events will trigger the condition evaluation."
    ),
    "List of process variable names that trigger the condition evaluation.": _l(
        "List of process variable names that trigger the condition evaluation."
    ),
    "Define the name of the variable that will contain the error code.": _l(
        "Define the name of the variable that will contain the error code."
    ),
    "Define the name of the variable that will contain the error message.": _l(
        "Define the name of the variable that will contain the error message."
    ),
    "Define the name of the variable that will contain the escalation code.": _l(
        "Define the name of the variable that will contain the escalation code."
    ),
    "Parameter won't be available in process scope.": _l(
        "Parameter won't be available in process scope."
    ),
    "Parameter won't be created as local variable.": _l(
        "Parameter won't be created as local variable."
    ),
    "Refers to the process variable name": _l("Refers to the process variable name"),
    "Code variable": _l("Code variable"),
    "Message variable": _l("Message variable"),
    "Element variable": _l("Element variable"),
    "Default value": _l("Default value"),
    "Input propagation": _l("Input propagation"),
    "Output propagation": _l("Output propagation"),
    "Propagate all variables": _l("Propagate all variables"),
    "Propagate all child process variables": _l("Propagate all child process variables"),
    "Propagate all parent process variables": _l("Propagate all parent process variables"),
    (
        "If turned on, all variables from the child process instance will be "
        "propagated to the parent process instance."
    ): _l(
        "If turned on, all variables from the child process instance will be "
        "propagated to the parent process instance."
    ),
    (
        "If turned on, all variables from the parent process instance will be "
        "propagated to the child process instance."
    ): _l(
        "If turned on, all variables from the parent process instance will be "
        "propagated to the child process instance."
    ),
    "Otherwise, only variables defined via input mappings will be propagated.": _l(
        "Otherwise, only variables defined via input mappings will be propagated."
    ),
    "Otherwise, only variables defined via output mappings will be propagated.": _l(
        "Otherwise, only variables defined via output mappings will be propagated."
    ),
    "Global error reference": _l("Global error reference"),
    "Global escalation reference": _l("Global escalation reference"),
    "Global signal reference": _l("Global signal reference"),
    "Message reference": _l("Message reference"),
    "Activity reference": _l("Activity reference"),
    "Wait for completion": _l("Wait for completion"),
    "Subscription correlation key": _l("Subscription correlation key"),
    "Loop cardinality": _l("Loop cardinality"),
    "Active elements": _l("Active elements"),
    "Active elements collection": _l("Active elements collection"),
    "Cancel remaining instances": _l("Cancel remaining instances"),
    "How to configure a timer": _l("How to configure a timer"),
    "Timer documentation": _l("Timer documentation"),
    "A specific point in time defined as ISO 8601 combined date and time representation.": _l(
        "A specific point in time defined as ISO 8601 combined date and time representation."
    ),
    "A time duration defined as ISO 8601 durations format.": _l(
        "A time duration defined as ISO 8601 durations format."
    ),
    "A cycle defined as ISO 8601 repeating intervals format.": _l(
        "A cycle defined as ISO 8601 repeating intervals format."
    ),
    "A cycle defined as ISO 8601 repeating intervals format, or a cron expression.": _l(
        "A cycle defined as ISO 8601 repeating intervals format, or a cron expression."
    ),
    "Documentation: Timer events": _l("Documentation: Timer events"),
    "15 seconds": _l("15 seconds"),
    "1 hour and 30 minutes": _l("1 hour and 30 minutes"),
    "14 days": _l("14 days"),
    "UTC time": _l("UTC time"),
    "UTC plus 2 hours zone offset": _l("UTC plus 2 hours zone offset"),
    "every 10 seconds, up to 5 times": _l("every 10 seconds, up to 5 times"),
    "every day, infinitely": _l("every day, infinitely"),
    "every hour on the hour from 9-5 p.m. UTC Monday-Friday": _l(
        "every hour on the hour from 9-5 p.m. UTC Monday-Friday"
    ),
    "Specify more than one group as a comma separated list.": _l(
        "Specify more than one group as a comma separated list."
    ),
    "Specify more than one user as a comma separated list.": _l(
        "Specify more than one user as a comma separated list."
    ),
    'Start typing "${}" to create an expression.': _l(
        'Start typing "${}" to create an expression.'
    ),
    "String or expression": _l("String or expression"),
    "Participants multiplicity": _l("Participants multiplicity"),
    "Description": _l("Description"),
    "Configurations": _l("Configurations"),
    "Loading...": _l("Loading..."),
    "More actions": _l("More actions"),
    "Not found": _l("Not found"),
    "Applied": _l("Applied"),
    "Deprecated": _l("Deprecated"),
    "Incompatible": _l("Incompatible"),
    "Update available": _l("Update available"),
    "Unlink": _l("Unlink"),
    "Unset": _l("Unset"),
    "Upgrade": _l("Upgrade"),
    "Custom properties": _l("Custom properties"),
    "Custom properties for scope <{type}>": _l("Custom properties for scope <{type}>"),
    "Must not be empty.": _l("Must not be empty."),
    "{label} must not be empty.": _l("{label} must not be empty."),
    "Must be at least {minLength} characters.": _l("Must be at least {minLength} characters."),
    "Field must be at least {minLength} characters.": _l(
        "Field must be at least {minLength} characters."
    ),
    "{label} must be at least {minLength} characters.": _l(
        "{label} must be at least {minLength} characters."
    ),
    "Cannot exceed {maxLength} characters.": _l("Cannot exceed {maxLength} characters."),
    "Field cannot exceed {maxLength} characters.": _l(
        "Field cannot exceed {maxLength} characters."
    ),
    "{label} cannot exceed {maxLength} characters.": _l(
        "{label} cannot exceed {maxLength} characters."
    ),
    "Must match pattern {pattern}.": _l("Must match pattern {pattern}."),
    "{label} must match pattern {pattern}.": _l("{label} must match pattern {pattern}."),
    "{label} {message}": _l("{label} {message}"),
    "This template is deprecated.": _l("This template is deprecated."),
    "A new version of the template is available: {templateVersion}": _l(
        "A new version of the template is available: {templateVersion}"
    ),
    (
        "A version of this template is available that supports your environment: {templateVersion}"
    ): _l(
        "A version of this template is available that supports your environment: {templateVersion}"
    ),
    (
        "No compatible version of this template was found for your environment. "
        "Unlink to access the template\u2019s data."
    ): _l(
        "No compatible version of this template was found for your environment. "
        "Unlink to access the template\u2019s data."
    ),
    (
        "The template applied was not found. Therefore, its properties cannot be "
        "shown. Unlink to access the data."
    ): _l(
        "The template applied was not found. Therefore, its properties cannot be "
        "shown. Unlink to access the data."
    ),
}

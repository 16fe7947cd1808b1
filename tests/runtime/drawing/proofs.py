"""The test that proves each row of the published table that runs.

A test is named by its module below `tests/runtime` and its sentence, both without `test_`.
"""

from types import MappingProxyType

#: element -> module and sentence
ELEMENTS = MappingProxyType(
    {
        "definitions": ("deploying", "running_instances_stay_on_their_version"),
        "process": ("deploying", "running_instances_stay_on_their_version"),
        "extensionElements": ("activities", "with_outputs_only_those_leave"),
        "sequenceFlow": ("gateways", "two_flows_between_the_same_nodes_are_two_flows"),
        "incoming": ("elements", "lists_of_flows_that_a_tool_writes_change_nothing"),
        "outgoing": ("elements", "lists_of_flows_that_a_tool_writes_change_nothing"),
        "conditionExpression": (
            "gateways",
            "an_exclusive_gateway_takes_the_first_true_flow_in_document_order",
        ),
        "laneSet": ("worklist", "the_lane_gives_the_candidate_group"),
        "childLaneSet": ("elements", "the_innermost_lane_gives_the_candidate_group"),
        "lane": ("worklist", "the_lane_gives_the_candidate_group"),
        "flowNodeRef": ("worklist", "the_lane_gives_the_candidate_group"),
        "task": ("elements", "plain_and_manual_tasks_pass_through"),
        "manualTask": ("elements", "plain_and_manual_tasks_pass_through"),
        "userTask": ("worklist", "assignee_and_candidates_are_literal_or_feel"),
        "serviceTask": ("failures", "a_job_of_an_external_worker_waits_and_is_completed"),
        "sendTask": ("elements", "sending_is_a_job_and_goes_on_when_it_is_done"),
        "receiveTask": ("events", "a_receive_task_with_a_boundary_timer"),
        "scriptTask": ("activities", "camundas_extras_work"),
        "businessRuleTask": (
            "deploying",
            "a_business_rule_task_writes_its_result_and_keeps_it_in_history",
        ),
        "callActivity": ("activities", "a_called_process_is_a_row_and_its_variables_come_back"),
        "subProcess": ("activities", "a_sub_process_is_a_scope"),
        "transaction": (
            "compensation",
            "a_cancelled_transaction_is_undone_and_left_by_its_boundary",
        ),
        "exclusiveGateway": (
            "gateways",
            "an_exclusive_gateway_takes_the_first_true_flow_in_document_order",
        ),
        "parallelGateway": (
            "gateways",
            "a_join_in_a_loop_waits_for_both_in_every_order_and_loses_no_write",
        ),
        "inclusiveGateway": (
            "gateways",
            "an_inclusive_join_waits_for_exactly_the_branches_that_were_taken",
        ),
        "eventBasedGateway": (
            "gateways",
            "an_event_based_gateway_goes_on_with_the_first_event_only",
        ),
        "startEvent": ("links_and_starts", "each_start_event_begins_an_instance_of_its_own"),
        "endEvent": ("gateways", "terminate_of_the_process_ends_it"),
        "boundaryEvent": ("events", "boundary_messages_interrupt_or_not"),
        "intermediateCatchEvent": (
            "events",
            "a_timer_event_waits_for_its_time_fixed_when_it_was_reached",
        ),
        "intermediateThrowEvent": ("elements", "a_throw_event_without_definition_passes"),
        "messageEventDefinition": ("events", "a_message_reaches_the_instance_whose_key_it_has"),
        "timerEventDefinition": (
            "events",
            "a_timer_event_waits_for_its_time_fixed_when_it_was_reached",
        ),
        "signalEventDefinition": ("events", "signals_reach_everybody_who_waits"),
        "errorEventDefinition": ("errors", "an_error_is_caught_by_its_code_before_catch_all"),
        "escalationEventDefinition": (
            "errors",
            "an_escalation_that_does_not_interrupt_lets_both_go_on",
        ),
        "terminateEventDefinition": ("gateways", "terminate_of_the_process_ends_it"),
        "compensateEventDefinition": (
            "compensation",
            "what_was_completed_is_undone_in_reverse_order",
        ),
        "cancelEventDefinition": (
            "compensation",
            "a_cancelled_transaction_is_undone_and_left_by_its_boundary",
        ),
        "linkEventDefinition": (
            "links_and_starts",
            "a_link_leads_to_its_catch_from_several_places",
        ),
        "conditionalEventDefinition": (
            "conditions",
            "a_catch_event_waits_until_its_condition_is_true",
        ),
        "condition": ("conditions", "a_catch_event_waits_until_its_condition_is_true"),
        "eventDefinitionRef": (
            "links_and_starts",
            "events_may_refer_to_definitions_beside_the_processes",
        ),
        "timeDate": ("events", "a_date_needs_an_offset_or_zone"),
        "timeDuration": ("events", "a_timer_event_waits_for_its_time_fixed_when_it_was_reached"),
        "timeCycle": ("starts", "a_timer_starts_instances_and_plans_the_next"),
        "message": ("events", "a_message_reaches_the_instance_whose_key_it_has"),
        "signal": ("events", "signals_reach_everybody_who_waits"),
        "error": ("errors", "an_error_is_caught_by_its_code_before_catch_all"),
        "escalation": ("errors", "an_escalation_that_does_not_interrupt_lets_both_go_on"),
        "multiInstanceLoopCharacteristics": (
            "activities",
            "children_are_rows_and_outputs_stand_in_input_order",
        ),
        "completionCondition": ("activities", "a_completion_condition_cancels_the_rest"),
        "loopCardinality": ("behaviours", "a_number_makes_so_many_instances"),
        "loopDataInputRef": ("behaviours", "a_collection_of_bpmn_alone_is_read_and_written"),
        "loopDataOutputRef": ("behaviours", "a_collection_of_bpmn_alone_is_read_and_written"),
        "inputDataItem": ("behaviours", "a_collection_of_bpmn_alone_is_read_and_written"),
        "outputDataItem": ("behaviours", "a_collection_of_bpmn_alone_is_read_and_written"),
        "complexBehaviorDefinition": (
            "behaviours",
            "a_complex_behaviour_tells_when_its_condition_holds",
        ),
        "event": ("behaviours", "a_complex_behaviour_tells_when_its_condition_holds"),
        "oneBehaviorEventRef": (
            "behaviours",
            "a_behaviour_tells_its_edge_as_often_as_it_says_and_goes_on",
        ),
        "noneBehaviorEventRef": (
            "behaviours",
            "a_behaviour_tells_its_edge_as_often_as_it_says_and_goes_on",
        ),
        "standardLoopCharacteristics": (
            "loops",
            "a_loop_goes_on_while_its_condition_holds_so_often_at_most",
        ),
        "loopCondition": (
            "loops",
            "a_condition_that_is_null_is_an_incident_and_asks_again_after_a_retry",
        ),
        "complexGateway": (
            "complex_gateways",
            "a_split_takes_every_flow_whose_condition_holds_else_the_default",
        ),
        "activationCondition": (
            "complex_gateways",
            "a_condition_that_is_null_is_an_incident_and_asks_again_after_a_retry",
        ),
        "adHocSubProcess": ("ad_hoc", "all_begin_at_once_and_it_is_done_when_all_are"),
        "globalTask": ("data", "a_call_of_a_plain_global_task_is_that_task"),
        "globalUserTask": ("data", "a_call_of_a_global_user_task_is_that_user_task"),
        "globalManualTask": ("data", "a_call_of_a_plain_global_task_is_that_task"),
        "globalScriptTask": ("data", "a_call_of_a_global_script_repeats_and_maps_as_the_call_says"),
        "globalBusinessRuleTask": ("elements", "a_call_of_a_global_business_rule_is_that_decision"),
        "ioSpecification": ("data", "a_data_object_is_read_by_the_next_one"),
        "dataInput": ("data", "a_data_object_is_read_by_the_next_one"),
        "dataOutput": ("data", "an_event_moves_its_own_data"),
        "assignment": ("data", "a_transformation_and_assignments_are_feel"),
        "transformation": ("data", "a_transformation_and_assignments_are_feel"),
        "from": ("data", "a_transformation_and_assignments_are_feel"),
        "to": ("data", "a_transformation_and_assignments_are_feel"),
    }
)
#: position and kind of an event -> module and sentence
EVENTS = MappingProxyType(
    {
        ("startEvent", "none"): (
            "activities",
            "a_called_process_is_a_row_and_its_variables_come_back",
        ),
        ("startEvent", "message"): ("starts", "a_message_starts_one_live_instance_per_key"),
        ("startEvent", "timer"): ("starts", "a_timer_starts_instances_and_plans_the_next"),
        ("startEvent", "signal"): ("starts", "a_signal_starts_an_instance"),
        ("startEvent", "multiple"): (
            "links_and_starts",
            "any_part_of_a_multiple_start_event_begins_an_instance",
        ),
        ("intermediateCatchEvent", "message"): (
            "events",
            "a_message_reaches_the_instance_whose_key_it_has",
        ),
        ("intermediateCatchEvent", "timer"): (
            "events",
            "a_timer_event_waits_for_its_time_fixed_when_it_was_reached",
        ),
        ("intermediateCatchEvent", "signal"): ("events", "signals_reach_everybody_who_waits"),
        ("intermediateCatchEvent", "conditional"): (
            "conditions",
            "a_catch_event_waits_until_its_condition_is_true",
        ),
        ("intermediateCatchEvent", "link"): (
            "links_and_starts",
            "a_link_leads_to_its_catch_from_several_places",
        ),
        ("intermediateCatchEvent", "multiple"): (
            "links_and_starts",
            "all_parts_of_a_parallel_multiple_event_are_needed",
        ),
        ("intermediateThrowEvent", "none"): ("elements", "a_throw_event_without_definition_passes"),
        ("intermediateThrowEvent", "message"): (
            "elements",
            "sending_is_a_job_and_goes_on_when_it_is_done",
        ),
        ("intermediateThrowEvent", "signal"): ("events", "signals_reach_everybody_who_waits"),
        ("intermediateThrowEvent", "escalation"): (
            "event_subprocesses",
            "an_escalation_reaches_the_event_sub_process_of_its_scope",
        ),
        ("intermediateThrowEvent", "compensate"): (
            "compensation",
            "what_was_completed_is_undone_in_reverse_order",
        ),
        ("intermediateThrowEvent", "link"): (
            "links_and_starts",
            "a_link_leads_to_its_catch_from_several_places",
        ),
        ("intermediateThrowEvent", "multiple"): (
            "links_and_starts",
            "a_multiple_throw_throws_all_its_parts",
        ),
        ("boundaryEvent", "message"): ("events", "boundary_messages_interrupt_or_not"),
        ("boundaryEvent", "timer"): (
            "activities",
            "a_boundary_timer_interrupts_a_sub_process_with_all_inside",
        ),
        ("boundaryEvent", "signal"): (
            "events",
            "a_signal_end_event_broadcasts_and_a_boundary_signal_interrupts",
        ),
        ("boundaryEvent", "error"): ("errors", "an_error_is_caught_by_its_code_before_catch_all"),
        ("boundaryEvent", "escalation"): (
            "errors",
            "an_escalation_that_does_not_interrupt_lets_both_go_on",
        ),
        ("boundaryEvent", "cancel"): (
            "compensation",
            "a_cancelled_transaction_is_undone_and_left_by_its_boundary",
        ),
        ("boundaryEvent", "compensate"): (
            "compensation",
            "what_was_completed_is_undone_in_reverse_order",
        ),
        ("boundaryEvent", "conditional"): (
            "conditions",
            "a_boundary_event_fires_on_each_change_to_true",
        ),
        ("boundaryEvent", "multiple"): (
            "links_and_starts",
            "a_parallel_multiple_boundary_event_gathers_again",
        ),
        ("endEvent", "none"): ("activities", "a_sub_process_is_a_scope"),
        ("endEvent", "message"): ("elements", "a_message_end_is_a_job_that_ends_the_path"),
        ("endEvent", "signal"): (
            "events",
            "a_signal_end_event_broadcasts_and_a_boundary_signal_interrupts",
        ),
        ("endEvent", "error"): ("errors", "an_error_is_caught_by_its_code_before_catch_all"),
        ("endEvent", "escalation"): ("errors", "an_escalation_end_event_ends_its_path"),
        ("endEvent", "terminate"): ("gateways", "terminate_ends_its_own_scope_only"),
        ("endEvent", "cancel"): (
            "compensation",
            "a_cancelled_transaction_is_undone_and_left_by_its_boundary",
        ),
        ("endEvent", "compensate"): ("compensation", "one_activity_can_be_named"),
        ("endEvent", "multiple"): ("elements", "a_multiple_end_throws_all_its_parts"),
        ("startEvent of an event sub-process", "message"): (
            "event_subprocesses",
            "messages_start_it_as_often_as_they_come_when_it_does_not_interrupt",
        ),
        ("startEvent of an event sub-process", "timer"): (
            "event_subprocesses",
            "an_interrupting_timer_ends_all_else_of_the_process",
        ),
        ("startEvent of an event sub-process", "signal"): (
            "event_subprocesses",
            "a_signal_reaches_its_own_instance_once",
        ),
        ("startEvent of an event sub-process", "error"): (
            "event_subprocesses",
            "an_error_is_caught_inside_before_it_reaches_the_edge",
        ),
        ("startEvent of an event sub-process", "escalation"): (
            "event_subprocesses",
            "an_escalation_reaches_the_event_sub_process_of_its_scope",
        ),
        ("startEvent of an event sub-process", "compensate"): (
            "compensation",
            "a_compensation_event_sub_process_undoes_its_sub_process",
        ),
        ("startEvent of an event sub-process", "conditional"): (
            "event_subprocesses",
            "a_condition_starts_it",
        ),
        ("startEvent of an event sub-process", "multiple"): (
            "elements",
            "any_part_starts_an_event_sub_process",
        ),
    }
)

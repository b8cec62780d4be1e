"""What a server says about workflows, and what stands in it."""

from typing import Any, assert_type

from inference_api import Unset, models

from inference_ext import WorkflowBlocks, WorkflowInterface, WorkflowValidation


def workflow_blocks(result: WorkflowBlocks) -> None:
    assert_type(result.blocks, list[models.BlockDescription])
    assert_type(result.declared_kinds, list[models.Kind])
    assert_type(result.kinds_connections, dict[str, list[models.ExternalWorkflowsBlockSelectorDefinition]])
    assert_type(result.primitives_connections, list[models.ExternalBlockPropertyPrimitiveDefinition])
    assert_type(result.universal_query_language_description, models.UniversalQueryLanguageDescription)
    assert_type(result.dynamic_block_definition_schema, dict[str, Any])
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(WorkflowBlocks.from_dict({}), WorkflowBlocks)


def workflow_interface(result: WorkflowInterface) -> None:
    assert_type(result.inputs, dict[str, list[str]])
    assert_type(result.outputs, dict[str, dict[str, list[str]] | list[str]])
    assert_type(result.typing_hints, dict[str, str])
    assert_type(result.kinds_schemas, dict[str, dict[str, Any] | list[dict[str, Any]]])
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(WorkflowInterface.from_dict({}), WorkflowInterface)


def workflow_validation(result: WorkflowValidation) -> None:
    assert_type(result.status, str)
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(WorkflowValidation.from_dict({}), WorkflowValidation)


def block_description(model: models.BlockDescription) -> None:
    assert_type(model.block_schema, dict[str, Any])
    assert_type(model.outputs_manifest, list[models.OutputDefinition])
    assert_type(model.block_source, str)
    assert_type(model.fully_qualified_block_class_name, str)
    assert_type(model.human_friendly_block_name, str)
    assert_type(model.manifest_type_identifier, str)
    assert_type(model.input_dimensionality_offsets, dict[str, int])
    assert_type(model.dimensionality_reference_property, None | str)
    assert_type(model.output_dimensionality_offset, int)
    assert_type(model.manifest_type_identifier_aliases, list[str] | Unset)
    assert_type(model.execution_engine_compatibility, None | str | Unset)
    assert_type(model.restrictions, list[dict[str, Any]] | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.BlockDescription.from_dict({}), models.BlockDescription)


def external_block_property_primitive_definition(model: models.ExternalBlockPropertyPrimitiveDefinition) -> None:
    assert_type(model.manifest_type_identifier, str)
    assert_type(model.property_name, str)
    assert_type(model.property_description, str)
    assert_type(model.type_annotation, str)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(
        models.ExternalBlockPropertyPrimitiveDefinition.from_dict({}), models.ExternalBlockPropertyPrimitiveDefinition
    )


def external_operation_description(model: models.ExternalOperationDescription) -> None:
    assert_type(model.operation_type, str)
    assert_type(model.compound, bool)
    assert_type(model.input_kind, list[str])
    assert_type(model.output_kind, list[str])
    assert_type(model.nested_operation_input_kind, list[str] | None | Unset)
    assert_type(model.nested_operation_output_kind, list[str] | None | Unset)
    assert_type(model.description, None | str | Unset)
    assert_type(model.property_name_options, list[str] | None | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.ExternalOperationDescription.from_dict({}), models.ExternalOperationDescription)


def external_operator_description(model: models.ExternalOperatorDescription) -> None:
    assert_type(model.operator_type, str)
    assert_type(model.operands_number, int)
    assert_type(model.operands_kinds, list[list[str]])
    assert_type(model.description, None | str | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.ExternalOperatorDescription.from_dict({}), models.ExternalOperatorDescription)


def external_workflows_block_selector_definition(model: models.ExternalWorkflowsBlockSelectorDefinition) -> None:
    assert_type(model.manifest_type_identifier, str)
    assert_type(model.property_name, str)
    assert_type(model.property_description, str)
    assert_type(model.compatible_element, str)
    assert_type(model.is_list_element, bool)
    assert_type(model.is_dict_element, bool)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(
        models.ExternalWorkflowsBlockSelectorDefinition.from_dict({}), models.ExternalWorkflowsBlockSelectorDefinition
    )


def kind(model: models.Kind) -> None:
    assert_type(model.name, str)
    assert_type(model.description, None | str | Unset)
    assert_type(model.docs, None | str | Unset)
    assert_type(model.serialised_data_type, None | str | Unset)
    assert_type(model.internal_data_type, None | str | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.Kind.from_dict({}), models.Kind)


def output_definition(model: models.OutputDefinition) -> None:
    assert_type(model.name, str)
    assert_type(model.kind, list[models.Kind] | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.OutputDefinition.from_dict({}), models.OutputDefinition)


def universal_query_language_description(model: models.UniversalQueryLanguageDescription) -> None:
    assert_type(model.operations_description, list[models.ExternalOperationDescription])
    assert_type(model.operators_descriptions, list[models.ExternalOperatorDescription])
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.UniversalQueryLanguageDescription.from_dict({}), models.UniversalQueryLanguageDescription)

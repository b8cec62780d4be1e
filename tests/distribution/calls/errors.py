"""What errors carry, and how they are caught."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_type

from inference_ext import (
    APIKeyNotProvided,
    BlockTraceback,
    ClientClosedError,
    EncodingError,
    FeatureDeprecatedError,
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InferenceHTTPClient,
    InvalidInputFormatError,
    InvalidModelIdentifier,
    InvalidParameterError,
    InvalidResponseError,
    InvalidURLImageInput,
    MissingDependencyError,
    ModelNotInitializedError,
    ModelNotSelectedError,
    ModelTaskTypeNotSupportedError,
    RequestTimeoutError,
    ServerVersionError,
    URLAddressNotAllowedError,
    WorkflowBlockError,
    WrongClientModeError,
)

OF_THE_CALLER = (
    APIKeyNotProvided,
    InvalidInputFormatError,
    InvalidModelIdentifier,
    InvalidParameterError,
    InvalidURLImageInput,
    MissingDependencyError,
    ModelNotSelectedError,
    URLAddressNotAllowedError,
    WrongClientModeError,
)
OF_THE_SERVER = (
    EncodingError,
    FeatureDeprecatedError,
    InvalidResponseError,
    ModelNotInitializedError,
    ModelTaskTypeNotSupportedError,
    ServerVersionError,
)


def caught(client: InferenceHTTPClient) -> None:
    try:
        client.infer("a.jpg")
    except (ClientClosedError, RequestTimeoutError) as error:
        lost: HTTPServerConnectionError = error
        assert_type(lost.input_index, int | None)
    except OF_THE_CALLER + OF_THE_SERVER as error:
        other: HTTPClientError = error
        assert_type(other.input_index, int | None)
    except HTTPCallErrorError as error:
        assert_type(error, HTTPCallErrorError)
        assert_type(error.status_code, int)


def with_parents_of_python(error: HTTPClientError) -> None:
    timeout: TimeoutError = RequestTimeoutError("late")
    value: ValueError = InvalidParameterError("bad")
    missing: ImportError = MissingDependencyError("none")
    assert_type(str(timeout) + str(value) + str(missing) + str(error), str)


def of_any_kind(error: HTTPClientError) -> None:
    assert_type(error.input_index, int | None)
    assert_type(error.finished_results, Mapping[int, Any])
    error.locate(input_index=3, finished_results={})


def of_another_version(error: ServerVersionError) -> None:
    assert_type(
        ServerVersionError(
            description="too old",
            server_version="0.58.3",
            route="POST /infer/lmm",
            parameter="max_new_tokens",
            since="1.8.3",
            until=None,
        ),
        ServerVersionError,
    )
    assert_type(error.description, str)
    assert_type(error.server_version, str)
    assert_type(error.route, str)
    assert_type(error.parameter, str | None)
    assert_type(error.since, str | None)
    assert_type(error.until, str | None)


def of_the_server(error: HTTPCallErrorError, problem: WorkflowBlockError, failure: BlockTraceback) -> None:
    assert_type(
        HTTPCallErrorError(description="POST /infer", status_code=500, api_message="no", request_id="r"),
        HTTPCallErrorError,
    )
    assert_type(error.description, str)
    assert_type(error.status_code, int)
    assert_type(error.api_message, str | None)
    assert_type(error.request_id, str | None)
    assert_type(error.retry_after, float | None)
    assert_type(error.help_url, str | None)
    assert_type(error.blocks_errors, Sequence[WorkflowBlockError])
    assert_type(problem.block_id, str | None)
    assert_type(problem.block_type, str | None)
    assert_type(problem.block_details, str | None)
    assert_type(problem.property_name, str | None)
    assert_type(problem.property_details, str | None)
    assert_type(problem.block_traceback, BlockTraceback | None)
    assert_type(failure.traceback, str | None)
    assert_type(failure.error_line, int | None)
    assert_type(failure.code_snippet, str | None)
    assert_type(failure.stdout, str | None)
    assert_type(failure.stderr, str | None)

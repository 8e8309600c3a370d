using Microsoft.OpenApi;

namespace Kuid.Contract.Tests;

/// <summary>Contracts of a few lines, to break one rule at a time with.</summary>
internal static class SmallContract
{
    /// <summary>One operation of each sort of answer.</summary>
    internal static HttpContract Things { get; } = HttpContract.Read("""
        openapi: 3.0.3
        info: {title: Things, version: 1.0.0}
        paths:
          /things:
            post:
              operationId: makeThing
              responses:
                "201":
                  description: Made.
                  headers:
                    Location: {required: true, schema: {type: string}}
                    Retry-After: {required: true, schema: {type: integer, format: int32, minimum: 0}}
                    Kuid-Offset: {schema: {type: integer, format: int64}}
                    Kuid-Truncated: {schema: {type: boolean}}
                  content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
                "409":
                  description: Not now.
                  content:
                    application/problem+json:
                      schema: {$ref: "#/components/schemas/Problem"}
                      examples: {taken: {value: {}}, closed: {value: {}}}
          /things/{id}:
            get:
              operationId: getThing
              responses:
                "200":
                  description: The bytes.
                  content: {application/octet-stream: {schema: {type: string, format: binary}}}
            delete:
              operationId: deleteThing
              responses:
                "204": {description: Gone.}
          /things/last:
            get:
              operationId: getLastThing
              responses:
                "204": {description: None.}
        components:
          schemas:
            Thing:
              type: object
              additionalProperties: false
              required: [id]
              properties: {id: {type: integer, format: int64}}
            Problem:
              type: object
              additionalProperties: false
              required: [status, code]
              properties: {status: {type: integer, format: int32}, code: {type: string}}
        """);

    /// <summary>A schema, written in YAML on one line; it can refer to <c>Switch</c>.</summary>
    internal static IOpenApiSchema Schema(string flow) => HttpContract.Read($$"""
        openapi: 3.0.3
        info: {title: One schema, version: 1.0.0}
        paths: {}
        components:
          schemas:
            Switch: {type: string, enum: [up, down]}
            One: {{flow}}
        """).Schemas["One"];
}

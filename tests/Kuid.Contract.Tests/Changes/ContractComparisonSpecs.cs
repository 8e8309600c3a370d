using Kuid.ContractChanges;

namespace Kuid.Contract.Tests.Changes;

/// <summary>Each way to break clients is found, and what breaks none is not said to.</summary>
public sealed class ContractComparisonSpecs
{
    private const string Contract = """
        openapi: 3.0.3
        info: {title: Things, version: 1.0.0}
        paths:
          /things:
            post:
              operationId: makeThing
              parameters:
                - {name: wait, in: query, schema: {type: number, maximum: 60}}
                - {name: loud, in: query, required: false, schema: {type: boolean}}
              requestBody:
                required: false
                content: {application/json: {schema: {$ref: "#/components/schemas/Wish"}}}
              responses:
                "201":
                  description: Made.
                  headers:
                    Location: {required: true, schema: {type: string}}
                  content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
                "409": {description: Not now.}
          /things/{id}:
            parameters:
              - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
            get:
              operationId: getThing
              responses:
                "200":
                  description: The bytes.
                  content: {application/octet-stream: {schema: {type: string, format: binary}}}
        components:
          schemas:
            Wish:
              type: object
              additionalProperties: false
              required: [name]
              properties:
                name: {type: string, minLength: 1, maxLength: 20, pattern: "^[a-z]+$"}
                colour: {type: string, nullable: true, enum: [red, blue]}
                sizes: {type: array, minItems: 1, maxItems: 9, items: {type: integer, format: int32}}
                more: {type: object, maxProperties: 5, additionalProperties: {type: string}}
            Thing:
              type: object
              additionalProperties: false
              required: [id, parts]
              properties:
                id: {type: integer, format: int64}
                state: {type: string, enum: [whole, broken]}
                parts: {type: array, items: {$ref: "#/components/schemas/Thing"}}
                note: {type: string, nullable: true}
        """;

    [Fact]
    public void Nothing_breaks_what_has_not_changed() => Between(Contract, Contract).Should().BeEmpty();

    [Theory]
    [InlineData("operationId: getThing", "operationId: fetchThing", "GET /things/{id}: operationId: getThing is fetchThing now")]
    [InlineData("  /things/{id}:\n", "  /stuff/{id}:\n", "GET /things/{id}: the operation is gone")]
    [InlineData("{name: wait, in: query, ", "{name: hold, in: query, ", "POST /things: query wait: the parameter is gone, and the daemon refuses those that it does not know")]
    [InlineData("required: false, schema: {type: boolean}", "required: true, schema: {type: boolean}", "POST /things: query loud: the parameter is required now")]
    [InlineData("maximum: 60", "maximum: 30", "POST /things: query wait: maximum 60 is 30 now")]
    [InlineData("schema: {type: integer, minimum: 1}", "schema: {type: integer, minimum: 2}", "GET /things/{id}: path id: minimum 1 is 2 now")]
    [InlineData("schema: {type: integer, minimum: 1}", "schema: {type: string}", "GET /things/{id}: path id: integer is string now")]
    [InlineData("required: false\n", "required: true\n", "POST /things: request: a body is required now")]
    [InlineData("\"201\":", "\"200\":", "POST /things: 201: the answer is gone", "POST /things: 200: the answer is new, and generated clients take it for a failure")]
    [InlineData("Location: {required: true", "Place: {required: true", "POST /things: 201 Location: the header is gone")]
    [InlineData("Location: {required: true", "Location: {required: false", "POST /things: 201 Location: the header is not always there any more")]
    [InlineData("application/octet-stream", "text/plain", "GET /things/{id}: 200: application/octet-stream is gone")]
    [InlineData("required: [name]", "required: [name, colour]", "POST /things: request/colour: the member is required now")]
    [InlineData("sizes: {type: array, ", "size: {type: array, ", "POST /things: request/sizes: the member is gone")]
    [InlineData("minLength: 1", "minLength: 2", "POST /things: request/name: minLength 1 is 2 now")]
    [InlineData("maxLength: 20", "maxLength: 19", "POST /things: request/name: maxLength 20 is 19 now")]
    [InlineData("pattern: \"^[a-z]+$\"", "pattern: \"^[a-m]+$\"", "POST /things: request/name: the pattern is ^[a-m]+$ now")]
    [InlineData("nullable: true, enum", "enum", "POST /things: request/colour: null is not allowed any more")]
    [InlineData("[red, blue]", "[red]", "POST /things: request/colour: \"blue\" is not allowed any more")]
    [InlineData("minItems: 1", "minItems: 2", "POST /things: request/sizes: minItems 1 is 2 now")]
    [InlineData("maxItems: 9", "maxItems: 8", "POST /things: request/sizes: maxItems 9 is 8 now")]
    [InlineData("format: int32", "format: int64", "POST /things: request/sizes[]: the format int32 is int64 now")]
    [InlineData("maxProperties: 5", "maxProperties: 4", "POST /things: request/more: maxProperties 5 is 4 now")]
    [InlineData("additionalProperties: {type: string}", "additionalProperties: {type: integer}", "POST /things: request/more/*: string is integer now")]
    [InlineData("required: [id, parts]", "required: [id]", "POST /things: 201/parts: the member is not always there any more")]
    [InlineData("[whole, broken]", "[whole, broken, lost]", "POST /things: 201/state: \"lost\" is a value that there was not")]
    [InlineData("id: {type: integer, format: int64}", "id: {type: integer, format: int64, nullable: true}", "POST /things: 201/id: it can be null now")]
    [InlineData("note: {type: string, nullable: true}", "remark: {type: string, nullable: true}", "POST /things: 201/note: the member is gone")]
    public void What_breaks_clients_is_found_and_named(string before, string after, params string[] expected)
    {
        Contract.Should().Contain(before);

        Between(Contract, Contract.Replace(before, after, StringComparison.Ordinal)).Should().Equal(expected);
    }

    [Theory]
    [InlineData("{name: wait, in: query, ", "{name: why, in: query, schema: {type: string}}\n        - {name: wait, in: query, ", "a new parameter that nobody has to give")]
    [InlineData("maximum: 60", "maximum: 90", "more is allowed")]
    [InlineData("schema: {type: number, maximum: 60}", "schema: {type: number}", "everything is allowed")]
    [InlineData("\"409\": {description: Not now.}", "\"429\": {description: Not now.}", "an error is an error")]
    [InlineData("required: [name]", "required: []", "less is demanded")]
    [InlineData("[red, blue]", "[red, blue, green]", "more words are understood")]
    [InlineData("[whole, broken]", "[whole]", "fewer words are said")]
    [InlineData("note: {type: string, nullable: true}", "note: {type: string}", "it is always said")]
    [InlineData("note: {type", "extra: {type: string}\n        note: {type", "more is said")]
    [InlineData("pattern: \"^[a-z]+$\"", "description: Free.", "any name is allowed")]
    public void What_breaks_no_client_is_not_said_to(string before, string after, string because)
    {
        Contract.Should().Contain(before);

        Between(Contract, Contract.Replace(before, after, StringComparison.Ordinal)).Should().BeEmpty(because);
    }

    [Fact]
    public void A_new_parameter_or_member_that_is_required_breaks()
    {
        string parameter = Contract.Replace(
            "    - {name: wait,", "    - {name: why, in: query, required: true, schema: {type: string}}\n        - {name: wait,", StringComparison.Ordinal);
        string member = Contract.Replace("required: [name]\n", "required: [name, why]\n", StringComparison.Ordinal)
            .Replace("        name: {type", "        why: {type: string}\n        name: {type", StringComparison.Ordinal);

        Between(Contract, parameter).Should().Equal("POST /things: query why: the parameter is new and required");
        Between(Contract, member).Should().Equal("POST /things: request/why: the member is new and required");
    }

    [Fact]
    public void The_contract_of_the_project_breaks_nothing_of_itself()
    {
        HttpContract own = HttpContract.OfRepository;

        ContractComparison.Of(own, own).Should().BeEmpty();
    }

    [Fact]
    public void Every_keyword_that_a_schema_may_have_is_compared()
    {
        // Each with the change of the contract above that shows it; those of exclusive bounds go the way of the inclusive ones.
        string[] shown =
        [
            "type", "nullable", "enum", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
            "items", "minItems", "maxItems", "properties", "required", "additionalProperties", "maxProperties",
        ];

        SchemaCheck.Keywords.Should().BeEquivalentTo(shown, "a keyword that is new here wants a comparison there");
    }

    private static IEnumerable<string> Between(string older, string newer) =>
        ContractComparison.Of(HttpContract.Read(older), HttpContract.Read(newer)).Select(change => change.ToString());
}

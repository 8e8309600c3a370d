using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/commands</c>: what pipelines can be made of.</summary>
internal static class ListCommands
{
    internal static Task HandleAsync(HttpContext context) =>
        context.Response.WriteJsonAsync(new CommandListJson([.. CommandTable.All.Select(JsonOf)]), ApiJson.Answers.CommandListJson);

    private static CommandJson JsonOf(Command command) => new()
    {
        Name = command.Name,
        Synopsis = command.Help.Synopsis,
        Summary = command.Help.Summary,
        Remarks = command.Help.Remarks,
        Options = [.. command.Help.Options.Select(option => new CommandOptionJson(option.Option, option.Meaning))],
        Columns = JsonOf(command.Help.Columns),
        OnDemand = JsonOf(command.Help.OnDemand),
        ColumnsRemark = command.Help.ColumnsRemark,
        Examples = command.Help.Examples,
    };

    private static ColumnJson[] JsonOf(IReadOnlyList<Column> columns) =>
        [.. columns.Select(column => new ColumnJson(column.Name, Words<ValueKind>.Of(column.Kind)))];
}

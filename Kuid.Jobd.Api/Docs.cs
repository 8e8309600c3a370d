using System.IO.Compression;
using System.Reflection;

namespace Kuid.Jobd.Api;

/// <summary>
/// The page that shows the contract: Swagger UI out of the package Swashbuckle.AspNetCore.SwaggerUI, whose files are resources
/// of its assembly, compressed with gzip. The package's own middleware is not used: it would be made for every daemon and asked at
/// every request, and its page has scripts within. Here nothing is loaded before the first request for the page.
/// </summary>
internal static class Docs
{
    /// <summary>
    /// What the page may do: run and show what this daemon serves, and ask this daemon. No other host, no frame around it, no script
    /// within the page. The styles that Swagger UI sets on its elements need <c>unsafe-inline</c>, and its symbols are <c>data:</c>.
    /// </summary>
    internal const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal const string Page = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Kuid</title>
        <link rel="stylesheet" href="/docs/style.css">
        </head>
        <body>
        <div id="contract"></div>
        <script src="/docs/script.js"></script>
        <script src="/docs/start.js"></script>
        </body>
        </html>

        """;

    /// <summary>Shows the contract of the daemon that serves the page; nothing is asked of validators elsewhere.</summary>
    internal const string Start = """
        SwaggerUIBundle({
          url: '/openapi.yaml',
          dom_id: '#contract',
          deepLinking: true,
          docExpansion: 'none',
          validatorUrl: null,
          presets: [SwaggerUIBundle.presets.apis],
        });

        """;

    /// <summary>A file of the package, compressed.</summary>
    internal static Stream Open(string file) =>
        Package().GetManifestResourceStream($"Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.{file}")
        ?? throw new InvalidOperationException($"the package of Swagger UI has no {file}");

    /// <summary>The same as it is.</summary>
    internal static Stream OpenPlain(string file) => new GZipStream(Open(file), CompressionMode.Decompress);

    private static Assembly Package() => typeof(Swashbuckle.AspNetCore.SwaggerUI.SwaggerUIOptions).Assembly;
}

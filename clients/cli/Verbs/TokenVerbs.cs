using System.CommandLine;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid token</c>: who may do what over TCP. It changes files of the data folder and asks no daemon.</summary>
internal static class TokenVerbs
{
    private const string Details =
        "Tokens are files in DIR/tokens, so these verbs are for the daemon's user and root, on its machine. A daemon that runs looks at "
        + "the folder whenever a token is presented: what is done here is in force at once. A file has the token's SHA-256 only; the token "
        + "itself is printed once, when it is made. DIR/token, which may do everything, is the daemon's own and none of these.";

    /// <summary>The verb with its verbs.</summary>
    internal static Verb Create()
    {
        var data = new Option<string?>("--data") { Description = "The daemon's data folder. Default: as above.", HelpName = "DIR", Recursive = true };
        return new Verb("token", "Make, list, renew and revoke tokens for TCP.", Details)
        {
            Subcommands = { Make(data), List(data), Rotate(data), Revoke(data) },
        };
    }

    private static Verb Make(Option<string?> data)
    {
        Argument<string> name = Name("What the token is called; its principal is token:NAME.");
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do: read, run, admin, or run:SERVICE; may come several times.",
            HelpName = "SCOPE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        var expires = new Option<string?>("--expires") { Description = "How long it is valid: 90s, 10m, 2h, 30d. Default: for ever.", HelpName = "DURATION" };
        var verb = new Verb("create", "Make a token and print it, the only time.", "read looks at everything, run submits and acts too, admin does everything; run:SERVICE calls one service and nothing else.")
        {
            Arguments = { name },
            Options = { scopes, expires, data },
        };
        verb.SetAction(words => Locked(words, data, folder =>
        {
            string called = words.GetRequiredValue(name);
            ScopeSet allowed = ReadScopes(words.GetValue(scopes));
            if (folder.Read(called) is not null)
            {
                throw new FailureException($"there is a token \"{called}\" already; kuid token rotate makes it anew, kuid token revoke ends it");
            }

            DateTime now = DateTime.UtcNow;
            (string text, TokenKey key) = NewKey(now, End(now, "--expires", words.GetValue(expires)));
            folder.Write(new NamedToken(called, allowed, [key]));
            Printer.Print(text + "\n");
        }));
        return verb;
    }

    private static Verb List(Option<string?> data)
    {
        Option<string?> output = Operands.Output("table");
        var verb = new Verb("ls", "List the tokens; none is shown.") { Options = { output, data } };
        verb.SetAction(words =>
        {
            OutputFormat format = Operands.ReadFormat(words.GetValue(output)) ?? OutputFormat.Table;
            TokenFolder folder = Open(words, data);
            Printer.PrintList([.. folder.Names.Select(name => Describe(folder, name)).OfType<JsonElement>()], TokenListing.Listing, format);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Verb Rotate(Option<string?> data)
    {
        Argument<string> name = Name("The token.");
        var overlap = new Option<string?>("--overlap") { Description = "How long the old one is valid beside the new one. Default: not at all.", HelpName = "DURATION" };
        var expires = new Option<string?>("--expires") { Description = "How long the new one is valid. Default: as long as the old one was made for.", HelpName = "DURATION" };
        var verb = new Verb("rotate", "Make a token anew, with the same name and scopes, and print it.") { Arguments = { name }, Options = { overlap, expires, data } };
        verb.SetAction(words => Locked(words, data, folder =>
        {
            NamedToken token = Find(folder, words.GetRequiredValue(name));
            DateTime now = DateTime.UtcNow;
            TokenKey newest = token.Keys[0];
            DateTime? end = words.GetValue(expires) is { } duration ? End(now, "--expires", duration)
                : newest is { ExpiresAt: { } expiry, CreatedAt: { } creation } ? now + (expiry - creation)
                : newest.ExpiresAt;
            DateTime overlapEnd = now.AddSeconds(Quantity.ReadSeconds("--overlap", words.GetValue(overlap), zero: true) ?? 0);
            (string text, TokenKey key) = NewKey(now, end);
            folder.Write(token with { Keys = [key, .. token.Keys.Select(old => old.Until(overlapEnd)).Where(old => !old.IsExpired(now))] });
            Printer.Print(text + "\n");
        }));
        return verb;
    }

    private static Verb Revoke(Option<string?> data)
    {
        var names = new Argument<string[]>("NAME") { Description = "The tokens.", Arity = ArgumentArity.OneOrMore };
        var verb = new Verb("revoke", "End tokens, at once.") { Arguments = { names }, Options = { data } };
        verb.SetAction(words => Locked(words, data, folder =>
        {
            foreach (string name in words.GetRequiredValue(names))
            {
                if (!folder.Remove(name))
                {
                    throw new FailureException($"there is no token \"{name}\"");
                }
            }
        }));
        return verb;
    }

    private static Argument<string> Name(string description)
    {
        var name = new Argument<string>("NAME") { Description = description };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !ServiceName.IsValid(text))
            {
                throw new UsageException($"NAME \"{text}\": allowed: {ServiceName.Allowed}");
            }
        });
        return name;
    }

    private static NamedToken Find(TokenFolder folder, string name) => folder.Read(name) ?? throw new FailureException($"there is no token \"{name}\"");

    private static (string Text, TokenKey Key) NewKey(DateTime now, DateTime? end)
    {
        string text = TokenText.Make();
        return (text, TokenKey.OfText(text, now, end));
    }

    private static DateTime? End(DateTime now, string option, string? duration)
    {
        double? seconds = Quantity.ReadSeconds(option, duration);
        return seconds is null ? null
            : seconds <= TimeSpan.FromDays(36_500).TotalSeconds ? now.AddSeconds(seconds.Value)
            : throw new UsageException($"{option} \"{duration}\": allowed: at most 36500d");
    }

    private static ScopeSet ReadScopes(string[]? words)
    {
        try
        {
            return ScopeSet.Of(words ?? []);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--scope: {e.Message}");
        }
    }

    private static int Locked(ParseResult words, Option<string?> data, Action<TokenFolder> change)
    {
        TokenFolder folder = Open(words, data);
        return Told(() =>
        {
            using IDisposable held = folder.Lock();
            change(folder);
            return ExitCode.Ok;
        });
    }

    private static TokenFolder Open(ParseResult words, Option<string?> data)
    {
        string folder = Path.GetFullPath(words.GetValue(data) ?? DaemonAddress.DataFolder(Environment.GetEnvironmentVariable));
        return Told(() => LibcFiles.Identify(folder)) switch
        {
            null => throw new FailureException($"there is no data folder {folder}; --data names the daemon's"),
            { } found when LibcFiles.EffectiveUserId() is var user && user != 0 && user != found.OwnerId =>
                throw new FailureException($"the data folder {folder} is that of user {found.OwnerId}; run kuid token as that user"),
            _ => TokenFolder.Of(folder),
        };
    }

    private static T Told<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NativeException)
        {
            throw new FailureException(e.Message);
        }
    }

    private static JsonElement? Describe(TokenFolder folder, string name)
    {
        (NamedToken? token, string? problem) = Look(folder, name);
        if (token is null && problem is null)
        {
            return null;
        }

        DateTime now = DateTime.UtcNow;
        byte[] json = JsonBody.Of(writer =>
        {
            writer.WriteString("name", name);
            writer.WriteStartArray("scopes");
            foreach (string scope in token?.Scopes.Words ?? [])
            {
                writer.WriteStringValue(scope);
            }

            writer.WriteEndArray();
            writer.WriteString("state", problem ?? (token!.IsInClear ? "in clear: rotate it" : token.Keys.All(key => key.IsExpired(now)) ? "expired" : "valid"));
            writer.WriteNumber("keys", token?.Keys.Count(key => !key.IsExpired(now)) ?? 0);
            Write(writer, "createdAt", token?.Keys[0].CreatedAt);
            Write(writer, "expiresAt", token?.Keys[0].ExpiresAt);
        });
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static (NamedToken? Token, string? Problem) Look(TokenFolder folder, string name)
    {
        try
        {
            return (folder.Read(name), null);
        }
        catch (InvalidDataException e)
        {
            return (null, e.Message);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, DateTime? time)
    {
        if (time is { } moment)
        {
            json.WriteString(name, Quantity.Rfc3339(new DateTimeOffset(moment, TimeSpan.Zero)));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}

using System.Globalization;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Problems;
using Kuid.Sysreq.Grammar;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>Everything that is wrong with a body which is well-formed: all of it is told at once.</summary>
internal sealed class Mistakes
{
    private readonly List<ProblemError> _errors;
    private readonly string _place;

    internal Mistakes()
        : this([], JsonPointer.Root)
    {
    }

    private Mistakes(List<ProblemError> errors, string place)
    {
        _errors = errors;
        _place = place;
    }

    /// <summary>For what is a part of the body and has rules of its own: its mistakes are the body's, at places below that of the part.</summary>
    /// <param name="pointer">Where the part is.</param>
    internal Mistakes Under(string pointer) => new(_errors, _place + pointer);

    /// <summary>Adds one.</summary>
    /// <param name="pointer">Where (RFC 6901).</param>
    /// <param name="detail">What is wrong and what is allowed.</param>
    internal void Add(string pointer, string detail) => _errors.Add(new ProblemError(_place + pointer, detail));

    /// <summary>Adds one at a place within the text of a member.</summary>
    internal void Add(string pointer, string detail, SourcePosition place) =>
        _errors.Add(new ProblemError(_place + pointer, detail, place.Line, place.Column));

    /// <summary>All of them.</summary>
    internal IReadOnlyList<ProblemError> Errors => _errors;

    /// <summary>Ends the request when there is one.</summary>
    internal void ThrowIfAny() => ThrowIfAny(_errors);

    /// <summary>Ends the request when there is a mistake among these.</summary>
    internal static void ThrowIfAny(IReadOnlyList<ProblemError> errors)
    {
        if (errors is [var only])
        {
            string place = only.Line is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{only.Line}:{only.Column}: ");
            throw new ProblemException(ProblemCode.Invalid, $"{JsonPointer.Name(only.Pointer)}: {place}{only.Detail}", errors);
        }

        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemCode.Invalid, $"this cannot be run, for {errors.Count} reasons; errors has them", errors);
        }
    }
}

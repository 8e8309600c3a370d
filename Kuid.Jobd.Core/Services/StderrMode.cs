using System.Text.Json.Serialization;

namespace Kuid.Jobd.Core.Services;

/// <summary>Where a service's standard error goes.</summary>
public enum StderrMode
{
    /// <summary>Into its standard output.</summary>
    [JsonStringEnumMemberName("merge")]
    Merge,

    /// <summary>To the caller as a stream of its own where the call is framed; else to that of <c>kuid advertise</c>.</summary>
    [JsonStringEnumMemberName("separate")]
    Separate,
}

using System.Text.Json.Serialization;

namespace Kuid.Jobd.Core.Services;

/// <summary>What a parameter's value is.</summary>
public enum ParameterType
{
    /// <summary>Any text.</summary>
    [JsonStringEnumMemberName("string")]
    Text,

    /// <summary>A whole number in decimal.</summary>
    [JsonStringEnumMemberName("integer")]
    Integer,

    /// <summary>A number in decimal, with a point and an exponent or without.</summary>
    [JsonStringEnumMemberName("number")]
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    [JsonStringEnumMemberName("boolean")]
    Boolean,

    /// <summary>One of a list of words.</summary>
    [JsonStringEnumMemberName("choice")]
    Choice,
}
